// SPDX-License-Identifier: GPL-2.0-only
/** The folder of a campaign (--out): what is done is written down after each batch, so that it can go on later. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically, writeProblem } from '../util/atomic_write.js';
import { UsageError } from '../util/fault.js';
import { makeFolder } from '../util/make_folder.js';
import type { CampaignState } from './findings.js';
import { type Subject, scenarioHash } from './subject.js';

const FILE = 'campaign.json';
const FORMAT = 1;

/** What two runs must have in common to be one campaign. */
interface Identity {
  readonly scenario: string;
  readonly hash: string;
  readonly protocol: string;
  readonly kernel: string;
  readonly memory: string;
  readonly dropped: string;
  readonly seed: number;
  readonly scheduler: string;
}

function identityOf(subject: Subject): Identity {
  return {
    scenario: subject.scenarioName,
    hash: scenarioHash(subject.scenario),
    protocol: subject.scenario.machine.protocol,
    kernel: subject.kernel,
    memory: subject.memory,
    dropped: subject.dropped.join(' '),
    seed: subject.seed,
    scheduler: subject.scheduler,
  };
}

interface Written {
  readonly format: number;
  readonly identity: Identity;
  readonly steps: number;
  readonly state: CampaignState;
}

export class CampaignStore {
  private readonly path: string;

  /** UsageError if the folder cannot be written, or holds a campaign of another subject. */
  constructor(
    dir: string,
    private readonly subject: Subject,
  ) {
    this.path = join(dir, FILE);
    try {
      makeFolder(dir);
    } catch (error) {
      throw new UsageError([`--out: "${dir}" cannot be made: ${(error as Error).message}`]);
    }
    if (!statSync(dir).isDirectory()) throw new UsageError([`--out: "${dir}" is not a folder`]);
    const problem = writeProblem(this.path);
    if (problem !== null) throw new UsageError([`--out: ${problem}`]);
  }

  /** What an earlier run has done; null if there was none. */
  read(): CampaignState | null {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw new UsageError([`--out: ${(error as Error).message}`]);
    }
    let written: Written;
    try {
      written = JSON.parse(text) as Written;
    } catch {
      throw new UsageError([`--out: ${this.path} is not the file of a campaign; choose another folder`]);
    }
    if (written.format !== FORMAT) {
      throw new UsageError([
        `--out: ${this.path} has format ${written.format}; this klptorture writes ${FORMAT}`,
      ]);
    }
    const mine = identityOf(this.subject);
    const differs = (Object.keys(mine) as (keyof Identity)[]).filter((k) => mine[k] !== written.identity[k]);
    if (differs.length > 0) {
      throw new UsageError(
        differs.map(
          (k) =>
            `--out: ${this.path} is of another campaign: ${k} is "${written.identity[k]}" there and "${mine[k]}" here`,
        ),
      );
    }
    return written.state;
  }

  write(state: CampaignState): void {
    const written: Written = {
      format: FORMAT,
      identity: identityOf(this.subject),
      steps: this.subject.steps,
      state,
    };
    writeAtomically(this.path, `${JSON.stringify(written)}\n`);
  }
}
