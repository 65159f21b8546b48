// SPDX-License-Identifier: GPL-2.0-only
/**
 * A writer is alone (RWSEM-EXCL). The events stand inside the sections at both ends and each takes a tick of the trace
 * clock, so sections that overlap in the trace overlapped in fact.
 */
import { EV, PHASE, type TraceRecord } from '../trace/events.js';
import type { Oracle } from './oracle.js';
import { Findings, type Site } from './violation.js';

interface Section {
  readonly actor: number;
  readonly seq: number;
  /** Nested sections of one reader. */
  depth: number;
}

interface Lock {
  readonly readers: Map<number, Section>;
  writer: Section | null;
}

export const RWSEM_CODES: readonly string[] = ['RWSEM-EXCL'];

export class RwsemOracle implements Oracle {
  readonly id = 'rwsem';
  readonly codes = RWSEM_CODES;
  readonly events = ['rwsem_read', 'rwsem_write'] as const;
  readonly suspicions = [];
  private readonly findings = new Findings();
  private readonly locks = new Map<number, Lock>();

  get violations() {
    return this.findings.list;
  }

  feed(r: TraceRecord): void {
    if (r.b === PHASE.wait) return;
    let lock = this.locks.get(r.a);
    if (lock === undefined) {
      lock = { readers: new Map(), writer: null };
      this.locks.set(r.a, lock);
    }
    if (r.ev === EV.rwsem_read) this.read(r, lock);
    else this.write(r, lock);
  }

  end(): void {}

  private read(r: TraceRecord, lock: Lock): void {
    const mine = lock.readers.get(r.actor);
    if (r.b === PHASE.end) {
      if (mine !== undefined && --mine.depth === 0) lock.readers.delete(r.actor);
      return;
    }
    if (mine !== undefined) {
      mine.depth++;
      return;
    }
    if (lock.writer !== null) this.overlap('read', r, lock.writer, 'write');
    lock.readers.set(r.actor, { actor: r.actor, seq: r.seq, depth: 1 });
  }

  private write(r: TraceRecord, lock: Lock): void {
    if (r.b === PHASE.end) {
      if (lock.writer?.actor === r.actor) lock.writer = null;
      return;
    }
    const [reader] = lock.readers.values();
    if (lock.writer !== null) this.overlap('write', r, lock.writer, 'write');
    else if (reader !== undefined) this.overlap('write', r, reader, 'read');
    lock.writer = { actor: r.actor, seq: r.seq, depth: 1 };
  }

  private overlap(mine: string, r: TraceRecord, other: Section, theirs: string): void {
    this.findings.add('RWSEM-EXCL', `${mine} ${theirs}`, () => ({
      summary: `the hotplug lock was held for ${theirs} and for ${mine} at the same time`,
      sites: [section(theirs, other.seq, other.actor), section(mine, r.seq, r.actor)],
      task: null,
      cpu: null,
      seq: r.seq,
    }));
  }
}

function section(mode: string, seq: number, actor: number): Site {
  return { label: mode === 'read' ? 'reader' : 'writer', seq, actor, text: `rwsem_${mode}: inside` };
}
