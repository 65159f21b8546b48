// SPDX-License-Identifier: GPL-2.0-only
/**
 * The watchdog: looks at the shared words of every actor a few times a second, from outside. It finds actors without
 * progress and transitions that take too long, and says who waits for what and which tasks hold a transition up.
 * Its looks race with the machine on purpose; a finding needs the same picture for a long time.
 */
import { CONTROL_ROLES } from '../kernel/abi/actors.js';
import { ACTOR_STATE, actorStateName, KLP_UNDEFINED } from '../kernel/abi/constants.js';
import { ip_names } from '../kernel/abi/lock_classes.js';
import {
  delayed_work,
  klp_patch,
  mutex,
  percpu,
  rwlock,
  task_struct,
  vmlinux,
} from '../kernel/abi/structs.js';
import { actorName } from '../machine/plan.js';
import type { MachineShared } from '../machine/view.js';
import { list_head } from '../mem/list.js';
import type { ActorSnapshot } from '../report/watchdog.js';
import { describeTask, type TaskSnapshot } from './tasks.js';

export interface Stall {
  readonly actor: number;
  readonly state: string;
  readonly sinceMs: number;
}

export interface HungTransition {
  readonly patch: number;
  readonly target: number;
  readonly sinceMs: number;
  readonly pending: readonly TaskSnapshot[];
  readonly pendingTotal: number;
}

/** States in which an actor may stay for as long as it likes. */
const RESTING: ReadonlySet<number> = new Set([
  ACTOR_STATE.boot,
  ACTOR_STATE.idle,
  ACTOR_STATE.offline,
  ACTOR_STATE.exited,
  ACTOR_STATE.delayed_work,
  ACTOR_STATE.timer,
  ACTOR_STATE.pause,
  ACTOR_STATE.klp_transition,
]);

/** States that a CPU polls in: it beats there, but only a change of the state is progress. */
const POLLING: ReadonlySet<number> = new Set([
  ACTOR_STATE.spin_lock,
  ACTOR_STATE.read_lock,
  ACTOR_STATE.write_lock,
  ACTOR_STATE.on_cpu,
  ACTOR_STATE.stop_machine,
  ACTOR_STATE.ipi_ack,
]);

/** A gap between two looks beyond this, ms, is the host's: nobody can have made progress in it. */
const MAX_GAP_MS = 1000;

/** Most pending tasks that a finding names. */
const MAX_TASKS = 16;

export class Watchdog {
  private readonly words: Int32Array;
  private readonly lastBeat: number[];
  private readonly lastState: number[];
  private readonly movedAt: number[];
  private lookedAt: number;
  /** Time that the host took away since the current transition began. */
  private lostMs = 0;
  private transitionSince = 0;

  constructor(
    private readonly shared: MachineShared,
    nowMs: number,
    /** The heap, if it is not the shared one. */
    words: Int32Array = new Int32Array(shared.heap),
  ) {
    this.words = words;
    const n = shared.plan.nrActors;
    this.lastBeat = new Array<number>(n).fill(-1);
    this.lastState = new Array<number>(n).fill(-1);
    this.movedAt = new Array<number>(n).fill(nowMs);
    this.lookedAt = nowMs;
  }

  private actorWord(actor: number, field: number): number {
    return Atomics.load(this.words, this.shared.plan.percpuBase + actor * percpu.$words + field);
  }

  private global(field: number): number {
    return Atomics.load(this.words, this.shared.plan.g + field);
  }

  /** Looks; returns the actors that have made no progress for `limitMs`. */
  stalls(nowMs: number, limitMs: number): Stall[] {
    const found: Stall[] = [];
    this.forgive(nowMs);
    for (let a = 0; a < this.shared.plan.nrActors; a++) {
      const beat = this.actorWord(a, percpu.heartbeat);
      const state = this.actorWord(a, percpu.state);
      const since = this.actorWord(a, percpu.state_since_ms);
      const mark = state * 0x10000000 + since;
      const beats = beat !== this.lastBeat[a] && !POLLING.has(state);
      if (beats || mark !== this.lastState[a] || RESTING.has(state)) {
        this.lastBeat[a] = beat;
        this.lastState[a] = mark;
        this.movedAt[a] = nowMs;
      }
      const stuck = nowMs - (this.movedAt[a] as number);
      if (stuck >= limitMs) found.push({ actor: a, state: actorStateName(state), sinceMs: stuck });
    }
    return found;
  }

  /** The host was stopped or starved between two looks: that time counts for nobody. */
  private forgive(nowMs: number): void {
    const gap = nowMs - this.lookedAt;
    this.lookedAt = nowMs;
    if (gap <= MAX_GAP_MS) return;
    this.lostMs += gap;
    for (let a = 0; a < this.movedAt.length; a++) this.movedAt[a] = (this.movedAt[a] as number) + gap;
  }

  /** The transition that runs now, if it is older than `limitMs` at `bootAgeMs` since boot. */
  hungTransition(bootAgeMs: number, limitMs: number): HungTransition | null {
    const patch = this.global(vmlinux.klp_transition_patch);
    if (patch === 0) return null;
    const since = this.global(vmlinux.klp_init_us);
    if (since !== this.transitionSince) this.lostMs = 0;
    this.transitionSince = since;
    /* Both wrap at 32 bits. */
    const ageMs = (((Math.floor(bootAgeMs * 1000) | 0) - since) | 0) / 1000 - this.lostMs;
    if (ageMs < limitMs) return null;
    const target = this.global(vmlinux.klp_target_state);
    if (target === KLP_UNDEFINED) return null;
    const all = this.pendingTasks(target);
    return {
      patch: Atomics.load(this.words, patch + klp_patch.id),
      target,
      sinceMs: ageMs,
      pending: all.slice(0, MAX_TASKS),
      pendingTotal: all.length,
    };
  }

  private pendingTasks(target: number): TaskSnapshot[] {
    const { plan } = this.shared;
    const found: TaskSnapshot[] = [];
    const look = (p: number) => {
      if (Atomics.load(this.words, p + task_struct.patch_state) === target) return;
      found.push(describeTask(this.shared, this.words, p));
    };
    for (let cpu = 0; cpu < plan.nrCpus; cpu++) look(this.actorWord(cpu, percpu.idle));
    const head = plan.g + vmlinux.init_tasks;
    let n = Atomics.load(this.words, head + list_head.next);
    /* The list changes under this walk: it is bounded, and a wrong turn ends it. */
    for (let i = 0; i < 2_000_000 && n !== head && n > 0 && n < this.words.length; i++) {
      look(n - task_struct.tasks);
      n = Atomics.load(this.words, n + list_head.next);
    }
    return found;
  }

  actors(nowMs: number): ActorSnapshot[] {
    const out: ActorSnapshot[] = [];
    for (let a = 0; a < this.shared.plan.nrActors - 1; a++) {
      const state = this.actorWord(a, percpu.state);
      const curr = this.actorWord(a, percpu.curr);
      const rest = RESTING.has(state);
      out.push({
        actor: a,
        name: actorName(this.shared.plan, a),
        state: actorStateName(state),
        object: this.symbol(this.actorWord(a, percpu.state_obj)),
        stuckSeconds: rest ? null : (nowMs - (this.movedAt[a] as number)) / 1000,
        task: curr === 0 ? '' : describeTask(this.shared, this.words, curr).name,
      });
    }
    return out;
  }

  /** Who holds the locks that have an owner word. */
  owners(): string[] {
    const out: string[] = [];
    const { plan } = this.shared;
    const add = (lock: string, owner: number, ip: number) => {
      if (owner > 0) out.push(`${lock}: ${actorName(plan, owner - 1)} (${ip_names[ip] ?? '?'})`);
    };
    for (const name of ['klp_mutex', 'cpu_add_remove_lock', 'ftrace_lock', 'text_mutex'] as const) {
      const at = vmlinux[name];
      if (this.global(at + mutex.val) !== 0)
        add(name, this.global(at + mutex.owner), this.global(at + mutex.ip));
    }
    const list = vmlinux.tasklist_lock;
    const cnts = this.global(list + rwlock.cnts);
    if ((cnts & 0xff) !== 0)
      add('tasklist_lock', this.global(list + rwlock.writer), this.global(list + rwlock.ip));
    else if (cnts >>> 9 > 0) out.push(`tasklist_lock: ${cnts >>> 9} readers`);
    return out;
  }

  /** No attempt is due or under way. Exact only while the machine stands still. `forGood`: such sleepers never wake. */
  nobodyTries(forGood: (actor: number) => boolean): boolean {
    const { plan } = this.shared;
    const worker = plan.nrCpus + CONTROL_ROLES.indexOf('kworker');
    return (
      this.global(vmlinux.klp_mutex + mutex.val) === 0 &&
      this.actorWord(worker, percpu.state) === ACTOR_STATE.delayed_work &&
      (this.global(vmlinux.klp_transition_work + delayed_work.pending) === 0 || forGood(worker))
    );
  }

  private symbol(at: number): string {
    if (at === 0) return '';
    const { plan } = this.shared;
    const offset = at - plan.g;
    if (offset >= 0 && offset < vmlinux.$words) {
      let best = '';
      for (const f of vmlinux.$fields) if (f.offset <= offset) best = f.name;
      return best;
    }
    const rel = at - plan.percpuBase;
    if (rel >= 0 && rel < plan.nrActors * percpu.$words) {
      let best = '';
      for (const f of percpu.$fields) if (f.offset <= rel % percpu.$words) best = f.name;
      return `${actorName(plan, Math.floor(rel / percpu.$words))}.${best}`;
    }
    return `word ${at}`;
  }
}
