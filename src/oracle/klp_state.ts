// SPDX-License-Identifier: GPL-2.0-only
/**
 * The states and flags of livepatch: a handler never meets an undefined state in a transition; switches happen in
 * transitions only and to their target; a transition ends when all have switched; between transitions no task has a
 * state or a flag; a child is born with a state and flag that belong together.
 *
 * What audit and warn events tell was found by the machine under a lock, and is passed on. The rest is judged from
 * events whose order is exact: task_new is emitted under tasklist_lock, a switch with preemption off or with the task
 * pinned, and a transition ends after a grace period that waits for switches in flight.
 */
import { KLP_UNDEFINED, patchStateName, WARN, warnName } from '../kernel/abi/constants.js';
import type { Scenario } from '../scenario/types.js';
import { AUDIT, EV, type TraceRecord } from '../trace/events.js';
import { howName, isIdlePid, Names, taskName } from './names.js';
import type { Oracle } from './oracle.js';
import { NEW, NO_SIDE, OLD, PATCH_MODEL_EVENTS, PatchModel, PHASE_OF, sideOf } from './patch_model.js';
import { SideCount } from './side_count.js';
import { Findings } from './violation.js';

const { klp_handler, switch_point, idle_pass, patch_state } = EV;
const STALE = 'KLP-STALE';
const TIF = 'KLP-TIF-LEFT';
const STRAY = 'KLP-STRAY-SWITCH';

const AUDITED = new Map<number, string>([
  [AUDIT.inited, 'when a transition began'],
  [AUDIT.completed, 'when a transition had ended'],
  [AUDIT.forced, 'when a transition had been forced'],
]);

/** Codes of warnings that are about states and flags; the others have oracles of their own. */
const WARN_CODE: ReadonlyMap<number, string> = new Map([
  [WARN.init_state, STALE],
  [WARN.complete_pending, TIF],
  [WARN.handler_no_func, 'KLP-WARN'],
  [WARN.recursion, 'KLP-WARN'],
  [WARN.preempt_leak, 'KLP-WARN'],
]);

export const KLP_STATE_CODES: readonly string[] = [
  'KLP-UNDEF',
  STALE,
  TIF,
  STRAY,
  'KLP-WRONG-TARGET',
  'KLP-INCOMPLETE',
  'KLP-NO-FLAG',
  'KLP-WARN',
];

export class KlpStateOracle implements Oracle {
  readonly id = 'klp-state';
  readonly codes = KLP_STATE_CODES;
  readonly events = [
    'klp_handler',
    'switch_point',
    'idle_pass',
    'patch_state',
    'task_new',
    'task_exit',
    'audit',
    'warn',
    ...PATCH_MODEL_EVENTS,
  ] as const;
  readonly suspicions = [];
  private readonly findings = new Findings();
  private readonly model: PatchModel;
  private readonly names: Names;
  private readonly sides: SideCount;
  private readonly cpus: number;

  constructor(scenario: Scenario) {
    this.model = new PatchModel(scenario);
    this.names = new Names(scenario);
    this.sides = new SideCount();
    this.cpus = scenario.machine.cpus;
  }

  get violations() {
    return this.findings.list;
  }

  feed(r: TraceRecord): void {
    switch (r.ev) {
      case klp_handler:
        if (r.c !== 0 && r.d === KLP_UNDEFINED) this.undefinedState(r);
        break;
      case switch_point:
        if (isIdlePid(r.task)) this.idleSeen(r.task, r.b);
        break;
      case idle_pass:
        this.idleSeen(r.task, r.b);
        break;
      case patch_state:
        this.switched(r);
        break;
      case EV.task_new:
        this.born(r);
        break;
      case EV.task_exit:
        this.sides.forget(r.a);
        break;
      case EV.audit:
        this.audit(r);
        break;
      case EV.warn:
        this.warned(r);
        break;
      case EV.klp_completed:
        this.completed(r);
        this.model.feed(r);
        break;
      default:
        this.model.feed(r);
        if (r.ev === EV.klp_init) this.sides.start(this.model.initial);
    }
  }

  end(): void {}

  private undefinedState(r: TraceRecord): void {
    this.add('KLP-UNDEF', `handler ${r.a}`, r, r.task, {
      summary: `called ${this.names.func(r.a)} in transition with patch_state UNDEFINED, and got ${this.names.version(r.b)}`,
      text: 'handler: transition=1 state=UNDEFINED',
      hint: 'no state was set before func->transition, or it was reset too early',
    });
  }

  /** Its state is known now. Idle tasks count from then on: those of offline CPUs may rest in any state. */
  private idleSeen(pid: number, state: number): void {
    if (this.inTransition()) this.sides.set(pid, sideOf(state));
  }

  private inTransition(): boolean {
    return this.model.phase >= PHASE_OF.starting && this.model.phase <= PHASE_OF.reversing;
  }

  private switched(r: TraceRecord): void {
    const { model } = this;
    const to = sideOf(r.c);
    if (model.phase === PHASE_OF.none || model.phase === PHASE_OF.init) {
      this.add(STRAY, `${model.phase} ${r.c} ${r.d}`, r, r.a, {
        summary: `was switched to ${patchStateName(r.c)} by ${howName(r.d)} ${model.phase === PHASE_OF.none ? 'while no transition was running' : 'before the transition was started'}`,
        text: changeText(r),
        hint: 'its TIF_PATCH_PENDING was left over',
      });
      return;
    }
    this.sides.set(r.a, to);
    const known = model.phase !== PHASE_OF.reversing;
    if (to === NO_SIDE || (known && to !== model.target)) {
      this.add('KLP-WRONG-TARGET', `${r.c} ${r.d}`, r, r.a, {
        summary: `was switched to ${patchStateName(r.c)} by ${howName(r.d)} while the transition of ${this.names.patch(model.patch)} went to ${this.targetName()}`,
        text: changeText(r),
        hint: 'it acted on a klp_target_state that was no longer, or not yet, valid',
      });
    }
  }

  private targetName(): string {
    return this.model.target === NEW ? 'PATCHED' : 'UNPATCHED';
  }

  private born(r: TraceRecord): void {
    const { model } = this;
    const side = sideOf(r.b);
    if (model.phase === PHASE_OF.none) {
      if (side !== NO_SIDE)
        this.add(STALE, 'fork', r, r.a, {
          summary: `was forked with patch_state ${patchStateName(r.b)} while no transition was running`,
          text: bornText(r),
        });
      if (r.c !== 0)
        this.add(TIF, 'fork', r, r.a, {
          summary: 'was forked with TIF_PATCH_PENDING while no transition was running',
          text: bornText(r),
        });
    } else if (model.phase === PHASE_OF.active && !model.forced) {
      if (side === NO_SIDE) {
        this.add('KLP-UNDEF', 'fork', r, r.a, {
          summary: 'was forked in a transition with patch_state UNDEFINED',
          text: bornText(r),
        });
      } else if (side !== model.target && r.c === 0) {
        this.add('KLP-NO-FLAG', 'fork', r, r.a, {
          summary: `was forked ${patchStateName(r.b)} without TIF_PATCH_PENDING while the transition of ${this.names.patch(model.patch)} went to ${this.targetName()}`,
          text: bornText(r),
          hint: `${taskName(this.cpus, r.a)} will never switch itself; its flag and its state were copied at different times`,
        });
      }
    }
    this.sides.set(r.a, side !== NO_SIDE || model.phase === PHASE_OF.none ? side : this.defaultSide());
  }

  /** Of a child without a state: while states are being set or reset it gets what all get. */
  private defaultSide(): number {
    const { model } = this;
    if (model.phase === PHASE_OF.init) return model.initial;
    return model.phase === PHASE_OF.completing ? model.target : NO_SIDE;
  }

  private audit(r: TraceRecord): void {
    if (r.b === 0) return;
    const at = AUDITED.get(r.a) ?? '';
    const more = r.b > 1 ? `, and ${r.b - 1} more` : '';
    const code = r.e !== 0 ? TIF : STALE;
    const what = r.e !== 0 ? 'had TIF_PATCH_PENDING' : `had patch_state ${patchStateName(r.d)}`;
    this.add(code, `audit ${r.a}`, r, r.c, {
      summary: `${what} ${at}${more}`,
      text: `audit: offenders=${r.b} state=${patchStateName(r.d)} pending=${r.e}`,
    });
  }

  private warned(r: TraceRecord): void {
    const code = WARN_CODE.get(r.a);
    if (code === undefined) return;
    const subject = code === 'KLP-WARN' ? r.task : r.b;
    const what: Record<string, string> = {
      [STALE]: 'had a patch_state when a transition began',
      [TIF]: 'had TIF_PATCH_PENDING when a transition was completed',
      'KLP-WARN': `made the kernel warn: ${warnName(r.a)}`,
    };
    this.add(code, `warn ${r.a}`, r, subject, {
      summary: what[code] ?? '',
      text: `WARN_ON: ${warnName(r.a)}`,
    });
  }

  private completed(r: TraceRecord): void {
    const target = sideOf(r.b);
    const other = target === NEW ? OLD : NEW;
    const left = this.sides.count(other);
    if (left === 0 || this.model.forced) return;
    const pids = this.sides.pids(other, 4);
    const others = pids
      .slice(1)
      .map((pid) => taskName(this.cpus, pid))
      .join(', ');
    const rest = left - pids.length;
    const more = left === 1 ? '' : `; so were ${others}${rest > 0 ? ` and ${rest} more` : ''}`;
    this.add('KLP-INCOMPLETE', `${r.a} ${pids.every(isIdlePid)}`, r, pids[0] ?? null, {
      summary: `was still ${other === NEW ? 'PATCHED' : 'UNPATCHED'} when the transition of ${this.names.patch(r.a)} to ${patchStateName(r.b)} was completed${more}`,
      text: 'klp_completed',
    });
  }

  private add(
    code: string,
    signature: string,
    r: TraceRecord,
    task: number | null,
    text: { summary: string; text: string; hint?: string },
  ): void {
    this.findings.add(code, signature, () => ({
      summary: text.summary,
      sites: [{ label: 'here', seq: r.seq, actor: r.actor, text: text.text }],
      task,
      cpu: task === r.task && r.actor < this.cpus ? r.actor : null,
      seq: r.seq,
      ...(text.hint === undefined ? {} : { hint: text.hint }),
    }));
  }
}

function bornText(r: TraceRecord): string {
  return `task_new: state=${patchStateName(r.b)} pending=${r.c}`;
}

function changeText(r: TraceRecord): string {
  return `${patchStateName(r.b)} -> ${patchStateName(r.c)} (${howName(r.d)})`;
}
