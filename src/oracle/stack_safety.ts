// SPDX-License-Identifier: GPL-2.0-only
/**
 * Removed code: after a patch has been unpatched nothing runs it, holds it on its stack or can still choose it
 * (KLP-REMOVED, KLP-HELD), and after its module has been freed nothing is in its text (KLP-UAF). A forced removal keeps
 * its module for good, so KLP-UAF holds after klp_force too.
 *
 * A task that has left a function is seen to have left it before the event of whoever checked its stack; a handler's
 * choice is emitted with preemption off, before the grace period that klp_completed comes after.
 */
import { KLP_UNPATCHED, WARN } from '../kernel/abi/constants.js';
import type { Scenario } from '../scenario/types.js';
import { EV, OOPS, type TraceRecord } from '../trace/events.js';
import { HeldVersions } from './held_versions.js';
import { Names, taskName } from './names.js';
import type { Oracle, RunEnd } from './oracle.js';
import { Findings, type Site } from './violation.js';

const { func_enter, func_exit, klp_handler } = EV;

const OOPS_NAMES = new Map<number, string>([
  [OOPS.bad_opcode, 'a word that is no instruction'],
  [OOPS.stack_overflow, 'more calls than its stack holds'],
  [OOPS.stack_underflow, 'a return with nothing on its stack'],
]);

interface Module {
  text: number;
  size: number;
  loaded: boolean;
  freedSeq: number;
  freedActor: number;
  /** Between klp_init of its enabling and klp_completed of its unpatching. */
  live: boolean;
  removedSeq: number;
  removedActor: number;
  /** A removal was forced since it was loaded: its code may be in use. */
  forced: boolean;
}

export const STACK_SAFETY_CODES: readonly string[] = [
  'KLP-UAF',
  'KLP-REMOVED',
  'KLP-HELD',
  'KLP-OOPS',
  'KLP-LEAK',
];

export class StackSafetyOracle implements Oracle {
  readonly id = 'stack-safety';
  readonly codes = STACK_SAFETY_CODES;
  readonly events = [
    'func_enter',
    'func_exit',
    'klp_handler',
    'task_exit',
    'oops',
    'warn',
    'mod_load',
    'mod_free',
    'mod_put',
    'klp_init',
    'klp_force',
    'klp_completed',
  ] as const;
  readonly suspicions = [];
  private readonly findings = new Findings();
  private readonly names: Names;
  private readonly cpus: number;
  private readonly modules: Module[];
  private readonly held: HeldVersions;

  constructor(scenario: Scenario) {
    this.names = new Names(scenario);
    this.cpus = scenario.machine.cpus;
    this.held = new HeldVersions(scenario.patches.length);
    this.modules = scenario.patches.map(() => ({
      text: 0,
      size: 0,
      loaded: false,
      freedSeq: 0,
      freedActor: 0,
      live: false,
      removedSeq: 0,
      removedActor: 0,
      forced: false,
    }));
  }

  get violations() {
    return this.findings.list;
  }

  feed(r: TraceRecord): void {
    switch (r.ev) {
      case func_enter:
        if (r.b !== 0) this.entered(r);
        break;
      case func_exit:
        if (r.b !== 0) this.held.left(r.task, r.b - 1);
        break;
      case klp_handler:
        if (r.b !== 0) this.chosen(r);
        break;
      case EV.task_exit:
        this.held.forget(r.a);
        break;
      case EV.oops:
        this.oops(r);
        break;
      case EV.warn:
        if (r.a === WARN.freed_task) this.freedTask(r);
        break;
      case EV.klp_completed:
        if (r.b === KLP_UNPATCHED) this.unpatched(r);
        break;
      default:
        this.moduleEvent(r);
    }
  }

  /** A run that came to its end has removed all patches, and so all modules but those that were forced. */
  end(end: RunEnd): void {
    if (end.settled !== true) return;
    this.modules.forEach((m, patch) => {
      if (!m.loaded || m.forced) return;
      this.findings.add('KLP-LEAK', `${patch}`, () => ({
        summary: `the module of ${this.names.patch(patch)} was never removed`,
        sites: [
          { label: 'unpatched', seq: m.removedSeq, actor: m.removedActor, text: this.names.patch(patch) },
        ],
        task: null,
        cpu: null,
        seq: m.removedSeq,
      }));
    });
  }

  private moduleEvent(r: TraceRecord): void {
    const m = this.modules[r.a];
    if (m === undefined) return;
    if (r.ev === EV.mod_load) Object.assign(m, { text: r.b, size: r.c, loaded: true, forced: false });
    else if (r.ev === EV.mod_free) this.freed(r, m);
    else if (r.ev === EV.mod_put) this.put(r, m);
    else if (r.ev === EV.klp_init) m.live = true;
    else if (r.ev === EV.klp_force && r.b === KLP_UNPATCHED) m.forced = true;
  }

  private entered(r: TraceRecord): void {
    const patch = r.b - 1;
    const m = this.modules[patch];
    if (m === undefined) return;
    if (!m.loaded || r.c < m.text || r.c >= m.text + m.size) this.inFreedText(r, m, patch);
    else if (!m.live && !m.forced) {
      this.add('KLP-REMOVED', `enter ${r.a} ${patch}`, r, {
        summary: `ran ${this.names.funcVersion(r.a, r.b)} after it had been unpatched`,
        sites: [this.removedSite(m), this.enterSite(r)],
      });
    }
    this.held.entered(r, patch);
  }

  private inFreedText(r: TraceRecord, m: Module, patch: number): void {
    const freed: Site = {
      label: 'freed',
      seq: m.freedSeq,
      actor: m.freedActor,
      text: `text of ${this.names.patch(patch)}`,
    };
    this.add('KLP-UAF', `enter ${r.a} ${patch}`, r, {
      summary: `ran ${this.names.funcVersion(r.a, r.b)} in text that had been freed`,
      sites: [freed, this.enterSite(r)],
    });
  }

  private chosen(r: TraceRecord): void {
    const patch = r.b - 1;
    const m = this.modules[patch];
    if (m === undefined || m.live) return;
    this.add('KLP-REMOVED', `choose ${r.a} ${patch}`, r, {
      summary: `was sent to ${this.names.funcVersion(r.a, r.b)} by the handler after it had been unpatched`,
      sites: [
        this.removedSite(m),
        { label: 'handler', seq: r.seq, actor: r.actor, text: `transition=${r.c} state=${r.d}` },
      ],
    });
  }

  private unpatched(r: TraceRecord): void {
    const m = this.modules[r.a];
    if (m === undefined) return;
    m.live = false;
    m.removedSeq = r.seq;
    m.removedActor = r.actor;
    if (m.forced) return;
    this.reportHolder('KLP-HELD', r, 'when the unpatching of it was completed');
  }

  /** Nothing keeps the module from being removed: its patch must have been unpatched. */
  private put(r: TraceRecord, m: Module): void {
    if (m.forced) {
      this.add('KLP-UAF', `forced ${r.a}`, r, {
        summary: `the last reference to the module of ${this.names.patch(r.a)} was dropped though its removal was forced: its code may be in use`,
        sites: [{ label: 'module_put', seq: r.seq, actor: r.actor, text: this.names.patch(r.a) }],
      });
    }
    if (!m.live) return;
    this.add('KLP-UAF', `put ${r.a}`, r, {
      summary: `the last reference to the module of ${this.names.patch(r.a)} was dropped while the patch was enabled`,
      sites: [{ label: 'module_put', seq: r.seq, actor: r.actor, text: this.names.patch(r.a) }],
    });
  }

  private freed(r: TraceRecord, m: Module): void {
    m.loaded = false;
    m.freedSeq = r.seq;
    m.freedActor = r.actor;
    this.reportHolder('KLP-UAF', r, 'when its module was freed');
    if (!m.live) return;
    this.findings.add('KLP-UAF', `live ${r.a}`, () => ({
      summary: `the module of ${this.names.patch(r.a)} was freed while the patch was enabled`,
      sites: [{ label: 'freed', seq: r.seq, actor: r.actor, text: `text of ${this.names.patch(r.a)}` }],
      task: null,
      cpu: null,
      seq: r.seq,
    }));
  }

  private reportHolder(code: string, r: TraceRecord, when: string): void {
    const holder = this.held.holder(r.a);
    if (holder === null) return;
    const what = this.names.funcVersion(holder.func, r.a + 1);
    this.findings.add(code, `${when} ${r.a}`, () => ({
      summary: `had ${what} on its stack ${when}`,
      sites: [
        { label: 'entered', seq: holder.seq, actor: holder.actor, text: what },
        {
          label: r.ev === EV.mod_free ? 'freed' : 'completed',
          seq: r.seq,
          actor: r.actor,
          text: this.names.patch(r.a),
        },
      ],
      task: holder.pid,
      cpu: null,
      seq: r.seq,
      ...(holder.others > 0 ? { hint: `${holder.others} more tasks had it too` } : {}),
    }));
  }

  private oops(r: TraceRecord): void {
    this.held.abandon(r.task);
    const site: Site = { label: 'oops', seq: r.seq, actor: r.actor, text: `pc=${r.b}` };
    if (r.a === OOPS.poison) {
      const patch = this.modules.findIndex((m) => !m.loaded && r.b >= m.text && r.b < m.text + m.size);
      const whose = patch < 0 ? 'freed text' : `the freed text of ${this.names.patch(patch)}`;
      const summary = `executed ${whose}`;
      this.add('KLP-UAF', `poison ${patch}`, r, { summary, sites: [site] });
    } else {
      const summary = `met ${OOPS_NAMES.get(r.a) ?? `oops ${r.a}`}`;
      this.add('KLP-OOPS', `oops ${r.a}`, r, { summary, sites: [site] });
    }
  }

  private freedTask(r: TraceRecord): void {
    const site: Site = { label: 'WARN_ON', seq: r.seq, actor: r.actor, text: 'freed_task' };
    const summary = `touched the task_struct of ${taskName(this.cpus, r.b)}, which had been freed`;
    this.add('KLP-UAF', 'freed_task', r, { summary, sites: [site] });
  }

  private removedSite(m: Module): Site {
    return {
      label: 'removed',
      seq: m.removedSeq,
      actor: m.removedActor,
      text: 'klp_completed: target=UNPATCHED',
    };
  }

  private enterSite(r: TraceRecord): Site {
    return { label: 'entered', seq: r.seq, actor: r.actor, text: this.names.funcVersion(r.a, r.b) };
  }

  private add(code: string, signature: string, r: TraceRecord, t: { summary: string; sites: Site[] }): void {
    const cpu = r.actor < this.cpus ? r.actor : null;
    this.findings.add(code, signature, () => ({ ...t, task: r.task, cpu, seq: r.seq }));
  }
}
