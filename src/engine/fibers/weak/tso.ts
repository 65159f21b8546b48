// SPDX-License-Identifier: GPL-2.0-only
/**
 * Total store order (x86; Owens, Sarkar, Sewell: "A Better x86 Memory Model: x86-TSO", 2009): every actor has a first
 * in, first out buffer of its stores, loads look there first, and a store reaches the heap when it leaves the buffer.
 * Read-modify-writes and full barriers empty the actor's buffer; the other barriers are for the compiler only.
 * A failed cmpxchg empties it too, as the locked instruction does. The heap holds what has left the buffers.
 */
import { FENCE, type MemoryModel, type StaleRead } from '../memory_model.js';

/** Stores that a buffer holds; one more pushes the oldest out. A power of two. */
const CAPACITY = 8;
const MASK = CAPACITY - 1;

export class TsoModel implements MemoryModel {
  readonly name: string = 'tso';
  private heap: Int32Array = new Int32Array(0);
  private actors = 0;
  /* Rings: entry i of actor a at a * CAPACITY + (i & MASK), for first[a] <= i < last[a]. */
  private addrs = new Int32Array(0);
  private values = new Int32Array(0);
  private first = new Int32Array(0);
  private last = new Int32Array(0);
  /* The last load: who, where, what; the address is -1 if it came out of its own buffer. */
  private reader = 0;
  private readAddr = -1;
  private readValue = 0;

  reset(heap: Int32Array, actors: number, _choose: (n: number) => number): void {
    this.heap = heap;
    this.readAddr = -1;
    if (this.first.length < actors) {
      this.addrs = new Int32Array(actors * CAPACITY);
      this.values = new Int32Array(actors * CAPACITY);
      this.first = new Int32Array(actors);
      this.last = new Int32Array(actors);
    }
    this.actors = actors;
    this.first.fill(0);
    this.last.fill(0);
  }

  load(actor: number, addr: number, _order: number): number {
    const start = this.first[actor] as number;
    for (let i = (this.last[actor] as number) - 1; i >= start; i--) {
      const slot = actor * CAPACITY + (i & MASK);
      if (this.addrs[slot] === addr) {
        this.readAddr = -1;
        return this.values[slot] as number;
      }
    }
    const value = this.heap[addr] as number;
    this.reader = actor;
    this.readAddr = addr;
    this.readValue = value;
    return value;
  }

  store(actor: number, addr: number, value: number, _order: number): void {
    const end = this.last[actor] as number;
    if (end - (this.first[actor] as number) === CAPACITY) this.internalStep(actor);
    const slot = actor * CAPACITY + (end & MASK);
    this.addrs[slot] = addr;
    this.values[slot] = value;
    this.last[actor] = end + 1;
  }

  rmw(actor: number, addr: number, update: (old: number) => number | null, _order: number): number {
    this.drain(actor);
    this.readAddr = -1;
    const old = this.heap[addr] as number;
    const next = update(old);
    if (next !== null) this.heap[addr] = next;
    return old;
  }

  /** The fences around a read-modify-write and after a lock add nothing: the locked instruction has drained already. */
  fence(actor: number, kind: number): void {
    if (kind === FENCE.mb) this.drain(actor);
  }

  poke(addr: number, value: number): void {
    this.heap[addr] = value;
  }

  internal(actor: number): number {
    return this.last[actor] === this.first[actor] ? 0 : 1;
  }

  /** The oldest store of the buffer reaches the heap. */
  internalStep(actor: number): void {
    const start = this.first[actor] as number;
    if (start === this.last[actor]) return;
    const slot = actor * CAPACITY + (start & MASK);
    this.heap[this.addrs[slot] as number] = this.values[slot] as number;
    this.first[actor] = start + 1;
  }

  /** All buffers that hold a store to this word are emptied. */
  settle(addr: number): void {
    for (let a = 0; a < this.actors; a++) {
      for (let i = this.last[a] as number; i > (this.first[a] as number); i--) {
        if (this.addrs[a * CAPACITY + ((i - 1) & MASK)] === addr) this.drain(a);
      }
    }
  }

  /** Stores that the actor has made, resp. that have left its buffer, since the reset. */
  made(actor: number): number {
    return this.last[actor] as number;
  }
  left(actor: number): number {
    return this.first[actor] as number;
  }

  private drain(actor: number): void {
    const end = this.last[actor] as number;
    for (let i = this.first[actor] as number; i < end; i++) {
      const slot = actor * CAPACITY + (i & MASK);
      this.heap[this.addrs[slot] as number] = this.values[slot] as number;
    }
    this.first[actor] = end;
  }

  /** A load is stale if another actor's buffer holds a later store to the word. */
  get stale(): StaleRead | null {
    const addr = this.readAddr;
    if (addr < 0) return null;
    let found: StaleRead | null = null;
    let age = 0;
    for (let a = 0; a < this.actors; a++) {
      if (a === this.reader) continue;
      for (let i = this.first[a] as number; i < (this.last[a] as number); i++) {
        const slot = a * CAPACITY + (i & MASK);
        if (this.addrs[slot] !== addr) continue;
        age++;
        found = {
          addr,
          value: this.readValue,
          newest: this.values[slot] as number,
          writer: -1,
          newestWriter: a,
          age,
          remedy: 'smp_mb() after the store of the newest writer, and one before this load',
        };
      }
    }
    return found;
  }

  /** Numbers that the future depends on, beside the heap. */
  fingerprint(into: number[]): void {
    for (let a = 0; a < this.actors; a++) {
      into.push((this.last[a] as number) - (this.first[a] as number));
      for (let i = this.first[a] as number; i < (this.last[a] as number); i++) {
        const slot = a * CAPACITY + (i & MASK);
        into.push(this.addrs[slot] as number, this.values[slot] as number);
      }
    }
  }
}
