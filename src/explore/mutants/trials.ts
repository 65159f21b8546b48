// SPDX-License-Identifier: GPL-2.0-only
/**
 * One changed kernel in one situation after another, up to the first violation. A situation in which the kernel as it is
 * shows a violation (there are designs that fail) says nothing of a change, and is left out.
 */
import { measured } from '../batch.js';
import { type CampaignOutcome, type createPool, isBroken, searchFirst } from '../campaign.js';
import { reportFinding } from '../finding_report.js';
import type { Fate, MutateOptions } from '../mutate.js';
import { type KernelChoice, makeSubject, ownKernel } from '../prepare.js';
import type { Subject } from '../subject.js';
import type { MutantPlace } from './where.js';

export interface Tried {
  readonly fate: Fate;
  readonly code: string | null;
  /** Where the violation was. */
  readonly situation: string | null;
  /** Executions up to the violation, or all that were made. */
  readonly executions: number;
  /** Executions that each situation was given. */
  readonly budget: number;
  /** Situations that were to be tried. */
  readonly places: readonly string[];
  readonly token: string | null;
  readonly reason: string | null;
}

/** Code of a kernel under which the verdict of most executions is that nothing can be said, as when they do not end. */
const INCONCLUSIVE = 'INCONCLUSIVE';

function doubtful({ findings }: CampaignOutcome): boolean {
  const doubts = Object.values(findings.doubts).reduce((sum, { count }) => sum + count, 0);
  return 2 * doubts > findings.executions;
}

type Pool = ReturnType<typeof createPool>;

/** Executions after which a place counts as unreached: what is on no way at all shows in the first few. */
const PROBES = 32;

export class Trials {
  /** Situations of the kernel as it is, with its length; null: it fails there. */
  private readonly own = new Map<string, Pick<Subject, 'steps' | 'maxSteps'> | null>();

  constructor(private readonly options: Pick<MutateOptions, 'executions' | 'workers' | 'seed' | 'signal'>) {}

  nothing(fate: Fate, reason: string): Tried {
    const budget = this.options.executions;
    return { fate, code: null, situation: null, executions: 0, budget, places: [], token: null, reason };
  }

  async search(kernel: KernelChoice, places: readonly MutantPlace[], pool: Pool): Promise<Tried> {
    const about = { budget: this.options.executions, places: places.map((p) => p.name) };
    let executions = 0;
    for (const place of places) {
      const subject = await this.subject(place, kernel, pool);
      if (subject === null) continue;
      const none = { ...about, code: null, situation: place.name, token: null };
      try {
        const outcome = await searchFirst(subject, { ...this.options, pool });
        const [first] = outcome.findings.list();
        if (first !== undefined) {
          const { code, execution, token } = reportFinding(outcome.subject, first);
          executions += execution + 1;
          const named = place.hotplugLock === undefined ? token : null;
          return { ...none, fate: 'killed', code, executions, token: named, reason: null };
        }
        if (isBroken(outcome.end)) return { ...none, fate: 'broken', executions, reason: outcome.cause };
        executions += outcome.findings.executions;
        if (doubtful(outcome))
          return { ...none, fate: 'killed', code: INCONCLUSIVE, executions, reason: null };
      } catch (error) {
        /* It does not even boot. */
        const reason = error instanceof Error ? error.message : String(error);
        return { ...none, fate: 'broken', executions, reason };
      }
    }
    return { ...about, fate: 'survived', code: null, situation: null, executions, token: null, reason: null };
  }

  /** Does a kernel that stops at a place stop in any situation? */
  async reaches(kernel: KernelChoice, places: readonly MutantPlace[], pool: Pool): Promise<boolean> {
    const executions = Math.min(PROBES, this.options.executions);
    for (const place of places) {
      const subject = await this.subject(place, kernel, pool);
      if (subject === null) continue;
      try {
        const outcome = await searchFirst(subject, { ...this.options, executions, pool });
        if (outcome.findings.list().length > 0) return true;
      } catch {
        /* It stops while it boots. */
        return true;
      }
    }
    return false;
  }

  /** Null: the kernel as it is fails there. */
  private async subject(place: MutantPlace, kernel: KernelChoice, pool: Pool): Promise<Subject | null> {
    const { scenario, explore, memory, dropped, protocol, hotplugLock } = place;
    const choice = {
      scenarioName: scenario,
      explore,
      memory,
      protocol,
      hotplugLock,
      seed: this.options.seed,
    };
    const key = JSON.stringify(choice);
    let known = this.own.get(key);
    if (known === undefined) {
      const own = await measured(makeSubject({ ...choice, kernel: ownKernel }));
      const outcome = await searchFirst(own, { ...this.options, pool });
      known = outcome.findings.list().length > 0 || doubtful(outcome) ? null : own;
      this.own.set(key, known);
    }
    if (known === null) return null;
    return { ...makeSubject({ ...choice, dropped, kernel }), steps: known.steps, maxSteps: known.maxSteps };
  }
}
