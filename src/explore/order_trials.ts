// SPDX-License-Identifier: GPL-2.0-only
/** Random schedules of a subject that keep given orders: does a violation come in them? */

import type { Decisions, EndKind } from '../engine/fibers/runtime.js';
import type { Violation } from '../oracle/violation.js';
import { parseScheduler } from '../schedule/index.js';
import { AfterPrefix } from './after_prefix.js';
import { judge } from './judge.js';
import { KeepOrders, type KeptOrder, keeps } from './keep_orders.js';
import { isChecked, kindOf } from './kind.js';
import type { MomentIndex, MomentLog } from './moments.js';
import type { Runner } from './runner.js';

export interface Trial {
  /** The orders were kept, and all their accesses came. */
  readonly kept: boolean;
  /** The violation came. */
  readonly fails: boolean;
  /** Another one came, and this one did not: what would have been is not known. */
  readonly isOther: boolean;
  readonly log: MomentLog;
}

export class OrderTrials {
  executions = 0;

  constructor(
    private readonly runner: Runner,
    /** As kindOf names it. */
    private readonly kind: string,
    private readonly seed: number,
    private readonly maxSteps: number,
    private readonly index: MomentIndex,
    /** How all of them begin. */
    private readonly prefix: Decisions,
  ) {}

  /** Schedule `nr` of the mix of schedulers; the same number is the same choice of schedules. */
  run(nr: number, orders: readonly KeptOrder[]): Trial {
    const { runner, maxSteps } = this;
    const { observed: machine, subject } = runner;
    this.executions++;
    const random = parseScheduler('mix').create({ execution: nr, seed: subject.seed, steps: maxSteps >> 1 });
    const scheduler = new KeepOrders(
      new AfterPrefix(this.prefix, random),
      machine,
      orders,
      this.index,
      nr & 1,
    );
    scheduler.begin(machine.plan.nrActors - 1);
    const { end, violations } = this.violations(scheduler);
    const fails = violations.some((v) => kindOf(v, subject.scenario) === this.kind);
    /* One that was cut off might have come to it. */
    const counts = !scheduler.failed && (fails || end !== 'step-bound');
    return {
      kept: counts && keeps(scheduler.log, orders),
      fails,
      isOther: !fails && violations.length > 0,
      log: scheduler.log,
    };
  }

  private violations(scheduler: KeepOrders): { end: EndKind; violations: readonly Violation[] } {
    const { runner, seed, maxSteps } = this;
    const { model, drops, observed: machine } = runner;
    if (isChecked(this.kind.split(' ')[0] as string)) {
      runner.beginBatch();
      const { execution, judgement, checked } = runner.watch(scheduler, seed, scheduler);
      return { end: execution.end, violations: [...judgement.violations, ...checked] };
    }
    const execution = runner.unchecked(() =>
      machine.execute(scheduler, { seed, maxSteps, observer: scheduler, model, drops }),
    );
    const violations = scheduler.failed ? [] : judge(machine, execution).violations;
    return { end: execution.end, violations };
  }
}
