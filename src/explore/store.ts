// SPDX-License-Identifier: GPL-2.0-only
/** The folder of a campaign (--out): what is done is written down after each batch, so that it can go on later. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf, writeAtomically, writeProblem } from '../util/atomic_write.js';
import { UsageError } from '../util/fault.js';
import { makeFolder } from '../util/make_folder.js';
import { toolVersion } from '../util/version.js';
import type { CampaignState } from './findings.js';
import { sourcesHash } from './sources.js';
import { type Subject, scenarioHash } from './subject.js';

const FILE = 'campaign.json';
/** Raised when a field is renamed, removed or changes its meaning. */
const FORMAT = 2;

/** What two runs must have in common to be one campaign. */
interface Identity {
  /** Of klptorture, and of the compiled kernel: another one finds something else. */
  readonly version: string;
  readonly sources: string;
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
    version: toolVersion(),
    sources: sourcesHash(subject.trees),
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
  /** checksum of `state`: what a disk or an editor has changed is not gone on with. */
  readonly check: string;
  readonly state: CampaignState;
}

function checksum(state: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(state) ?? '')
    .digest('hex')
    .slice(0, 16);
}

/** Null: not what `write` has written. */
function parse(text: string): Partial<Written> | null {
  try {
    const value = JSON.parse(text) as Partial<Written> | null;
    return typeof value === 'object' && value?.format !== undefined ? value : null;
  } catch {
    return null;
  }
}

export class CampaignStore {
  private readonly path: string;
  /** What the file was when this campaign has read or written it. */
  private mark = '';

  /** UsageError if the folder cannot be written, or holds a campaign of another subject. */
  constructor(
    dir: string,
    private readonly subject: Subject,
  ) {
    this.path = join(dir, FILE);
    try {
      makeFolder(dir);
    } catch (error) {
      throw new UsageError([`--out: "${dir}" cannot be made: ${reasonOf(error)}`]);
    }
    if (!statSync(dir).isDirectory()) throw new UsageError([`--out: "${dir}" is not a folder`]);
    const problem = writeProblem(this.path);
    if (problem !== null) throw new UsageError([`--out: ${problem}`]);
  }

  /** What an earlier run has done; null if there was none. */
  read(): CampaignState | null {
    this.mark = this.marked();
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw new UsageError([`--out: ${this.path} cannot be read: ${reasonOf(error)}`]);
    }
    const written = parse(text);
    if (written === null) {
      throw new UsageError([`--out: ${this.path} is not the file of a campaign; choose another folder`]);
    }
    if (written.format !== FORMAT) {
      throw new UsageError([
        `--out: ${this.path} has format ${written.format}; this klptorture writes ${FORMAT}; choose another folder`,
      ]);
    }
    const { identity, state } = written;
    if (
      identity === undefined ||
      identity === null ||
      state === undefined ||
      written.check !== checksum(state)
    ) {
      throw new UsageError([
        `--out: ${this.path} was cut or changed: its checksum does not match; restore it, or choose another folder`,
      ]);
    }
    const mine = identityOf(this.subject);
    const differs = (Object.keys(mine) as (keyof Identity)[]).filter((k) => mine[k] !== identity[k]);
    if (differs.length > 0) {
      throw new UsageError(
        differs.map(
          (k) =>
            `--out: ${this.path} is of another campaign: ${k} is "${identity[k]}" there and "${mine[k]}" here`,
        ),
      );
    }
    return state;
  }

  /** UsageError if somebody else has written there: what that one has found must not be lost. */
  write(state: CampaignState): void {
    if (this.marked() !== this.mark)
      throw new UsageError([`--out: ${this.path} has been changed or removed by somebody else meanwhile`]);
    const written: Written = {
      format: FORMAT,
      identity: identityOf(this.subject),
      check: checksum(state),
      state,
    };
    writeAtomically(this.path, `${JSON.stringify(written)}\n`);
    this.mark = this.marked();
  }

  /** Another file each time that it is written, since a new one takes its name. */
  private marked(): string {
    const file = statSync(this.path, { throwIfNoEntry: false });
    return file === undefined ? '' : `${file.ino} ${file.mtimeMs} ${file.size}`;
  }
}
