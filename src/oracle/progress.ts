// SPDX-License-Identifier: GPL-2.0-only
/**
 * Every transition ends unless a task legitimately blocks it, and nobody waits for ever. The watchdog finds what stands
 * still; this oracle tells whether that breaks a rule. A task blocks a transition legitimately while it stays in the
 * version that it would leave, or, where stacks say nothing, stays away from all switch points; such a run is
 * inconclusive and names task and function. A task that passed switch points, has no flag, or sleeps with nothing of the
 * patch on its stack is a violation.
 */
import { KLP_PATCHED, KLP_UNPATCHED, patchStateName, SIGNALS_TIMEOUT } from '../kernel/abi/constants.js';
import type { Scenario } from '../scenario/types.js';
import { EV, SWITCH_POINT, type TraceRecord } from '../trace/events.js';
import { Names } from './names.js';
import type { HungFinding, Oracle, PendingTask, RunEnd } from './oracle.js';
import { PassCount } from './pass_count.js';
import { NEW, PATCH_MODEL_EVENTS, PatchModel, PHASE_OF, sideOf } from './patch_model.js';
import { type Excuse, Findings, type Suspicion } from './violation.js';

const HUNG = 'PROG-HUNG-TRANSITION';

/** States in which an actor waits for another. One that stands still in a different state may just lack a host core. */
const WAITS: ReadonlySet<string> = new Set([
  'spin_lock',
  'read_lock',
  'write_lock',
  'mutex_lock',
  'rwsem_read',
  'rwsem_write',
  'rcuwait',
  'completion',
  'synchronize_rcu',
  'rcu_sync',
  'on_cpu',
  'stop_machine',
  'ipi_ack',
  'cpu_boot',
  'cpu_dead',
  'flush_work',
  'wait_event',
]);

/** Attempts after which a task that could be switched by its stack must have been. */
const MANY_TRIES = 3;

/** Attempts that have sent two rounds of signals, and left time for a task to act on them. */
const MANY_SIGNALS = 2 * SIGNALS_TIMEOUT + MANY_TRIES;

export const PROGRESS_CODES: readonly string[] = [
  HUNG,
  'PROG-HUNG-CPU',
  'PROG-HUNG-CONTROL',
  'PROG-LOST-WAKEUP',
];

export class ProgressOracle implements Oracle {
  readonly id = 'progress';
  readonly codes = PROGRESS_CODES;
  readonly events = [
    'switch_point',
    'syscall_exit',
    'patch_state',
    'task_exit',
    'klp_try',
    ...PATCH_MODEL_EVENTS,
  ] as const;
  readonly suspicions: Suspicion[] = [];
  private readonly findings = new Findings();
  private readonly model: PatchModel;
  private readonly names: Names;
  private readonly passes = new PassCount();
  private tries = 0;
  private startedSeq = 0;
  private startedActor = 0;

  constructor(private readonly scenario: Scenario) {
    this.model = new PatchModel(scenario);
    this.names = new Names(scenario);
  }

  get violations() {
    return this.findings.list;
  }

  feed(r: TraceRecord): void {
    switch (r.ev) {
      case EV.switch_point:
        if (r.a !== SWITCH_POINT.cond_resched) this.passed(r.task, r.b);
        break;
      case EV.syscall_exit:
        this.passed(r.task, r.a);
        break;
      case EV.patch_state:
        if (this.model.patch >= 0 && sideOf(r.c) === this.model.target) this.passes.switched(r.a);
        break;
      case EV.task_exit:
        this.passes.forget(r.a);
        break;
      case EV.klp_try:
        this.tries++;
        break;
      default:
        this.model.feed(r);
        if (r.ev === EV.klp_started) {
          this.passes.restart();
          this.tries = 0;
          this.startedSeq = r.seq;
          this.startedActor = r.actor;
        }
    }
  }

  private passed(pid: number, state: number): void {
    if (this.model.phase === PHASE_OF.active && sideOf(state) !== this.model.target) this.passes.missed(pid);
  }

  end(end: RunEnd): void {
    for (const hung of end.hung) {
      if (hung.kind === 'transition') this.transition(hung, end);
      else this.actor(hung, end);
    }
  }

  private transition(hung: HungFinding, end: RunEnd): void {
    /* With records lost the counts of passes and tries mean nothing. */
    const judged = hung.pendingTasks.map((t) => ({ task: t, reason: this.blame(t, hung, end.dropped > 0) }));
    const guilty = judged.filter((j) => j.reason !== null);
    const after = `${Math.round(hung.sinceMs / 100) / 10} s and ${this.tries} tries`;
    if (hung.abandoned === true) {
      this.fail(
        HUNG,
        hung,
        null,
        `the transition of ${hung.name} has not ended, and nobody will try again: the delayed work is not armed, or its worker sleeps for good`,
      );
    } else if (hung.pendingTasks.length === 0) {
      this.fail(
        HUNG,
        hung,
        null,
        `the transition of ${hung.name} has not ended after ${after}, though all tasks have switched`,
      );
    } else if (guilty.length > 0) {
      for (const { task, reason } of guilty) {
        const summary = `is still ${patchStateName(task.patchState)} in the transition of ${hung.name} after ${after}: ${task.name} ${reason}`;
        this.fail(HUNG, hung, task, summary);
      }
    } else {
      const who = hung.pendingTasks.map((t) => `${t.name} ${this.excuseText(t)}`).join('; ');
      const excuses = [...new Set(hung.pendingTasks.map((t) => this.excuse(t)))];
      this.suspect(HUNG, `the transition of ${hung.name} has not ended after ${after}: ${who}`, excuses);
    }
  }

  /** Why a pending task is a violation; null: it blocks legitimately, or nobody can tell. */
  private blame(t: PendingTask, hung: HungFinding, blind: boolean): string | null {
    /* The watchdog looked while it was being switched. */
    if (this.passes.hasSwitched(t.pid)) return null;
    /* Progress is promised under fair scheduling only. */
    if (t.starved === true) return null;
    const passed = blind || this.model.forced ? 0 : this.passes.of(t.pid);
    if (!t.pending) return 'has no TIF_PATCH_PENDING, so nobody asked it to switch';
    if (passed >= 2) return `passed ${passed} switch points and did not switch`;
    if (t.blockingFunction !== null) return this.unsignalled(t, blind);
    if (t.idle) return 'never came to its switch point in the idle loop';
    const { reliableStacks, unreliableChance } = this.scenario.machine;
    const asleep = t.onCpu === null && (t.state === 'S' || t.state === 'D');
    if (asleep && reliableStacks && unreliableChance === 0 && !blind) {
      if (this.tries >= MANY_TRIES)
        return 'sleeps with nothing of the patch on its stack and was not switched';
      return this.retryIsDead(hung) ? 'could be switched by its stack, but nobody tries' : null;
    }
    return null;
  }

  /** A signal ends an interruptible sleep, and its next one too, until the task has left the kernel and so switched. */
  private unsignalled(t: PendingTask, blind: boolean): string | null {
    if (blind || t.kthread || t.onCpu !== null || t.state !== 'S' || this.tries < MANY_SIGNALS) return null;
    return `sleeps interruptibly in ${t.blockingFunction}, and no signal has woken it in ${this.tries} attempts`;
  }

  /** Far fewer attempts than the period of the retry work makes due. */
  private retryIsDead(hung: HungFinding): boolean {
    return this.tries <= 1 && hung.sinceMs > 20 * this.scenario.machine.retryMs;
  }

  private excuse(t: PendingTask): Excuse {
    if (this.passes.hasSwitched(t.pid)) return 'switching';
    if (t.starved === true) return 'no-turn';
    if (t.blockingFunction !== null) return 'in-function';
    if (t.kthread) return t.onCpu === null ? 'kthread-asleep' : 'kthread-running';
    return 'away';
  }

  private excuseText(t: PendingTask): string {
    const where = t.onCpu === null ? `state ${t.state}` : `on cpu${t.onCpu}`;
    switch (this.excuse(t)) {
      case 'switching':
        return 'was about to switch';
      case 'no-turn':
        return `got no turn (${where})`;
      case 'in-function':
        return `stays in ${t.blockingFunction} (${where})`;
      case 'kthread-asleep':
      case 'kthread-running':
        return `is a kthread that has not passed a switch point (${where})`;
      case 'away':
        return `has not passed a switch point (${where})`;
    }
  }

  private actor(hung: HungFinding, end: RunEnd): void {
    const waits = hung.object === '' ? hung.state : `${hung.state} (${hung.object})`;
    const since = `${Math.round(hung.sinceMs / 100) / 10} s`;
    if (hung.kind === 'lost-wakeup') {
      this.fail(
        'PROG-LOST-WAKEUP',
        hung,
        null,
        `${hung.name} sleeps in ${waits} for ${since} though what it waits for has happened`,
      );
    } else if (hung.kind === 'forgotten') {
      const summary =
        hung.object === ''
          ? `${hung.name} is ready to run (state ${hung.state}), and every CPU has halted: nobody has put it where one looks`
          : `${hung.name} sleeps (state ${hung.state}) with ${hung.object}: nobody will wake it`;
      this.fail('PROG-LOST-WAKEUP', hung, null, summary);
    } else if (WAITS.has(hung.state)) {
      const code = hung.kind === 'cpu' ? 'PROG-HUNG-CPU' : 'PROG-HUNG-CONTROL';
      this.fail(code, hung, null, `${hung.name} has made no progress in ${waits} for ${since}`);
    } else if (!end.hung.some((h) => h.kind === 'transition') || hung.state !== 'klp_transition') {
      this.suspect(
        'PROG-STILL',
        `${hung.name} has made no progress for ${since}, state ${waits}: no rule is broken, the host may be too busy`,
      );
    }
  }

  private fail(code: string, hung: HungFinding, task: PendingTask | null, summary: string): void {
    const target = patchStateName(this.model.target === NEW ? KLP_PATCHED : KLP_UNPATCHED);
    const started = {
      label: 'flags set',
      seq: this.startedSeq,
      actor: this.startedActor,
      text: `klp_started: target=${target}`,
    };
    const name = this.model.patch < 0 ? hung.name : this.names.patch(this.model.patch);
    const signature =
      task === null ? hung.name : `${name} ${task.idle ? task.pid : task.name.replace(/\d+$/, '')}`;
    this.findings.add(code, signature, () => ({
      summary,
      sites: hung.kind === 'transition' && this.startedSeq > 0 ? [started] : [],
      task: task?.pid ?? null,
      cpu: hung.kind === 'cpu' ? hung.actor : (task?.onCpu ?? null),
      seq: this.startedSeq,
      ...(hung.owners.length === 0 ? {} : { hint: `locks held: ${hung.owners.join(', ')}` }),
    }));
  }

  private suspect(code: string, text: string, excuses?: readonly Excuse[]): void {
    this.suspicions.push({ code, text, count: 1, doubt: true, ...(excuses && { excuses }) });
  }
}
