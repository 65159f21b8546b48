// SPDX-License-Identifier: GPL-2.0-only
/** Sequential consistency: every access takes effect at once, for all. The reference that the others are held against. */
import type { MemoryModel, StaleRead } from '../memory_model.js';

export class ScModel implements MemoryModel {
  readonly name: string = 'sc';
  readonly stale: StaleRead | null = null;
  private heap: Int32Array = new Int32Array(0);

  reset(heap: Int32Array, _actors: number, _choose: (n: number) => number): void {
    this.heap = heap;
  }

  load(_actor: number, addr: number, _order: number): number {
    return this.heap[addr] as number;
  }

  store(_actor: number, addr: number, value: number, _order: number): void {
    this.heap[addr] = value;
  }

  rmw(_actor: number, addr: number, update: (old: number) => number | null, _order: number): number {
    const old = this.heap[addr] as number;
    const next = update(old);
    if (next !== null) this.heap[addr] = next;
    return old;
  }

  fence(_actor: number, _kind: number): void {}

  poke(addr: number, value: number): void {
    this.heap[addr] = value;
  }

  internal(_actor: number): number {
    return 0;
  }

  internalStep(_actor: number): void {}

  /** Numbers that the future depends on, beside the heap. */
  fingerprint(_into: number[]): void {}
}
