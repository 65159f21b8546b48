// SPDX-License-Identifier: GPL-2.0-only
/**
 * Around a memory model: all accesses of an execution with the store that each load has read, and the same execution
 * again with fences that the kernel has not got. A load is known by its number, so that one which a fence leaves no
 * choice takes nobody else's answer.
 */

import type { MemoryModel, StaleRead } from '../engine/fibers/memory_model.js';
import type { AccessObserver } from '../engine/fibers/observer.js';
import { rt } from '../engine/fibers/runtime.js';

export interface Op {
  /** Its number in the execution. */
  readonly nr: number;
  readonly actor: number;
  readonly addr: number;
  readonly step: number;
  /** Of the load; null: it has none. */
  readonly read: number | null;
  /** Of the store; null: it has none. */
  readonly written: number | null;
  /** The store that it has read; -1: one of before the execution, or of nobody. */
  readonly from: number;
  readonly stale: StaleRead | null;
  /** Place in the sources; -1: not known. */
  site: number;
}

/** Made by `actor` just before its access `nr`. */
export interface Fence {
  readonly nr: number;
  readonly kind: number;
}

export class OpLog implements MemoryModel {
  readonly name: string;
  readonly ops: Op[] = [];
  /** What loads were answered, by number: one that goes on reading an old message is asked whether, and then which. */
  readonly answers = new Map<number, number[]>();
  private stores = new Map<number, number[]>();
  private nr = 0;

  constructor(
    private readonly inner: MemoryModel,
    private readonly fences: readonly Fence[] = [],
    /** Of an execution before; null: what the scheduler says. */
    private readonly known: ReadonlyMap<number, readonly number[]> | null = null,
  ) {
    this.name = inner.name;
  }

  get stale(): StaleRead | null {
    return this.inner.stale;
  }

  reset(heap: Int32Array, actors: number, choose: (n: number) => number): void {
    this.ops.length = 0;
    this.answers.clear();
    this.stores.clear();
    this.nr = 0;
    this.inner.reset(heap, actors, (n) => {
      const given = this.answers.get(this.nr) ?? [];
      const answer = this.known === null ? choose(n) : (this.known.get(this.nr)?.[given.length] ?? 0);
      const possible = answer < n ? answer : 0;
      this.answers.set(this.nr, [...given, possible]);
      return possible;
    });
  }

  private fenced(actor: number): void {
    for (const f of this.fences) if (f.nr === this.nr) this.inner.fence(actor, f.kind);
  }

  private add(op: Omit<Op, 'nr' | 'step' | 'site'>): void {
    this.ops.push({ ...op, nr: this.nr++, step: rt.step() - 1, site: -1 });
  }

  /** The store that a load has read which has missed `age` of them. */
  private source(addr: number, age: number): number {
    const stores = this.stores.get(addr) ?? [];
    return stores[stores.length - 1 - age] ?? -1;
  }

  private stored(addr: number): void {
    const stores = this.stores.get(addr);
    if (stores === undefined) this.stores.set(addr, [this.nr]);
    else stores.push(this.nr);
  }

  load(actor: number, addr: number, order: number): number {
    this.fenced(actor);
    const read = this.inner.load(actor, addr, order);
    const stale = this.inner.stale;
    this.add({ actor, addr, read, written: null, from: this.source(addr, stale?.age ?? 0), stale });
    return read;
  }

  store(actor: number, addr: number, value: number, order: number): void {
    this.fenced(actor);
    this.inner.store(actor, addr, value, order);
    this.stored(addr);
    this.add({ actor, addr, read: null, written: value, from: -1, stale: null });
  }

  rmw(actor: number, addr: number, update: (old: number) => number | null, order: number): number {
    this.fenced(actor);
    let written: number | null = null;
    const read = this.inner.rmw(
      actor,
      addr,
      (old) => {
        written = update(old);
        return written;
      },
      order,
    );
    const from = this.source(addr, 0);
    if (written !== null) this.stored(addr);
    this.add({ actor, addr, read, written, from, stale: null });
    return read;
  }

  fence(actor: number, kind: number): void {
    this.inner.fence(actor, kind);
  }

  poke(addr: number, value: number): void {
    this.inner.poke(addr, value);
    this.stores.delete(addr);
  }

  internal(actor: number): number {
    return this.inner.internal(actor);
  }

  internalStep(actor: number): void {
    this.inner.internalStep(actor);
  }

  /** Tells it the places of what it writes down. */
  observer(): AccessObserver {
    const place = (addr: number, site: number): void => {
      const last = this.ops.at(-1);
      if (last?.addr === addr && last.site < 0) last.site = site;
    };
    return {
      access: (_actor, _access, _order, addr, _read, _written, site) => place(addr, site),
      racy: (_actor, addr, site) => place(addr, site),
      fence: () => {},
      futex: () => {},
    };
  }
}
