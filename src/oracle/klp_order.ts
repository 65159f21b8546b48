// SPDX-License-Identifier: GPL-2.0-only
/**
 * The order of the steps of a transition, and of the patches on a function: init, start, started, tries, complete,
 * completed; turned around or forced only while it runs; completed only after a try that found nothing left; a later
 * patch always lies over an earlier one. All of it happens under klp_mutex, so the order in the trace is exact.
 */
import { KLP_PATCHED, patchStateName, WARN, warnName } from '../kernel/abi/constants.js';
import type { Scenario } from '../scenario/types.js';
import { EV, type EventName, eventRow, type TraceRecord } from '../trace/events.js';
import { Names } from './names.js';
import type { Oracle } from './oracle.js';
import { Findings } from './violation.js';

type Step = 'idle' | 'init' | 'start' | 'running' | 'reversing' | 'restart' | 'done' | 'complete';

/** Which step an event needs, and which it leads to; null: it changes nothing. */
const RULES: Partial<Record<EventName, { readonly from: readonly Step[]; readonly to: Step | null }>> = {
  klp_init: { from: ['idle'], to: 'init' },
  klp_start: { from: ['init', 'reversing'], to: 'start' },
  klp_started: { from: ['start'], to: 'running' },
  klp_try: { from: ['running'], to: null },
  klp_signals: { from: ['running'], to: null },
  klp_force: { from: ['running'], to: null },
  klp_reverse: { from: ['running'], to: 'reversing' },
  klp_reversed: { from: ['running'], to: null },
  klp_cancel: { from: ['init'], to: 'done' },
  klp_complete: { from: ['done'], to: 'complete' },
  klp_completed: { from: ['complete'], to: 'idle' },
};

const WARNS: ReadonlySet<number> = new Set([
  WARN.target_undefined,
  WARN.double_patch,
  WARN.double_unpatch,
  WARN.cancel_not_patched,
  WARN.ops_missing,
]);

export const KLP_ORDER_CODES: readonly string[] = ['KLP-ORDER', 'KLP-STACK-ORDER'];

export class KlpOrderOracle implements Oracle {
  readonly id = 'klp-order';
  readonly codes = KLP_ORDER_CODES;
  readonly events: readonly EventName[] = [
    ...(Object.keys(RULES) as EventName[]),
    'klp_patch_func',
    'klp_unpatch_func',
    'warn',
  ];
  readonly suspicions = [];
  private readonly findings = new Findings();
  private readonly names: Names;
  private step: Step = 'idle';
  private patch = -1;
  private last: { name: string; seq: number; actor: number } | null = null;
  private enables = 0;
  /** When each patch was enabled, as a rank. */
  private readonly enabledAt = new Map<number, number>();
  /** Patches on each function, oldest first. */
  private readonly stacks = new Map<number, number[]>();

  constructor(scenario: Scenario) {
    this.names = new Names(scenario);
  }

  get violations() {
    return this.findings.list;
  }

  feed(r: TraceRecord): void {
    if (r.ev === EV.klp_patch_func) this.pushed(r);
    else if (r.ev === EV.klp_unpatch_func) this.removed(r);
    else if (r.ev === EV.warn) this.warned(r);
    else this.stepped(r);
  }

  end(): void {}

  private stepped(r: TraceRecord): void {
    const name = eventRow(r.ev)?.name as EventName;
    const rule = RULES[name];
    if (rule === undefined) return;
    const other = this.step !== 'idle' && r.a !== this.patch;
    if (!rule.from.includes(this.step) || other) this.misplaced(name, r, other);
    if (name === 'klp_init') {
      this.patch = r.a;
      if (r.b === KLP_PATCHED && !this.enabledAt.has(r.a)) this.enabledAt.set(r.a, ++this.enables);
    }
    if (name === 'klp_completed' && r.b !== KLP_PATCHED) this.enabledAt.delete(r.a);
    if (rule.to !== null) this.step = rule.to;
    if (name === 'klp_try' && r.b === 0) this.step = 'done';
    this.last = { name, seq: r.seq, actor: r.actor };
  }

  private misplaced(name: EventName, r: TraceRecord, other: boolean): void {
    const { last } = this;
    const where =
      this.step === 'idle'
        ? 'while no transition was running'
        : other
          ? `in the transition of ${this.names.patch(this.patch)}`
          : name === 'klp_complete'
            ? 'before all tasks had switched'
            : `after ${last?.name ?? 'nothing'}`;
    this.add('KLP-ORDER', `${name} ${this.step} ${other}`, r, {
      summary: `${name} of ${this.names.patch(r.a)} came ${where}`,
      label: name,
      text: `patch ${this.names.patch(r.a)}`,
    });
  }

  private pushed(r: TraceRecord): void {
    const stack = this.stacks.get(r.a) ?? [];
    this.stacks.set(r.a, stack);
    const rank = this.enabledAt.get(r.b);
    const over = stack.find((p) => (this.enabledAt.get(p) ?? 0) > (rank ?? 0));
    const func = this.names.func(r.a);
    const patch = this.names.patch(r.b);
    if (rank === undefined) {
      this.add('KLP-ORDER', `push ${r.a} ${r.b}`, r, {
        summary: `${func} of ${patch} was put on its func_stack before klp_init_transition`,
        label: 'klp_patch_func',
        text: func,
      });
    } else if (over !== undefined || stack.includes(r.b)) {
      this.add('KLP-STACK-ORDER', `${r.a} ${r.b}`, r, {
        summary: `${func} of ${patch} was put over that of ${this.names.patch(over ?? r.b)}, which was enabled later`,
        label: 'klp_patch_func',
        text: `func_stack: ${stack.map((p) => this.names.patch(p)).join(', ')}`,
      });
    }
    stack.push(r.b);
  }

  private removed(r: TraceRecord): void {
    const stack = this.stacks.get(r.a) ?? [];
    const at = stack.indexOf(r.b);
    if (at >= 0) {
      stack.splice(at, 1);
      return;
    }
    this.add('KLP-ORDER', `remove ${r.a} ${r.b}`, r, {
      summary: `${this.names.func(r.a)} of ${this.names.patch(r.b)} was taken off a func_stack on which it was not`,
      label: 'klp_unpatch_func',
      text: this.names.func(r.a),
    });
  }

  private warned(r: TraceRecord): void {
    if (!WARNS.has(r.a)) return;
    const detail = r.a === WARN.target_undefined ? `, target ${patchStateName(r.b)}` : '';
    this.add('KLP-ORDER', `warn ${r.a}`, r, {
      summary: `livepatch warned: ${warnName(r.a)}${detail}`,
      label: 'WARN_ON',
      text: warnName(r.a),
    });
  }

  private add(
    code: string,
    signature: string,
    r: TraceRecord,
    t: { summary: string; label: string; text: string },
  ): void {
    const { last } = this;
    const before =
      last === null ? [] : [{ label: last.name, seq: last.seq, actor: last.actor, text: 'the step before' }];
    const site = { label: t.label, seq: r.seq, actor: r.actor, text: t.text };
    this.findings.add(code, signature, () => ({
      summary: t.summary,
      sites: [...before, site],
      task: null,
      cpu: null,
      seq: r.seq,
    }));
  }
}
