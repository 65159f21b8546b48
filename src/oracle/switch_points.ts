// SPDX-License-Identifier: GPL-2.0-only
/**
 * A task that passes a switch point is on the target side afterwards (KLP-MISSED-SWITCH): what a task without a flag
 * cannot do, such as the idle task of a CPU that came up after the flags were set.
 *
 * The first pass after klp_started (or after a reversal's) may have begun before; its event was emitted after it,
 * so the second pass began after and must have found the flag. Judged only while no reversal, force or completion has
 * begun: each emits its event before it touches a flag.
 *
 * Under weak memory a flag that was set may be missed a few times more (`lag`): nothing orders it before the look at it.
 */
import { KLP_PATCHED, KLP_UNPATCHED, patchStateName } from '../kernel/abi/constants.js';
import type { Scenario } from '../scenario/types.js';
import { EV, SWITCH_POINT, type TraceRecord } from '../trace/events.js';
import { isIdlePid, Names, taskName } from './names.js';
import type { Oracle } from './oracle.js';
import { NEW, PATCH_MODEL_EVENTS, PatchModel, PHASE_OF } from './patch_model.js';
import { TaskSlots, widened } from './task_slots.js';
import { Findings } from './violation.js';

const { switch_point, syscall_exit, task_exit } = EV;

const POINT_NAMES = new Map<number, string>([
  [SWITCH_POINT.kernel_exit, 'kernel exit'],
  [SWITCH_POINT.idle, 'idle loop'],
  [SWITCH_POINT.kthread, 'kthread switch point'],
  [SWITCH_POINT.user_preempt, 'exit of an interrupt of user mode'],
]);

export const SWITCH_POINTS_CODES: readonly string[] = ['KLP-MISSED-SWITCH'];

export class SwitchPointsOracle implements Oracle {
  readonly id = 'switch-points';
  readonly codes = SWITCH_POINTS_CODES;
  readonly events = ['switch_point', 'syscall_exit', 'task_exit', ...PATCH_MODEL_EVENTS] as const;
  readonly suspicions = [];
  private readonly findings = new Findings();
  private readonly model: PatchModel;
  private readonly names: Names;
  private readonly cpus: number;
  private readonly slots: TaskSlots;
  /** Start at which the first pass was seen, and where. */
  private seenIn = new Int32Array(0);
  private seenSeq = new Float64Array(0);
  /** Passes after the first. */
  private passes = new Int32Array(0);
  private startedSeq = 0;
  private startedActor = 0;

  constructor(
    scenario: Scenario,
    private readonly lag = 0,
  ) {
    this.model = new PatchModel(scenario);
    this.names = new Names(scenario);
    this.cpus = scenario.machine.cpus;
    this.slots = new TaskSlots((n) => {
      this.seenIn = widened(this.seenIn, n);
      this.seenSeq = widened(this.seenSeq, n);
      this.passes = widened(this.passes, n);
    });
  }

  get violations() {
    return this.findings.list;
  }

  feed(r: TraceRecord): void {
    switch (r.ev) {
      case switch_point:
        /* In cond_resched a task switches only if its stack allows it. */
        if (r.a !== SWITCH_POINT.cond_resched) this.pass(r, r.b, r.a);
        break;
      case syscall_exit:
        this.pass(r, r.a, SWITCH_POINT.kernel_exit);
        break;
      case task_exit:
        this.slots.remove(r.a);
        break;
      default:
        this.model.feed(r);
        if (r.ev === EV.klp_started) {
          this.startedSeq = r.seq;
          this.startedActor = r.actor;
        }
    }
  }

  end(): void {}

  private pass(r: TraceRecord, state: number, kind: number): void {
    const { model } = this;
    if (model.phase !== PHASE_OF.active || model.forced) return;
    if (state === (model.target === NEW ? KLP_PATCHED : KLP_UNPATCHED)) return;
    let s = this.slots.find(r.task);
    if (s < 0) {
      s = this.slots.add(r.task);
      this.seenIn[s] = 0;
    }
    if (this.seenIn[s] !== model.startSerial) {
      this.seenIn[s] = model.startSerial;
      this.seenSeq[s] = r.seq;
      this.passes[s] = 0;
      return;
    }
    const passes = (this.passes[s] as number) + 1;
    this.passes[s] = passes;
    if (passes <= this.lag) return;
    const often = passes === 1 ? 'twice' : `${passes + 1} times`;
    const point = POINT_NAMES.get(kind) ?? 'switch point';
    const target = patchStateName(model.target === NEW ? KLP_PATCHED : KLP_UNPATCHED);
    const first = this.seenSeq[s] as number;
    const idle = isIdlePid(r.task);
    this.findings.add('KLP-MISSED-SWITCH', `${idle ? r.task : kind} ${target}`, () => ({
      summary: `passed its switch point (${point}) ${often} in the transition of ${this.names.patch(model.patch)} and is still ${patchStateName(state)}`,
      sites: [
        {
          label: 'flags set',
          seq: this.startedSeq,
          actor: this.startedActor,
          text: `klp_started: target=${target}`,
        },
        { label: 'first pass', seq: first, actor: r.actor, text: point },
        {
          label: passes === 1 ? 'second pass' : 'latest pass',
          seq: r.seq,
          actor: r.actor,
          text: `${point}: state=${patchStateName(state)}`,
        },
      ],
      task: r.task,
      cpu: r.actor < this.cpus ? r.actor : null,
      seq: r.seq,
      hint: `TIF_PATCH_PENDING of ${taskName(this.cpus, r.task)} is not set: nobody asked it to switch`,
    }));
  }
}
