// SPDX-License-Identifier: GPL-2.0-only
/**
 * CPU hotplug: a dead CPU runs nothing; the mask of online CPUs changes only inside an operation on that CPU, under the
 * hotplug lock held for writing, one operation at a time, and not while hotplug is disabled; -EBUSY has a reason; and
 * an operation that succeeds has done what it is for (CPUHP-RESULT).
 *
 * cpu_up and cpu_down begin before the operation takes its first lock and end after it dropped the last, so such spans
 * may overlap; what may not is two of them with the lock held. hotplug_disable is emitted under cpu_add_remove_lock,
 * under which an operation decides, so the counter of the trace is the counter that it saw. An errno of -EBUSY from a
 * hotplug callback would be taken for a spurious one: no callback of ours gives it.
 */
import { CPUHP_OFFLINE, CPUHP_ONLINE, EBUSY, EINVAL, WARN } from '../kernel/abi/constants.js';
import type { Scenario } from '../scenario/types.js';
import { EV, PHASE, type TraceRecord } from '../trace/events.js';
import { isIdlePid, taskName } from './names.js';
import type { Oracle } from './oracle.js';
import { Findings, type Site } from './violation.js';

const { func_enter, syscall_enter, sched_switch, idle_pass, switch_point } = EV;

interface Operation {
  readonly name: 'cpu_up' | 'cpu_down';
  readonly cpu: number;
  readonly actor: number;
  readonly seq: number;
  /** Hotplug was disabled at some time since it began. */
  disabled: boolean;
  /** At some time since it began one CPU was online. */
  lastCpu: boolean;
  /** The CPU came or went since it began, be it by another operation. */
  changed: boolean;
  /** The CPU was online when it began. */
  readonly wasOnline: boolean;
}

export const HOTPLUG_CODES: readonly string[] = [
  'CPUHP-RAN-OFFLINE',
  'CPUHP-SPURIOUS-EBUSY',
  'CPUHP-RESULT',
  'CPUHP-OVERLAP',
  'CPUHP-STRAY-CHANGE',
  'CPUHP-UNLOCKED',
  'CPUHP-DISABLED',
  'CPUHP-UNBALANCED',
];

export class HotplugOracle implements Oracle {
  readonly id = 'hotplug';
  readonly codes = HOTPLUG_CODES;
  readonly events = [
    'func_enter',
    'syscall_enter',
    'sched_switch',
    'idle_pass',
    'switch_point',
    'cpu_up',
    'cpu_down',
    'cpu_online',
    'cpu_dead',
    'cpu_boot',
    'hotplug_disable',
    'rwsem_write',
    'warn',
  ] as const;
  readonly suspicions = [];
  private readonly findings = new Findings();
  private readonly cpus: number;
  /** By actor: 1 between cpu_dead and cpu_boot. */
  private readonly dead: Uint8Array;
  private readonly deadSeq: Float64Array;
  private online = 0;
  private nrOnline: number;
  private disabled = 0;
  private disabledSite: Site | null = null;
  private readonly operations: Operation[] = [];
  /** Actors inside the lock as writers. */
  private readonly writers = new Set<number>();

  constructor(scenario: Scenario) {
    const { cpus, online } = scenario.machine;
    this.cpus = cpus;
    this.dead = new Uint8Array(256);
    this.deadSeq = new Float64Array(256);
    this.nrOnline = online;
    for (let cpu = 0; cpu < cpus; cpu++) {
      if (cpu < online) this.online |= 1 << cpu;
      else this.dead[cpu] = 1;
    }
  }

  get violations() {
    return this.findings.list;
  }

  feed(r: TraceRecord): void {
    switch (r.ev) {
      case func_enter:
      case syscall_enter:
      case idle_pass:
      case switch_point:
        if (this.dead[r.actor] === 1) this.ranOffline(r, r.task);
        break;
      case sched_switch:
        if (this.dead[r.actor] === 1 && !isIdlePid(r.b)) this.ranOffline(r, r.b);
        break;
      case EV.cpu_dead:
        this.dead[r.actor] = 1;
        this.deadSeq[r.actor] = r.seq;
        break;
      case EV.cpu_boot:
        this.dead[r.actor] = 0;
        break;
      case EV.cpu_online:
        this.onlineChanged(r);
        break;
      case EV.hotplug_disable:
        this.disableChanged(r);
        break;
      case EV.rwsem_write:
        if (r.b === PHASE.begin) this.writers.add(r.actor);
        else if (r.b === PHASE.end) this.writers.delete(r.actor);
        break;
      case EV.warn:
        if (r.a === WARN.unbalanced_hotplug_enable) this.unbalanced(r, 'WARN_ON: unbalanced_hotplug_enable');
        break;
      default:
        if (r.b === PHASE.begin) this.begin(r);
        else if (r.b === PHASE.end) this.finish(r);
    }
  }

  end(): void {}

  private begin(r: TraceRecord): void {
    this.operations.push({
      name: r.ev === EV.cpu_up ? 'cpu_up' : 'cpu_down',
      cpu: r.a,
      actor: r.actor,
      seq: r.seq,
      disabled: this.disabled > 0,
      lastCpu: this.nrOnline <= 1,
      changed: false,
      wasOnline: this.isOnline(r.a),
    });
  }

  private finish(r: TraceRecord): void {
    const at = this.operations.findIndex((op) => op.actor === r.actor && op.cpu === r.a);
    if (at < 0) return;
    const [op] = this.operations.splice(at, 1) as [Operation];
    this.checkResult(op, r);
    if (r.c !== -EBUSY || op.disabled || (op.name === 'cpu_down' && op.lastCpu)) return;
    this.add('CPUHP-SPURIOUS-EBUSY', op.name, r, {
      summary: `${op.name}(${op.cpu}) got -EBUSY though hotplug was not disabled at any time meanwhile`,
      sites: [this.opSite(op), { label: 'refused', seq: r.seq, actor: r.actor, text: 'errno=-EBUSY' }],
    });
  }

  private isOnline(cpu: number): boolean {
    return ((this.online >> cpu) & 1) !== 0;
  }

  /** 0: the CPU is all the way on the side that was asked for. -EINVAL: only of a CPU that is down and cannot go down. */
  private checkResult(op: Operation, r: TraceRecord): void {
    const up = op.name === 'cpu_up';
    const elsewhere = this.isOnline(op.cpu) !== up && !op.changed;
    const halfway = r.e !== (up ? CPUHP_ONLINE : CPUHP_OFFLINE);
    const undone = r.c === 0 && (elsewhere || halfway);
    const refused = r.c === -EINVAL && !op.changed && (up || op.wasOnline);
    if (!undone && !refused) return;
    const what = r.c === 0 ? 'succeeded' : 'got -EINVAL';
    const now = `the CPU is ${this.isOnline(op.cpu) ? 'online' : 'offline'}, in state ${r.e}`;
    this.add('CPUHP-RESULT', `${op.name} ${r.c}`, r, {
      summary: `${op.name}(${op.cpu}) ${what}, though ${now}`,
      sites: [this.opSite(op), { label: 'result', seq: r.seq, actor: r.actor, text: `errno=${r.c}` }],
    });
  }

  private onlineChanged(r: TraceRecord): void {
    const on = r.b !== 0;
    const change: Site = { label: on ? 'online' : 'offline', seq: r.seq, actor: r.actor, text: `cpu${r.a}` };
    const what = `cpu${r.a} went ${on ? 'online' : 'offline'}`;
    const op = this.operations.find((o) => o.cpu === r.a);
    if (op === undefined) {
      const summary = `${what} outside of cpu_up and cpu_down`;
      this.add('CPUHP-STRAY-CHANGE', `${on}`, r, { summary, sites: [change] });
    } else if (!this.writers.has(op.actor)) {
      const summary = `${what} while ${op.name}(${op.cpu}) did not hold the hotplug lock for writing`;
      this.add('CPUHP-UNLOCKED', op.name, r, { summary, sites: [this.opSite(op), change] });
    } else {
      const other = this.operations.find((o) => o !== op && this.writers.has(o.actor));
      if (other !== undefined) {
        this.add('CPUHP-OVERLAP', `${op.name} ${other.name}`, r, {
          summary: `${op.name}(${op.cpu}) and ${other.name}(${other.cpu}) ran at the same time`,
          sites: [this.opSite(other), this.opSite(op), change],
        });
      }
    }
    if (this.disabled > 0) {
      const sites = this.disabledSite === null ? [change] : [this.disabledSite, change];
      this.add('CPUHP-DISABLED', `${on}`, r, { summary: `${what} while hotplug was disabled`, sites });
    }
    for (const o of this.operations) if (o.cpu === r.a) o.changed = true;
    this.online = on ? this.online | (1 << r.a) : this.online & ~(1 << r.a);
    this.nrOnline = bits(this.online);
    if (this.nrOnline <= 1) for (const o of this.operations) o.lastCpu = true;
  }

  private disableChanged(r: TraceRecord): void {
    if (r.a > 0 && this.disabled === 0) {
      this.disabledSite = {
        label: 'disabled',
        seq: r.seq,
        actor: r.actor,
        text: `cpu_hotplug_disabled=${r.a}`,
      };
    }
    if (r.a < 0) this.unbalanced(r, `cpu_hotplug_disabled=${r.a}`);
    this.disabled = r.a;
    if (r.a > 0) for (const op of this.operations) op.disabled = true;
  }

  private ranOffline(r: TraceRecord, pid: number): void {
    const cpu = r.actor;
    this.findings.add('CPUHP-RAN-OFFLINE', `${r.ev}`, () => ({
      summary: `ran on cpu${cpu}, which was dead`,
      sites: [
        { label: 'dead', seq: this.deadSeq[cpu] as number, actor: cpu, text: `cpu_dead: cpu${cpu}` },
        { label: 'ran', seq: r.seq, actor: cpu, text: taskName(this.cpus, pid) },
      ],
      task: pid,
      cpu,
      seq: r.seq,
    }));
  }

  private unbalanced(r: TraceRecord, text: string): void {
    this.add('CPUHP-UNBALANCED', '', r, {
      summary: 'hotplug was enabled more often than disabled',
      sites: [{ label: 'enabled', seq: r.seq, actor: r.actor, text }],
    });
  }

  private opSite(op: Operation): Site {
    return { label: op.name, seq: op.seq, actor: op.actor, text: `${op.name}(${op.cpu}) began` };
  }

  private add(code: string, signature: string, r: TraceRecord, t: { summary: string; sites: Site[] }): void {
    this.findings.add(code, signature, () => ({
      ...t,
      task: null,
      cpu: r.actor < this.cpus ? r.actor : null,
      seq: r.seq,
    }));
  }
}

function bits(mask: number): number {
  let n = 0;
  for (let m = mask; m !== 0; m &= m - 1) n++;
  return n;
}
