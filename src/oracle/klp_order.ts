// SPDX-License-Identifier: GPL-2.0-only
/**
 * The order of the steps of a transition, and of the patches on a function: init, start, started, tries, complete,
 * completed; turned around or forced only while it runs; completed only after a try that found nothing left; a later
 * patch always lies over an earlier one. All functions of a patch are on their stacks when tasks are asked to switch to
 * it, and none when its unpatching has been completed. A transition goes to the side that it was begun for, or turned
 * round to (KLP-TARGET). While no transition runs nothing is refused, and nothing that was begun is given up, unless
 * another tracer has one of the functions: there is one administrator, and it asks for what can be done. All of it
 * happens under klp_mutex, so the order in the trace is exact.
 */
import {
  EBUSY,
  EINVAL,
  ENOMEM,
  KLP_PATCHED,
  KLP_UNDEFINED,
  KLP_UNPATCHED,
  patchStateName,
  WARN,
  warnName,
} from '../kernel/abi/constants.js';
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

/** Steps that name the side. */
const AIMED: ReadonlySet<EventName> = new Set(['klp_start', 'klp_started', 'klp_complete', 'klp_completed']);

const WARNS: ReadonlySet<number> = new Set([
  WARN.target_undefined,
  WARN.double_patch,
  WARN.double_unpatch,
  WARN.cancel_not_patched,
  WARN.ops_missing,
]);

/** Errors that the one administrator cannot meet outside of transitions; memory is sized to suffice. */
const REFUSALS: ReadonlyMap<number, string> = new Map([
  [-EBUSY, '-EBUSY'],
  [-EINVAL, '-EINVAL'],
  [-ENOMEM, '-ENOMEM'],
]);

export const KLP_ORDER_CODES: readonly string[] = [
  'KLP-ORDER',
  'KLP-STACK-ORDER',
  'KLP-FUNCS',
  'KLP-TARGET',
  'KLP-SPURIOUS-REFUSAL',
];

export class KlpOrderOracle implements Oracle {
  readonly id = 'klp-order';
  readonly codes = KLP_ORDER_CODES;
  readonly events: readonly EventName[] = [
    ...(Object.keys(RULES) as EventName[]),
    'klp_patch_func',
    'klp_unpatch_func',
    'klp_refused',
    'tracer',
    'warn',
  ];
  readonly suspicions = [];
  private readonly findings = new Findings();
  private readonly names: Names;
  private step: Step = 'idle';
  private patch = -1;
  /** The side that it goes to. */
  private target: number = KLP_UNDEFINED;
  private last: { name: string; seq: number; actor: number } | null = null;
  private enables = 0;
  /** When each patch was enabled, as a rank. */
  private readonly enabledAt = new Map<number, number>();
  /** Patches on each function, oldest first. */
  private readonly stacks = new Map<number, number[]>();

  /** Functions that another tracer has. */
  private readonly owned = new Set<number>();
  /** The patch whose enabling was given up, until its administrator is told; or -1. */
  private cancelled = -1;
  /** Functions by patch. */
  private readonly funcs: readonly (readonly number[])[];

  constructor(scenario: Scenario) {
    this.names = new Names(scenario);
    const byName = new Map(scenario.functions.map((f, id) => [f.name, id]));
    this.funcs = scenario.patches.map((p) => p.functions.map((f) => byName.get(f.fn) ?? -1));
  }

  get violations() {
    return this.findings.list;
  }

  feed(r: TraceRecord): void {
    if (r.ev === EV.klp_patch_func) this.pushed(r);
    else if (r.ev === EV.klp_unpatch_func) this.removed(r);
    else if (r.ev === EV.warn) this.warned(r);
    else if (r.ev === EV.klp_refused) this.refused(r);
    else if (r.ev === EV.tracer) this.owned[r.b === 0 ? 'delete' : 'add'](r.a);
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
      this.target = r.b;
      if (r.b === KLP_PATCHED && !this.enabledAt.has(r.a)) this.enabledAt.set(r.a, ++this.enables);
    }
    if (name === 'klp_completed' && r.b !== KLP_PATCHED) {
      this.enabledAt.delete(r.a);
      this.compare(r, false, 'is still on its func_stack after the unpatching of');
    }
    if (name === 'klp_start' && r.b === KLP_PATCHED && rule.from.includes(this.step))
      this.compare(r, true, 'is not on its func_stack when tasks are asked to switch to');
    if (name === 'klp_reverse') this.target = r.c;
    else if (name === 'klp_cancel') this.givenUp(r);
    else if (AIMED.has(name) && r.b !== this.target && rule.from.includes(this.step)) this.astray(name, r);
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

  private astray(name: EventName, r: TraceRecord): void {
    this.add('KLP-TARGET', `${name} ${r.b}`, r, {
      summary: `${name} of ${this.names.patch(r.a)} is for ${patchStateName(r.b)} in a transition to ${patchStateName(this.target)}`,
      label: name,
      text: `target ${patchStateName(r.b)}`,
    });
  }

  /** Functions of a patch that are, or are not, where they should be. */
  private compare(r: TraceRecord, there: boolean, what: string): void {
    const func = this.funcs[r.a]?.find((f) => (this.stacks.get(f) ?? []).includes(r.a) !== there);
    if (func === undefined) return;
    this.add('KLP-FUNCS', `${r.a} ${there}`, r, {
      summary: `${this.names.func(func)} ${what} ${this.names.patch(r.a)}`,
      label: there ? 'klp_start' : 'klp_completed',
      text: this.names.patch(r.a),
    });
  }

  private givenUp(r: TraceRecord): void {
    this.target = KLP_UNPATCHED;
    this.cancelled = r.a;
    if (this.funcs[r.a]?.some((f) => this.owned.has(f))) return;
    this.add('KLP-SPURIOUS-REFUSAL', `cancel ${r.a}`, r, {
      summary: `enabling ${this.names.patch(r.a)} was given up though nobody else has one of its functions`,
      label: 'klp_cancel',
      text: this.names.patch(r.a),
    });
  }

  private refused(r: TraceRecord): void {
    const error = REFUSALS.get(r.b);
    const known = this.cancelled === r.a;
    this.cancelled = -1;
    if (this.step !== 'idle' || error === undefined || known) return;
    this.add('KLP-SPURIOUS-REFUSAL', `${r.a} ${r.b}`, r, {
      summary: `an operation on ${this.names.patch(r.a)} got ${error} while no transition was running`,
      label: 'refused',
      text: this.names.patch(r.a),
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
