// SPDX-License-Identifier: GPL-2.0-only
/**
 * Around a memory model: writes down the loads that read an older value than the newest, and lets chosen ones read the
 * newest instead, with the same schedule: so it can be told which of them a violation takes.
 */
import type { MemoryModel, StaleRead } from '../memory_model.js';
import { rt } from '../runtime.js';
import { TsoModel } from './tso.js';

export interface LoggedRead {
  /** Number of the load in its execution: the same schedule and values give the same number. */
  readonly nr: number;
  readonly actor: number;
  readonly step: number;
  /** Place in the sources; -1: not known. */
  site: number;
  /** Place of the last scheduling point of the actor: who called what holds `site`, where that is no coroutine. */
  readonly near: number;
  readonly read: StaleRead;
}

export class StaleLog implements MemoryModel {
  readonly name: string;
  readonly reads: LoggedRead[] = [];
  private loads = 0;
  private forced = false;

  /** `newest`: numbers of the loads that read the newest value. */
  constructor(
    private readonly inner: MemoryModel,
    private readonly newest: ReadonlySet<number> = new Set(),
  ) {
    this.name = inner.name;
  }

  get stale(): StaleRead | null {
    return this.inner.stale;
  }

  reset(heap: Int32Array, actors: number, choose: (n: number) => number): void {
    this.reads.length = 0;
    this.loads = 0;
    this.forced = false;
    /* The recorded answers are used up all the same. */
    this.inner.reset(heap, actors, (n) => {
      const choice = choose(n);
      return this.forced ? 0 : choice;
    });
  }

  load(actor: number, addr: number, order: number): number {
    const nr = this.loads++;
    this.forced = this.newest.has(nr);
    if (this.forced && this.inner instanceof TsoModel) this.inner.settle(addr);
    const value = this.inner.load(actor, addr, order);
    this.forced = false;
    const read = this.inner.stale;
    if (read !== null)
      this.reads.push({ nr, actor, step: rt.step() - 1, site: -1, near: rt.site[actor] ?? -1, read });
    return value;
  }

  /** Of the load that was just made. */
  placed(addr: number, site: number): void {
    const last = this.reads.at(-1);
    if (last !== undefined && last.nr === this.loads - 1 && last.read.addr === addr) last.site = site;
  }

  store(actor: number, addr: number, value: number, order: number): void {
    this.inner.store(actor, addr, value, order);
  }

  rmw(actor: number, addr: number, update: (old: number) => number | null, order: number): number {
    return this.inner.rmw(actor, addr, update, order);
  }

  fence(actor: number, kind: number): void {
    this.inner.fence(actor, kind);
  }

  poke(addr: number, value: number): void {
    this.inner.poke(addr, value);
  }

  internal(actor: number): number {
    return this.inner.internal(actor);
  }

  internalStep(actor: number): void {
    this.inner.internalStep(actor);
  }
}
