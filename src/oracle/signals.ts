// SPDX-License-Identifier: GPL-2.0-only
/**
 * Fake signals (KLP-SIGNALS): each attempt whose number is a multiple of SIGNALS_TIMEOUT, and that leaves tasks over,
 * sends them, no other attempt does, no task gets one that had switched before the round began, and a task that gets one
 * in an interruptible sleep that had begun before is woken. Attempts and rounds are under klp_mutex, so their order in
 * the trace is exact; who switches or goes to sleep during a round is not judged.
 *
 * Under weak memory (`lag`) the look at a flag may miss that it was cleared, so there no task is judged.
 */
import { SIGNALS_TIMEOUT, TASK_INTERRUPTIBLE } from '../kernel/abi/constants.js';
import type { Scenario } from '../scenario/types.js';
import { EV, type TraceRecord } from '../trace/events.js';
import { Names } from './names.js';
import type { Oracle } from './oracle.js';
import { Findings } from './violation.js';

export const SIGNALS_CODES: readonly string[] = ['KLP-SIGNALS'];

export class SignalsOracle implements Oracle {
  readonly id = 'signals';
  readonly codes = SIGNALS_CODES;
  readonly events = [
    'klp_start',
    'klp_try',
    'klp_signals',
    'klp_signal',
    'klp_reverse',
    'klp_force',
    'klp_complete',
    'patch_state',
    'task_exit',
    'sched_switch',
    'sched_wakeup',
  ] as const;
  readonly suspicions = [];
  private readonly findings = new Findings();
  private readonly names: Names;
  private target = 0;
  /** The attempt that has been made, and whether it is to send signals and has not. */
  private attempt = -1;
  private isDue = false;
  private trySeq = 0;
  /** When tasks switched in this transition. */
  private readonly switched = new Map<number, number>();
  private roundSeq = 0;
  /** When tasks fell asleep interruptibly. */
  private readonly asleep = new Map<number, number>();
  /** Those whose wake-up came before the record that they had fallen asleep. */
  private readonly wokenEarly = new Set<number>();
  /** Those that were asleep and have got a signal in this round. */
  private readonly toWake = new Map<number, number>();

  constructor(
    scenario: Scenario,
    private readonly lag = 0,
  ) {
    this.names = new Names(scenario);
  }

  get violations() {
    return this.findings.list;
  }

  feed(r: TraceRecord): void {
    switch (r.ev) {
      case EV.patch_state:
        if (r.c === this.target) this.switched.set(r.a, r.seq);
        else this.switched.delete(r.a);
        return;
      case EV.task_exit:
        for (const m of [this.switched, this.asleep, this.wokenEarly]) m.delete(r.a);
        return;
      case EV.sched_switch:
        if (r.c === TASK_INTERRUPTIBLE && !this.wokenEarly.has(r.a)) this.asleep.set(r.a, r.seq);
        this.wokenEarly.delete(r.a);
        for (const m of [this.asleep, this.toWake, this.wokenEarly]) m.delete(r.b);
        return;
      case EV.sched_wakeup:
        if (!this.asleep.has(r.a)) this.wokenEarly.add(r.a);
        this.asleep.delete(r.a);
        this.toWake.delete(r.a);
        return;
      case EV.klp_signals:
        this.round(r);
        return;
      case EV.klp_signal:
        this.signalled(r);
        return;
    }
    if (this.isDue) this.missing(r);
    this.unwoken(r);
    if (r.ev === EV.klp_start) {
      this.target = r.b;
      this.switched.clear();
    }
    this.attempt = r.ev === EV.klp_try ? r.c : -1;
    this.isDue = r.ev === EV.klp_try && r.b > 0 && isRound(r.c);
    this.trySeq = r.seq;
  }

  end(): void {}

  private round(r: TraceRecord): void {
    this.roundSeq = r.seq;
    const isRight = this.isDue && r.b === this.attempt;
    this.isDue = false;
    if (isRight) return;
    this.findings.add('KLP-SIGNALS', `early ${r.a}`, () => ({
      summary: `signals of ${this.names.patch(r.a)} were sent in attempt ${r.b}, which is no multiple of ${SIGNALS_TIMEOUT} that left tasks over`,
      sites: [{ label: 'klp_signals', seq: r.seq, actor: r.actor, text: `attempt ${r.b}` }],
      task: null,
      cpu: null,
      seq: r.seq,
    }));
  }

  private missing(r: TraceRecord): void {
    const { attempt, trySeq } = this;
    this.findings.add('KLP-SIGNALS', `missing ${r.a}`, () => ({
      summary: `attempt ${attempt} of ${this.names.patch(r.a)} left tasks over and sent no signals`,
      sites: [{ label: 'klp_try', seq: trySeq, actor: r.actor, text: `attempt ${attempt}` }],
      task: null,
      cpu: null,
      seq: r.seq,
    }));
  }

  /** At the step after a round: a wake-up comes before the signal of the next task. */
  private unwoken(r: TraceRecord): void {
    for (const [pid, since] of this.toWake) {
      const { roundSeq } = this;
      this.findings.add('KLP-SIGNALS', 'asleep', () => ({
        summary: 'was signalled in an interruptible sleep, and was not woken',
        sites: [
          { label: 'asleep', seq: since, actor: r.actor, text: 'sched_switch' },
          { label: 'round', seq: roundSeq, actor: r.actor, text: 'klp_signals' },
        ],
        task: pid,
        cpu: null,
        seq: r.seq,
      }));
    }
    this.toWake.clear();
  }

  private signalled(r: TraceRecord): void {
    const since = this.asleep.get(r.a);
    if (this.lag === 0 && since !== undefined && since < this.roundSeq) this.toWake.set(r.a, since);
    const when = this.switched.get(r.a);
    if (this.lag > 0 || when === undefined || when > this.roundSeq) return;
    const { roundSeq } = this;
    this.findings.add('KLP-SIGNALS', 'switched', () => ({
      summary: 'was signalled although it had switched before the round began',
      sites: [
        { label: 'switched', seq: when, actor: r.actor, text: 'patch_state' },
        { label: 'round', seq: roundSeq, actor: r.actor, text: 'klp_signals' },
        { label: 'signalled', seq: r.seq, actor: r.actor, text: 'klp_signal' },
      ],
      task: r.a,
      cpu: null,
      seq: r.seq,
    }));
  }
}

function isRound(attempt: number): boolean {
  return attempt !== 0 && attempt % SIGNALS_TIMEOUT === 0;
}
