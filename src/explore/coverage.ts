// SPDX-License-Identifier: GPL-2.0-only
/** What the executions of a campaign have reached, and by that what they have not: no verdict is wider than this. */
import type { FibersMachine } from '../engine/fibers/machine.js';
import type { AccessObserver } from '../engine/fibers/observer.js';
import { barriers, canBeDropped } from '../mem/barriers.js';
import { events, type TraceRecord } from '../trace/events.js';

/** Events that say what livepatch, hotplug and the tasks did; func_enter and the like say nothing about a protocol. */
const PROTOCOL_EVENTS = events.filter((e) => /^(klp_|cpu_|patch_state|mod_|task_|switch_point)/.test(e.name));
/** By number. */
const IS_PROTOCOL = Uint8Array.from({ length: 128 }, (_, nr) =>
  Number(PROTOCOL_EVENTS.some((e) => e.nr === nr)),
);

export interface CoverageReport {
  /** Pairs of places that made conflicting accesses to one word right after each other, from different actors. */
  readonly conflicts: number;
  /** Events of livepatch and hotplug that came right after each other. */
  readonly sequences: number;
  readonly events: { readonly seen: readonly string[]; readonly never: readonly string[] };
  readonly barriers: { readonly seen: readonly string[]; readonly never: readonly string[] };
  readonly lockOrders: number;
}

/** Plain data that workers send. */
export interface CoverageData {
  readonly conflicts: readonly number[];
  readonly sequences: readonly number[];
  readonly barriers: readonly number[];
  readonly lockOrders: number;
}

/** Numbers of sites are below this. */
const SITES = 4096;
const EVENTS = 256;

export class Coverage implements AccessObserver {
  private readonly conflicts = new Set<number>();
  private readonly sequences = new Set<number>();
  private readonly seenBarriers = new Set<number>();
  lockOrders = 0;
  /** Of each word: actor, access and site of the last access; reset by generation. */
  private last = new Int32Array(0);
  private generation = 0;

  /** `barriersAt`: numbers of the barriers that the operation at each site is part of; none: nothing is looked at here. */
  constructor(private readonly barriersAt: readonly (readonly number[])[] = []) {}

  begin(words: number): void {
    if (this.last.length < 4 * words) this.last = new Int32Array(4 * words);
    this.generation++;
  }

  access(
    actor: number,
    access: number,
    _order: number,
    addr: number,
    _r: number,
    _w: number,
    site: number,
  ): void {
    for (const b of this.barriersAt[site] as readonly number[]) this.seenBarriers.add(b);
    const at = 4 * addr;
    const w = this.last;
    if (w[at] === this.generation) {
      const before = w[at + 1] as number;
      if (before !== actor && ((access | (w[at + 2] as number)) & 2) !== 0) {
        this.conflicts.add((w[at + 3] as number) * SITES + site);
      }
    }
    w[at] = this.generation;
    w[at + 1] = actor;
    w[at + 2] = access;
    w[at + 3] = site;
  }

  fence(_actor: number, _kind: number, barrier: number): void {
    if (barrier >= 0) this.seenBarriers.add(barrier);
  }

  futex(): void {}

  /** The protocol as its events tell it. */
  trace(machine: FibersMachine): void {
    const r: TraceRecord = { seq: 0, ev: 0, actor: 0, task: 0, a: 0, b: 0, c: 0, d: 0, e: 0 };
    let previous = 0;
    for (let i = 0; i < machine.trace.length; i++) {
      machine.trace.read(i, r);
      const nr = r.ev & 0x7f;
      if (IS_PROTOCOL[nr] === 0) continue;
      this.sequences.add(previous * EVENTS + nr);
      previous = nr;
    }
  }

  data(): CoverageData {
    return {
      conflicts: [...this.conflicts],
      sequences: [...this.sequences],
      barriers: [...this.seenBarriers],
      lockOrders: this.lockOrders,
    };
  }

  merge(data: CoverageData): void {
    for (const c of data.conflicts) this.conflicts.add(c);
    for (const s of data.sequences) this.sequences.add(s);
    for (const b of data.barriers) this.seenBarriers.add(b);
    this.lockOrders = Math.max(this.lockOrders, data.lockOrders);
  }

  report(): CoverageReport {
    const happened = new Set([...this.sequences].map((s) => s % EVENTS));
    const split = <T>(all: readonly T[], seen: (x: T) => boolean, name: (x: T) => string) => ({
      seen: all.filter(seen).map(name),
      never: all.filter((x) => !seen(x)).map(name),
    });
    return {
      conflicts: this.conflicts.size,
      sequences: this.sequences.size,
      events: split(
        PROTOCOL_EVENTS,
        (e) => happened.has(e.nr),
        (e) => e.name,
      ),
      barriers: split(
        barriers.filter(canBeDropped),
        (b) => this.seenBarriers.has(b.nr),
        (b) => b.id,
      ),
      lockOrders: this.lockOrders,
    };
  }
}
