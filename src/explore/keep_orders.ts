// SPDX-License-Identifier: GPL-2.0-only
/**
 * Lets another scheduler decide, but keeps orders between accesses: who would make the later one waits, at the place
 * before it that is given, until the earlier one was made. A schedule in which that cannot be done is left.
 */
import type { FibersMachine } from '../engine/fibers/machine.js';
import type { AccessObserver } from '../engine/fibers/observer.js';
import { rt } from '../engine/fibers/runtime.js';
import { bit, has, lowest } from '../schedule/mask.js';
import {
  CUT,
  type ExecutionEnd,
  type Operation,
  type Scheduler,
  type ScheduleView,
} from '../schedule/scheduler.js';
import { type Moment, type MomentIndex, MomentLog } from './moments.js';

export interface KeptOrder {
  readonly earlier: Moment;
  readonly later: Moment;
  /**
   * Where one waits until `earlier` was made: the task of `later` at it, or outside the locks that `earlier` needs, too;
   * and so does everybody else who holds such a lock at the time. Ways to do so, the closest first.
   */
  readonly gates: readonly (readonly Moment[])[];
}

/** Operations of others after which `earlier` is not waited for any more. */
const PATIENCE = 2500;

export class KeepOrders implements Scheduler, AccessObserver {
  readonly name = 'keep-orders';
  readonly needsOperations: boolean;
  readonly asksOnWake: boolean;
  readonly log: MomentLog;
  /** An order could not be kept. */
  failed = false;
  private open: { readonly earlier: Moment; readonly gates: readonly Moment[] }[];
  private readonly gateTasks: ReadonlySet<number>;
  private held = 0;
  private heldSince = -1;

  constructor(
    private readonly inner: Scheduler,
    private readonly machine: FibersMachine,
    orders: readonly KeptOrder[],
    private readonly index: MomentIndex,
    /** Which of the ways to keep it each order takes. */
    way: number,
  ) {
    this.log = new MomentLog(index.size);
    this.needsOperations = inner.needsOperations;
    this.asksOnWake = inner.asksOnWake;
    this.open = orders.map(({ earlier, gates }) => ({
      earlier,
      gates: gates[Math.min(way, gates.length - 1)] as readonly Moment[],
    }));
    this.gateTasks = new Set(this.open.flatMap((o) => o.gates.map((g) => g.task)));
  }

  begin(actors: number): boolean {
    return this.inner.begin(actors);
  }

  next(view: ScheduleView): number {
    /* Everybody else waits for those who are held, and the engine has let them go. */
    if (this.held !== 0 && rt.held === 0) this.failed = true;
    if (!this.failed) this.hold(view);
    if (this.failed) return CUT;
    const enabled = view.enabled & ~this.held;
    /* Chosen although it is held, it makes the engine let time pass. */
    if (enabled === 0) return lowest(view.enabled);
    if (enabled === view.enabled) return this.inner.next(view);
    return this.inner.next({
      enabled,
      spinning: view.spinning & enabled,
      current: view.current >= 0 && has(enabled, view.current) ? view.current : -1,
      step: view.step,
      timed: view.timed === true,
      pending: (a) => view.pending(a),
      site: (a) => view.site?.(a) ?? 0,
      word: (addr) => view.word?.(addr) ?? 0,
    });
  }

  /** Who stands at a gate whose time has not come. */
  private hold(view: ScheduleView): void {
    this.held = 0;
    if (this.open.length > 0) {
      for (let left = view.enabled | rt.held; left !== 0; left &= left - 1) {
        const a = lowest(left);
        if (this.stands(a, view.pending(a).addr)) this.held |= bit(a);
      }
    }
    rt.held = this.held;
    if (this.held === 0) this.heldSince = -1;
    else if (this.heldSince < 0) this.heldSince = view.step;
    else if (view.step > this.heldSince + PATIENCE) this.failed = true;
  }

  private stands(actor: number, addr: number): boolean {
    const task = this.machine.kernels[actor]?.current ?? 0;
    if (!this.gateTasks.has(task)) return false;
    const id = this.index.idOf(task, rt.site[actor] as number, addr);
    if (id < 0) return false;
    const nth = this.log.count(id);
    return this.open.some(({ gates }) => gates.some((g) => g.id === id && g.nth === nth));
  }

  /** One by one as long as somebody may come to a gate. */
  quantum(): number {
    return this.open.length > 0 ? 0 : this.inner.quantum();
  }

  choose(n: number): number {
    return this.inner.choose(n);
  }

  executed(actor: number, op: Operation): void {
    this.inner.executed?.(actor, op);
  }

  end(end: ExecutionEnd): void {
    this.inner.end(end);
  }

  access(
    actor: number,
    _access: number,
    _order: number,
    addr: number,
    _read: number,
    _written: number,
    site: number,
  ): void {
    const id = this.index.idOf(this.machine.kernels[actor]?.current ?? 0, site, addr);
    if (id < 0) return;
    this.log.add(id);
    if (this.open.length > 0) this.open = this.open.filter((o) => !this.log.happened(o.earlier));
  }

  fence(): void {}
  futex(): void {}
}

/** All that the orders speak of came, in these orders. */
export function keeps(log: MomentLog, orders: readonly KeptOrder[]): boolean {
  return orders.every((o) => {
    const [earlier, later] = [log.timeOf(o.earlier), log.timeOf(o.later)];
    return earlier !== undefined && later !== undefined && earlier < later;
  });
}
