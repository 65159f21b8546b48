// SPDX-License-Identifier: GPL-2.0-only
/**
 * Merges the rings of all actors into one order that agrees with happens-before.
 *
 * Key of a record: 2v for a local event that read the clock as v, 2s+1 for a global event that took tick s. If one
 * record happens before another then its key is the smaller one, or they are two local events of one actor, which keep
 * the order of their ring. A record is handed out only when no ring can still come up with a smaller key.
 */
import { GLOBAL_BIT, type TraceRecord } from './events.js';
import { RingView, type TraceBuffers } from './ring.js';

export interface TraceSink {
  /** The record is reused: what is to outlive the call must be copied. */
  feed(r: TraceRecord): void;
  /** So many records are missing from here on, at places that are not known. Called before the records after them. */
  lost(records: number): void;
}

/** Word of the clock in its buffer. */
const CLOCK = 0;
/** Consumed records of one ring after which its writer gets the space back, within a pass. */
const RELEASE_EVERY = 512;

/** Words of a record. */
const EV = 1;
const TASK = 2;
const A = 3;

export class TraceReader {
  private readonly clock: Int32Array;
  private readonly rings: RingView[];
  /** Unwrapped: nothing new from ring i is older than this clock value. */
  private readonly bound: Float64Array;
  /** Key of the oldest record of ring i that is not handed out yet; infinite without one. */
  private readonly keys: Float64Array;
  /** The clock unwrapped (a double counts to 2^53), and as it is. */
  private now: number;
  private clock32: number;
  private droppedSeen = 0;
  private readonly record: TraceRecord = { seq: 0.5, ev: 0, actor: 0, task: 0, a: 0, b: 0, c: 0, d: 0, e: 0 };

  constructor(buffers: TraceBuffers) {
    this.clock = new Int32Array(buffers.clock);
    this.rings = buffers.rings.map((ring) => new RingView(ring));
    this.clock32 = Atomics.load(this.clock, CLOCK);
    this.now = this.clock32 >>> 0;
    this.bound = new Float64Array(this.rings.length);
    this.keys = new Float64Array(this.rings.length);
    for (const ring of this.rings) ring.refresh(this.clock32);
    /* Records from before this reader was made have keys in the past half of the clock's range. */
    this.bound.fill(this.now - 0x80000000);
  }

  /** Hands out up to `maxRecords` records that are final. Returns how many. */
  poll(maxRecords: number, sink: TraceSink): number {
    const limit = 2 * this.refresh();
    this.reportLost(sink);
    return this.merge(limit, maxRecords, sink);
  }

  /** The rest, when every actor has left: nothing new can come, so nothing is waited for. */
  drain(sink: TraceSink): number {
    this.refresh();
    this.reportLost(sink);
    return this.merge(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, sink);
  }

  /** Records that did not fit in their rings, of all actors, since the machine was made. */
  dropped(): number {
    let n = 0;
    for (const ring of this.rings) n += ring.dropped();
    return n;
  }

  /** Published records that were not handed out, as of the last pass. */
  backlog(): number {
    let n = 0;
    for (const ring of this.rings) n += ring.backlog;
    return n;
  }

  /**
   * Looks at every ring; returns the clock value below which all is final. The reader ticks the clock itself, so that
   * records also become final while nobody else does. The clock is read first: whatever an actor that was seen parked
   * emits later has a key that is not below it.
   */
  private refresh(): number {
    const c = (Atomics.add(this.clock, CLOCK, 1) + 1) | 0;
    this.now += (c - this.clock32) | 0;
    this.clock32 = c;
    let least = this.now;
    for (let i = 0; i < this.rings.length; i++) {
      const b = this.now + (((this.rings[i] as RingView).refresh(c) - c) | 0);
      /* What lies ahead of the clock is a word from half the clock's range ago. */
      if (b <= this.now && b > (this.bound[i] as number)) this.bound[i] = b;
      if ((this.bound[i] as number) < least) least = this.bound[i] as number;
    }
    return least;
  }

  /**
   * Counters are read after the heads: a record behind a gap was published after the gap was counted, so nothing
   * behind a gap is handed out unannounced.
   */
  private reportLost(sink: TraceSink): void {
    const dropped = this.dropped();
    if (dropped === this.droppedSeen) return;
    const n = dropped - this.droppedSeen;
    this.droppedSeen = dropped;
    sink.lost(n);
  }

  private keyOf(ring: RingView): number {
    if (ring.backlog === 0) return Number.POSITIVE_INFINITY;
    const at = this.now + ((ring.key(ring.tail) - this.clock32) | 0);
    return 2 * at + ((ring.word(ring.tail, EV) & GLOBAL_BIT) === 0 ? 0 : 1);
  }

  private merge(limit: number, maxRecords: number, sink: TraceSink): number {
    const { rings, keys } = this;
    const n = rings.length;
    for (let i = 0; i < n; i++) keys[i] = this.keyOf(rings[i] as RingView);
    let count = 0;
    while (count < maxRecords) {
      let first = -1;
      let least = limit;
      let second = limit;
      for (let i = 0; i < n; i++) {
        const key = keys[i] as number;
        if (key < least) {
          second = least;
          least = key;
          first = i;
        } else if (key < second) {
          second = key;
        }
      }
      if (first < 0) break;
      count += this.run(first, second, limit, maxRecords - count, sink);
    }
    for (const ring of rings) ring.release();
    return count;
  }

  /** Hands out records of one ring until another ring has an older one. Equal keys may go in any order. */
  private run(actor: number, second: number, limit: number, most: number, sink: TraceSink): number {
    const ring = this.rings[actor] as RingView;
    const r = this.record;
    let key = this.keys[actor] as number;
    let n = 0;
    do {
      const at = ring.tail;
      r.seq = Math.floor(key / 2);
      r.ev = ring.word(at, EV);
      r.actor = actor;
      r.task = ring.word(at, TASK);
      r.a = ring.word(at, A);
      r.b = ring.word(at, A + 1);
      r.c = ring.word(at, A + 2);
      r.d = ring.word(at, A + 3);
      r.e = ring.word(at, A + 4);
      ring.tail = (at + 1) | 0;
      n++;
      if (n % RELEASE_EVERY === 0) ring.release();
      sink.feed(r);
      key = this.keyOf(ring);
    } while (n < most && key <= second && key < limit);
    this.keys[actor] = key;
    return n;
  }
}
