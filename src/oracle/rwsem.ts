// SPDX-License-Identifier: GPL-2.0-only
/**
 * A writer is alone (RWSEM-EXCL), and each side sees all that the other has done before (RWSEM-STALE): a driver and its
 * hotplug callback tell what they read. The events stand inside the sections at both ends and each takes a tick of the trace
 * clock, so sections that overlap in the trace overlapped in fact.
 */
import { EV, PHASE, type TraceRecord } from '../trace/events.js';
import type { Oracle } from './oracle.js';
import { Findings, type Site } from './violation.js';

/** Actor numbers are bytes. */
const ACTORS = 256;
const NOBODY = -1;
/** Of a driver, by the number in the event. */
const SIDES = ['driver', 'hotplug callback'] as const;

/** Who is inside. Sections come and go by the million, so none of them is an object. */
class Lock {
  /** By actor: how many sections of it are nested, and where in the trace the outermost began. */
  readonly depth = new Int32Array(ACTORS);
  readonly since = new Float64Array(ACTORS);
  readers = 0;
  writer = NOBODY;
  writerSince = 0;
}

export const RWSEM_CODES: readonly string[] = ['RWSEM-EXCL', 'RWSEM-STALE'];

export class RwsemOracle implements Oracle {
  readonly id = 'rwsem';
  readonly codes = RWSEM_CODES;
  readonly events = ['rwsem_read', 'rwsem_write', 'driver_data'] as const;
  readonly suspicions = [];
  private readonly findings = new Findings();
  private readonly locks = new Map<number, Lock>();
  /** By side, what it has written last, and when. */
  private readonly wrote: { value: number; seq: number; actor: number }[] = SIDES.map(() => ({
    value: 0,
    seq: 0,
    actor: NOBODY,
  }));

  get violations() {
    return this.findings.list;
  }

  feed(r: TraceRecord): void {
    if (r.ev === EV.driver_data) {
      this.data(r);
      return;
    }
    if (r.b === PHASE.wait) return;
    let lock = this.locks.get(r.a);
    if (lock === undefined) {
      lock = new Lock();
      this.locks.set(r.a, lock);
    }
    if (r.ev === EV.rwsem_read) this.read(r, lock);
    else this.write(r, lock);
  }

  end(): void {}

  private read(r: TraceRecord, lock: Lock): void {
    const depth = lock.depth[r.actor] as number;
    if (r.b === PHASE.end) {
      if (depth === 0) return;
      lock.depth[r.actor] = depth - 1;
      if (depth === 1) lock.readers--;
      return;
    }
    lock.depth[r.actor] = depth + 1;
    if (depth > 0) return;
    if (lock.writer !== NOBODY) this.overlap('read', r, 'write', lock.writer, lock.writerSince);
    lock.since[r.actor] = r.seq;
    lock.readers++;
  }

  private write(r: TraceRecord, lock: Lock): void {
    if (r.b === PHASE.end) {
      if (lock.writer === r.actor) lock.writer = NOBODY;
      return;
    }
    if (lock.writer !== NOBODY) {
      this.overlap('write', r, 'write', lock.writer, lock.writerSince);
    } else if (lock.readers > 0) {
      const reader = lock.depth.findIndex((depth) => depth > 0);
      this.overlap('write', r, 'read', reader, lock.since[reader] as number);
    }
    lock.writer = r.actor;
    lock.writerSince = r.seq;
  }

  private data(r: TraceRecord): void {
    const [mine, theirs] = [this.wrote[r.a], this.wrote[1 - r.a]];
    if (mine === undefined || theirs === undefined) return;
    if (r.b !== theirs.value) this.stale(r, theirs);
    Object.assign(mine, { value: r.c, seq: r.seq, actor: r.actor });
  }

  private stale(r: TraceRecord, last: { value: number; seq: number; actor: number }): void {
    const [me, other] = [SIDES[r.a] as string, SIDES[1 - r.a] as string];
    this.findings.add('RWSEM-STALE', me, () => ({
      summary: `the ${me}, under the hotplug lock, has read ${r.b} where the ${other} had written ${last.value} under it before`,
      sites: [
        { label: other, seq: last.seq, actor: last.actor, text: `wrote ${last.value}` },
        { label: me, seq: r.seq, actor: r.actor, text: `read ${r.b}` },
      ],
      task: null,
      cpu: null,
      seq: r.seq,
    }));
  }

  private overlap(mine: string, r: TraceRecord, theirs: string, actor: number, seq: number): void {
    this.findings.add('RWSEM-EXCL', `${mine} ${theirs}`, () => ({
      summary: `the hotplug lock was held for ${theirs} and for ${mine} at the same time`,
      sites: [section(theirs, seq, actor), section(mine, r.seq, r.actor)],
      task: null,
      cpu: null,
      seq: r.seq,
    }));
  }
}

function section(mode: string, seq: number, actor: number): Site {
  return { label: mode === 'read' ? 'reader' : 'writer', seq, actor, text: `rwsem_${mode}: inside` };
}
