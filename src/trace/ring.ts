// SPDX-License-Identifier: GPL-2.0-only
/**
 * Per-actor trace rings in shared memory. One writer per ring (its actor), one reader for all.
 *
 * The writer publishes its head every few records and whenever it is about to wait; a ring that is full drops and
 * counts, it never blocks the kernel. CPUs are throttled at user-mode points before that (see `room`).
 *
 * `low` lets the reader merge: no record that the writer has yet to publish has a key below it. It is refreshed by
 * `flush`, which every actor calls at ticks and in waits; PARKED says that the writer waits and will read the clock
 * anew before its next record.
 */
import { GLOBAL_BIT } from './events.js';

export const RECORD_WORDS = 8;
const HEADER_WORDS = 64;
const PUBLISH_EVERY = 32;

/* Header words; head, tail and low are on cache lines of their own. */
const HEAD = 0;
const LOW = 1;
const STATE = 2;
const DROPPED = 3;
const TAIL = 16;
/** Word of the clock's own cache line. */
const CLOCK = 0;

export const RING_RUNNING = 0;
export const RING_PARKED = 1;

export interface TraceBuffers {
  readonly clock: SharedArrayBuffer;
  readonly rings: readonly SharedArrayBuffer[];
}

/**
 * `records` per ring, a power of two. The last ring may be given more: the host writes there what it sets up before
 * anybody reads.
 */
export function createTraceBuffers(actors: number, records: number, last?: number): TraceBuffers {
  if (records < 2 || (records & (records - 1)) !== 0) throw new RangeError('records must be a power of two');
  const rings: SharedArrayBuffer[] = [];
  for (let i = 0; i < actors; i++) {
    const size = i === actors - 1 ? (last ?? records) : records;
    const sab = new SharedArrayBuffer((HEADER_WORDS + size * RECORD_WORDS) * 4);
    new Int32Array(sab)[STATE] = RING_PARKED;
    rings.push(sab);
  }
  return { clock: new SharedArrayBuffer(256), rings };
}

/** Where an actor's events go. What a method is for stands at TraceWriter. */
export interface Tracer {
  readonly on: boolean;
  emit(ev: number, task: number, a: number, b: number, c: number, d: number, e: number): void;
  flush(): void;
  park(): void;
  unpark(): void;
  roomy(n: number): boolean;
}

/** The kernel's end of one ring. */
export class TraceWriter implements Tracer {
  private readonly words: Int32Array;
  private readonly clock: Int32Array;
  private readonly mask: number;
  private readonly capacity: number;
  private head = 0;
  private published = 0;
  private tail = 0;
  /** False: every call is one test and a return (oracles off). */
  on = true;
  private locals = true;

  constructor(
    buffers: TraceBuffers,
    readonly actor: number,
  ) {
    const ring = buffers.rings[actor];
    if (ring === undefined) throw new RangeError(`no trace ring for actor ${actor}`);
    this.words = new Int32Array(ring);
    this.clock = new Int32Array(buffers.clock);
    this.capacity = (this.words.length - HEADER_WORDS) / RECORD_WORDS;
    this.mask = this.capacity - 1;
    this.head = Atomics.load(this.words, HEAD);
    this.published = this.head;
  }

  emit(ev: number, task: number, a: number, b: number, c: number, d: number, e: number): void {
    if (!this.on || (!this.locals && (ev & GLOBAL_BIT) === 0)) return;
    const key = (ev & GLOBAL_BIT) !== 0 ? Atomics.add(this.clock, CLOCK, 1) : Atomics.load(this.clock, CLOCK);
    if (((this.head - this.tail) | 0) >= this.capacity) {
      this.tail = Atomics.load(this.words, TAIL);
      if (((this.head - this.tail) | 0) >= this.capacity) {
        Atomics.add(this.words, DROPPED, 1);
        return;
      }
    }
    const w = this.words;
    const at = HEADER_WORDS + (this.head & this.mask) * RECORD_WORDS;
    w[at] = key;
    w[at + 1] = ev;
    w[at + 2] = task;
    w[at + 3] = a;
    w[at + 4] = b;
    w[at + 5] = c;
    w[at + 6] = d;
    w[at + 7] = e;
    this.head = (this.head + 1) | 0;
    if (((this.head - this.published) | 0) >= PUBLISH_EVERY) this.publish();
  }

  level(which: 'all' | 'global' | 'off'): void {
    this.on = which !== 'off';
    this.locals = which === 'all';
  }

  private publish(): void {
    this.published = this.head;
    Atomics.store(this.words, HEAD, this.head);
  }

  /** Publishes what is written and raises `low`. Called at ticks and in every wait. */
  flush(): void {
    if (!this.on) return;
    const now = Atomics.load(this.clock, CLOCK);
    if (this.published !== this.head) this.publish();
    Atomics.store(this.words, LOW, now);
  }

  /** Before blocking. The next record's key is read from the clock after `unpark`. */
  park(): void {
    if (!this.on) return;
    this.flush();
    Atomics.store(this.words, STATE, RING_PARKED);
  }

  unpark(): void {
    if (!this.on) return;
    Atomics.store(this.words, STATE, RING_RUNNING);
  }

  /** At least `n` records fit; looks at the reader's end only if the last look was not enough. */
  roomy(n: number): boolean {
    if (!this.on || this.capacity - ((this.head - this.tail) | 0) >= n) return true;
    return this.room() >= n;
  }

  /** Free records, as of a fresh look at the reader. */
  room(): number {
    if (!this.on) return this.capacity;
    this.tail = Atomics.load(this.words, TAIL);
    return this.capacity - ((this.head - this.tail) | 0);
  }
}

/** Read access to one ring's words, for the reader. */
export class RingView {
  private readonly words: Int32Array;
  private readonly mask: number;
  readonly capacity: number;
  tail = 0;
  head = 0;

  constructor(sab: SharedArrayBuffer) {
    this.words = new Int32Array(sab);
    this.capacity = (this.words.length - HEADER_WORDS) / RECORD_WORDS;
    this.mask = this.capacity - 1;
  }

  /** A key below which nothing new can come out of this ring; `clock` was read before this call. */
  refresh(clock: number): number {
    const parked = Atomics.load(this.words, STATE) === RING_PARKED;
    const low = Atomics.load(this.words, LOW);
    this.head = Atomics.load(this.words, HEAD);
    if (parked) return clock;
    if (this.head !== this.tail) {
      const last = this.key((this.head - 1) | 0);
      return ((last - low) | 0) > 0 ? last : low;
    }
    return low;
  }

  key(index: number): number {
    return this.words[HEADER_WORDS + (index & this.mask) * RECORD_WORDS] as number;
  }

  word(index: number, w: number): number {
    return this.words[HEADER_WORDS + (index & this.mask) * RECORD_WORDS + w] as number;
  }

  /** Hands the space of consumed records back to the writer. */
  release(): void {
    Atomics.store(this.words, TAIL, this.tail);
  }

  dropped(): number {
    return Atomics.load(this.words, DROPPED);
  }

  get backlog(): number {
    return (this.head - this.tail) | 0;
  }
}

export function readClock(buffers: TraceBuffers): number {
  return Atomics.load(new Int32Array(buffers.clock), CLOCK);
}
