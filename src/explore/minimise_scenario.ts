// SPDX-License-Identifier: GPL-2.0-only
/** A smaller scenario that shows the same violation: each part is taken away, and the violation searched for again. */

import { forExploration } from '../scenario/exploration.js';
import type { Scenario } from '../scenario/types.js';
import { parseScheduler } from '../schedule/index.js';
import { actorSeed } from '../util/rng.js';
import { Bench, type Reproduction } from './bench.js';
import { Runner } from './runner.js';

type Explore = Scenario['explore'];

/** Executions of a search in a smaller scenario: a few in each that comes into question, then more. */
const SEARCH = [8, 32] as const;
const SCHEDULERS = ['random(1/50)', 'pct(2)', 'random(1/50)', 'pct(3)', 'random(1/50)', 'pct(4)'] as const;

export interface Smaller {
  readonly bench: Bench;
  readonly best: Reproduction;
}

export async function minimiseScenario(
  bench: Bench,
  start: Reproduction,
  onProgress: (s: Smaller) => void,
): Promise<Smaller> {
  let now: Smaller = { bench, best: start };
  let tried = 0;
  for (const searches of SEARCH) {
    const failed = new Set<string>();
    for (;;) {
      const { scenario } = now.bench.runner.subject;
      const next = candidates(scenario).find((c) => !failed.has(JSON.stringify(c)));
      if (next === undefined || now.bench.spent) break;
      const smaller = await search(now, next, ++tried, searches);
      if (smaller === null) failed.add(JSON.stringify(next));
      else now = smaller;
      onProgress(now);
    }
  }
  return now;
}

async function search(now: Smaller, explore: Explore, nr: number, searches: number): Promise<Smaller | null> {
  const { bench, best } = now;
  const { subject } = bench.runner;
  const scenario = forExploration({ ...subject.scenario, explore });
  const runner = await Runner.create({ ...subject, scenario });
  const tries = new Bench(runner, bench.kind, bench.budget);
  const followed = tries.replay(best.seed, best.decisions, best);
  if (followed !== null) return { bench: tries, best: followed };
  for (let i = 0; i < searches; i++) {
    const seed = actorSeed(subject.seed, (nr << 8) + i);
    const choice = parseScheduler(SCHEDULERS[i % SCHEDULERS.length] as string);
    const scheduler = choice.create({ execution: i, seed, steps: best.steps });
    const again = tries.attempt(scheduler, seed);
    if (again !== null) return { bench: tries, best: again };
  }
  return null;
}

/** Smaller by one part each, those that take most away first. */
function candidates(scenario: Scenario): Explore[] {
  const { explore: e, control, machine } = scenario;
  const started = scenario.programs.filter((p) => p.tasks > 0).map((p) => p.name);
  const all: (Explore | false)[] = [
    started.length > 1 && { ...e, without: [...e.without, ...started] },
    control.hotplug !== null && { ...e, hotplug: 0 },
    ...started.map((name) => ({ ...e, without: [...e.without, name] })),
    e.livepatch > 1 && { ...e, livepatch: 1 },
    ...(scenario.patches.length > 1 ? scenario.patches : []).map((p) => ({
      ...e,
      without: [...e.without, p.name],
    })),
    e.reverse > 0 && { ...e, reverse: 0 },
    control.livepatch.force > 0 && { ...e, force: 0 },
    (control.livepatch.fail ?? 0) > 0 && { ...e, fail: 0 },
    control.hotplug !== null && e.hotplug > 1 && { ...e, hotplug: 1 },
    started.length > 0 && e.tasks > 1 && { ...e, tasks: 1 },
    started.length > 0 && e.syscalls > 1 && { ...e, syscalls: 1 },
    machine.cpus > 1 && { ...e, cpus: machine.cpus - 1 },
    machine.online > 1 && { ...e, online: machine.online - 1 },
    e.livepatch > 2 && { ...e, livepatch: e.livepatch - 1 },
    control.hotplug !== null && e.hotplug > 2 && { ...e, hotplug: e.hotplug - 1 },
  ];
  return all.filter((c) => c !== false);
}
