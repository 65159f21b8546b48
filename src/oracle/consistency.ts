// SPDX-License-Identifier: GPL-2.0-only
/**
 * The consistency rule, re-derived from what livepatch promises and not from how it does it: a task is on one side of
 * a transition and calls the version of every function that this side has; it changes sides only where it cannot mix.
 *
 * Judged from what really ran (func_enter, func_exit) and from patch_state events:
 * 1. Every entry is of the version that the task's side has (KLP-MIX, KLP-MIX-UNIT or KLP-WRONG-VERSION, by what the
 *    task has done before). Outside transitions that is the version on top.
 * 2. A task is switched only while no function of the patch, in the version that it leaves, is on its stack
 *    (KLP-SWITCH-ON-STACK).
 * 3. Between two points at which a task may switch it sees one version only (KLP-MIX-UNIT). With reliable stacks it
 *    may also be switched whenever it is off its CPU; without, only at its own switch points.
 * After klp_force all that is waived until the transition has ended, and after that for the frames that were on stacks
 * then, and for one entry that may have been decided on before.
 *
 * Why no rule raises a false alarm when a thread is held up between an access and its event: events of a task are
 * ordered among themselves, also across CPUs; whoever switches a task emits patch_state before it lets go of what
 * keeps the task from running; and klp_completed comes after the grace period that waits for switches in flight.
 */
import type { Scenario } from '../scenario/types.js';
import { EV, HOW, SWITCH_POINT, type TraceRecord } from '../trace/events.js';
import { frameWord, NONE } from './frames.js';
import { MixReport } from './mix_report.js';
import { idlePid } from './names.js';
import type { Oracle } from './oracle.js';
import { NEW, NO_SIDE, OLD, PATCH_MODEL_EVENTS, PatchModel, PHASE_OF, sideOf } from './patch_model.js';
import { TaskSides } from './task_sides.js';

const { func_enter, func_exit, switch_point, syscall_exit, sched_switch, patch_state } = EV;
const { task_new, task_exit, cpu_dead, cpu_boot, oops } = EV;

export const CONSISTENCY_CODES: readonly string[] = [
  'KLP-MIX',
  'KLP-MIX-UNIT',
  'KLP-WRONG-VERSION',
  'KLP-SWITCH-ON-STACK',
  'TRACE-NESTING',
];

export class ConsistencyOracle implements Oracle {
  readonly id = 'consistency';
  readonly codes = CONSISTENCY_CODES;
  readonly events;
  readonly suspicions = [];
  private readonly model: PatchModel;
  private readonly tasks: TaskSides;
  private readonly report: MixReport;
  private readonly functions: number;
  private readonly reliable: boolean;

  constructor(scenario: Scenario) {
    this.reliable = scenario.machine.reliableStacks;
    this.model = new PatchModel(scenario);
    this.functions = scenario.functions.length;
    this.tasks = new TaskSides(this.model, this.functions);
    this.report = new MixReport(scenario, this.model, this.tasks);
    this.events = [
      'func_enter',
      'func_exit',
      'switch_point',
      'syscall_exit',
      ...(this.reliable ? (['sched_switch'] as const) : []),
      'cpu_dead',
      'cpu_boot',
      'patch_state',
      'task_new',
      'task_exit',
      'oops',
      ...PATCH_MODEL_EVENTS,
    ] as const;
  }

  get violations() {
    return this.report.findings.list;
  }

  feed(r: TraceRecord): void {
    switch (r.ev) {
      case func_enter:
        this.enter(r);
        break;
      case func_exit:
        this.exit(r);
        break;
      case switch_point:
        /* Without reliable stacks nobody may be switched inside a system call, not even here. */
        if (this.reliable || r.a !== SWITCH_POINT.cond_resched) this.boundary(r.task);
        break;
      case syscall_exit:
        this.boundary(r.task);
        break;
      case sched_switch:
        this.boundary(r.a);
        break;
      case cpu_dead:
      case cpu_boot:
        this.boundary(idlePid(r.a));
        break;
      case patch_state:
        this.switched(r);
        break;
      case task_new:
        this.born(r);
        break;
      case task_exit:
        this.tasks.forget(r.a);
        break;
      case oops:
        this.abandon(r.task);
        break;
      default:
        this.model.feed(r);
    }
  }

  end(): void {}

  private enter(r: TraceRecord): void {
    const { model, tasks } = this;
    const func = r.a;
    if (func < 0 || func >= this.functions) {
      this.report.nesting(r, 'entered a function that the scenario does not have', NONE);
      return;
    }
    const s = tasks.claim(r.task);
    tasks.waivePast(s);
    const word = frameWord(func, r.b);
    const side = model.patch < 0 ? NEW : tasks.sideOfTask(s);
    const right = side === NO_SIDE ? this.onEitherSide(func, r.b) : r.b === model.expected(func, side);
    let judged = !model.forced;
    if (tasks.grace[s] === 1) {
      tasks.grace[s] = 0;
      judged &&= right;
      if (!right) tasks.tainted[s] = (tasks.depth[s] as number) + 1;
    }
    if (judged) {
      if (!right) this.report.wrongEntry(r, s, side);
      else if (tasks.suspect[s] !== 0 && model.isQuestioned(func)) this.report.mixedAfterSwitch(r, s);
    }
    tasks.push(s, word, r);
    if (right) tasks.noteRun(s, func, word, r);
  }

  private onEitherSide(func: number, version: number): boolean {
    return version === this.model.expected(func, OLD) || version === this.model.expected(func, NEW);
  }

  private exit(r: TraceRecord): void {
    const { tasks } = this;
    const s = tasks.slots.find(r.task);
    if (s < 0 || tasks.top[s] === NONE) {
      this.report.nesting(r, 'left a function that it had not entered', NONE);
      return;
    }
    tasks.waivePast(s);
    const top = tasks.top[s] as number;
    if (tasks.frames.word[top] !== frameWord(r.a, r.b)) {
      this.report.nesting(r, 'left a function while in another', top);
    }
    tasks.pop(s);
    if (tasks.depth[s] === 0 && tasks.suspect[s] === 2) tasks.suspect[s] = 0;
  }

  private boundary(pid: number): void {
    const s = this.tasks.slots.find(pid);
    if (s < 0) return;
    this.tasks.waivePast(s);
    this.tasks.boundary(s);
  }

  private switched(r: TraceRecord): void {
    const { model, tasks } = this;
    const s = tasks.claim(r.a);
    tasks.waivePast(s);
    const from = tasks.sideOfTask(s);
    const to = sideOf(r.c);
    tasks.setSide(s, to);
    tasks.noteSwitch(s, r);
    if (model.patch < 0 || model.forced || r.d === HOW.force || to === NO_SIDE || from === to) return;
    const left = to === NEW ? OLD : NEW;
    const frame = tasks.frameOnSide(s, model.patch, left);
    if (frame !== NONE) {
      this.report.switchOnStack(r, frame, left);
      tasks.suspect[s] = 2;
    } else if (tasks.questionedInUnit(s) >= 0) {
      /* Harmless unless it now runs a function of the other side before it reaches a place where it may switch. */
      tasks.suspect[s] = 1;
    }
  }

  private born(r: TraceRecord): void {
    const { model, tasks } = this;
    if (model.patch < 0 && model.forceSerial === 0) return;
    const s = tasks.claim(r.a);
    tasks.startsClean(s);
    if (model.patch < 0) return;
    const side = sideOf(r.b);
    /* While states are still being set, a child without one gets the initial one like all others. */
    if (side !== NO_SIDE) tasks.setSide(s, side);
    else if (model.phase !== PHASE_OF.init) tasks.setSide(s, NO_SIDE);
  }

  private abandon(pid: number): void {
    const s = this.tasks.slots.find(pid);
    if (s >= 0) this.tasks.dropFrames(s);
  }
}
