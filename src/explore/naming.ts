// SPDX-License-Identifier: GPL-2.0-only
/** What accesses and events of a machine are called in a report. */
import type { FibersMachine } from '../engine/fibers/machine.js';
import { errnoName, patchStateName, TIF_PATCH_PENDING } from '../kernel/abi/constants.js';
import { task_struct } from '../kernel/abi/structs.js';
import { actorName } from '../machine/plan.js';
import { howName } from '../oracle/names.js';
import type { Violation } from '../oracle/violation.js';
import type { ExplainedAccess } from '../report/explanation_text.js';
import { taskName } from '../report/violation_text.js';
import { ACCESS } from '../schedule/scheduler.js';
import { eventRow, PHASE, type TraceRecord } from '../trace/events.js';
import { type Access, isWrite, UNKNOWN } from './accesses.js';
import { wordName } from './words.js';

const OPERATION: Readonly<Record<number, string>> = {
  [ACCESS.read]: 'READ',
  [ACCESS.write]: 'WRITE',
  [ACCESS.update]: 'UPDATE',
};

/** How much an event tells; those that are not here are not shown. */
const WEIGHTS: Readonly<Record<string, number>> = {
  klp_start: 2,
  klp_started: 2,
  cpu_online: 2,
  klp_complete: 2,
  klp_reverse: 2,
  klp_force: 2,
  task_new: 2,
  patch_state: 3,
  klp_init: 3,
  klp_completed: 3,
  klp_reversed: 3,
  cpu_dead: 3,
  task_exit: 4,
  cpu_up: 4,
  cpu_down: 4,
  klp_try: 4,
  mod_free: 4,
};

export interface ToldEvent {
  readonly step: number;
  readonly actor: number;
  readonly name: string;
  readonly text: string;
  readonly weight: number;
  /** The violation names it. */
  readonly isSite: boolean;
}

export class Naming {
  constructor(
    readonly machine: FibersMachine,
    /** Of tasks that ran, by address: the table may hold others by now. */
    private readonly pids: ReadonlyMap<number, number>,
  ) {}

  actor(actor: number): string {
    return actorName(this.machine.plan, actor);
  }

  /** A task of the table by its pid, as the trace has it: the machine still holds the execution. */
  word(addr: number): string {
    const { heap, plan } = this.machine;
    return wordName(plan, addr).replace(/^task#(\d+)/, (all, n: string) => {
      const { base, words } = plan.slabs.task;
      const task = base + Number(n) * words;
      const pid = this.pids.get(task) ?? (heap[task + task_struct.pid] as number);
      return pid > 0 && pid < 1 << 20 ? `task ${pid}` : all;
    });
  }

  place(site: number): { readonly fn: string; readonly place: string; readonly file: string } {
    const s = this.machine.tree.sites[site];
    if (s === undefined) return { fn: '?', place: '?', file: '' };
    return { fn: s.fn, place: `${s.file.split('/').at(-1)}:${s.line}`, file: s.file };
  }

  operation(a: Access): string {
    const changes = (a.access & ACCESS.write) !== 0;
    const op =
      OPERATION[changes && !isWrite(a) && a.access === ACCESS.update ? ACCESS.read : a.access] ?? '?';
    const word = this.word(a.addr).replace(/thread_flags$/, 'TIF_PATCH_PENDING');
    return `${op} ${word} ${this.values(a)}`;
  }

  private values(a: Access): string {
    const word = this.word(a.addr);
    if (!isWrite(a)) return `= ${this.value(word, a.after)}`;
    if (a.before === UNKNOWN) return `= ${this.value(word, a.after)}`;
    return `${this.value(word, a.before)} -> ${this.value(word, a.after)}`;
  }

  /** What a word holds, for people. */
  valueOf(word: string, value: number): string {
    return this.value(word, value);
  }

  private value(word: string, value: number): string {
    if (/(patch_state|klp_target_state)$/.test(word)) return patchStateName(value);
    if (/_mask$/.test(word)) return cpus(value);
    if (/thread_flags$/.test(word)) return String((value >> TIF_PATCH_PENDING) & 1);
    if (/(tasks|init_tasks|curr|func_stack|klp_transition_patch|next|prev)(\+\d)?$/.test(word)) {
      return value === 0 ? 'NULL' : this.word(value).replace(/\.(tasks|thread_flags|stack_node|patch)$/, '');
    }
    return String(value);
  }

  event(r: TraceRecord): string {
    const row = eventRow(r.ev);
    if (row === undefined) return `event ${r.ev}`;
    const values = [r.a, r.b, r.c, r.d, r.e];
    const fields = row.fields
      .map((field, i) => this.field(field, values[i] as number))
      .filter((f) => f !== '');
    return `${row.name} ${fields.join(' ')}`;
  }

  told(a: Access): Omit<ExplainedAccess, 'nr'> {
    const { fn, place } = this.place(a.site);
    return {
      step: a.step,
      actor: this.actor(a.actor),
      what: this.operation(a),
      word: this.word(a.addr),
      fn,
      place,
    };
  }

  task(pid: number): string {
    return taskName(pid, (actor) => this.actor(actor));
  }

  /** What the trace of the last execution tells of livepatch, hotplug and tasks, and the places of a violation. */
  events(violation: Violation): ToldEvent[] {
    const { trace } = this.machine;
    const sites = new Map(violation.sites.map((s) => [s.seq, s]));
    const r: TraceRecord = { seq: 0, ev: 0, actor: 0, task: 0, a: 0, b: 0, c: 0, d: 0, e: 0 };
    const found: ToldEvent[] = [];
    for (let i = 0; i < trace.length; i++) {
      trace.read(i, r);
      const name = eventRow(r.ev)?.name ?? '';
      const site = sites.get(i);
      const weight = WEIGHTS[name];
      if (weight === undefined && site === undefined) continue;
      const text = site === undefined || weight !== undefined ? this.event(r) : `${site.label}: ${site.text}`;
      found.push({
        step: trace.stepOf(i),
        actor: r.actor,
        name,
        text,
        weight: weight ?? 1,
        isSite: site !== undefined,
      });
    }
    return found;
  }

  private field(field: string, value: number): string {
    const { scenario } = this.machine;
    switch (field) {
      case 'patch':
        return scenario.patches[value]?.name ?? `patch ${value}`;
      case 'func':
        return scenario.functions[value]?.name ?? `function ${value}`;
      case 'from':
        return `${patchStateName(value)} ->`;
      case 'to':
      case 'patch_state':
        return patchStateName(value);
      case 'target':
        return `to ${patchStateName(value)}`;
      case 'errno':
        return value === 0 ? '' : errnoName(value);
      case 'switched':
      case 'child':
      case 'exiting':
      case 'checked':
        return this.task(value);
      case 'how':
        return `by ${howName(value)}`;
      case 'phase':
        return Object.entries(PHASE).find(([, nr]) => nr === value)?.[0] ?? '';
      case 'us':
      case 'cpuhp_state':
      case 'pf_flags':
        return '';
      default:
        return `${field}=${value}`;
    }
  }
}

function cpus(mask: number): string {
  const list: number[] = [];
  for (let cpu = 0; cpu < 32; cpu++) if (((mask >>> cpu) & 1) !== 0) list.push(cpu);
  return `{${list.join(',')}}`;
}
