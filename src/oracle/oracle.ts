// SPDX-License-Identifier: GPL-2.0-only
/** What an oracle is, and what it is told at the end of a run. */
import type { EventName, TraceRecord } from '../trace/events.js';
import type { Suspicion, Violation } from './violation.js';

/** A fold over the trace with a small model of its own. It does not know which engine ran. */
export interface Oracle {
  readonly id: string;
  /** Codes of the violations that it can report. */
  readonly codes: readonly string[];
  /** It is fed these and no others. */
  readonly events: readonly EventName[];
  /** The record is reused by the caller. */
  feed(r: TraceRecord): void;
  end(end: RunEnd): void;
  readonly violations: readonly Violation[];
  readonly suspicions: readonly Suspicion[];
}

/** Why the run ended, as report/result.ts has it. */
export type StopKind = 'duration' | 'interrupted' | 'violation' | 'hung' | 'worker-died';

/** A task that has not switched, as it looked from outside. */
export interface PendingTask {
  readonly pid: number;
  /** reader:12, swapper/1 */
  readonly name: string;
  /** R, S, D, ... */
  readonly state: string;
  readonly patchState: number;
  /** TIF_PATCH_PENDING */
  readonly pending: boolean;
  readonly onCpu: number | null;
  readonly idle: boolean;
  readonly kthread: boolean;
  /** Function of the patch whose version it would leave, on its stack; null: none. */
  readonly blockingFunction: string | null;
  /** Its CPU could go on, and the schedule has given it no turns to speak of since the flags were set. */
  readonly starved?: boolean;
}

export type HungKind = 'transition' | 'cpu' | 'control' | 'lost-wakeup' | 'forgotten';

/** Something that made no progress for longer than the scenario allows, and for as long looked the same. */
export interface HungFinding {
  readonly kind: HungKind;
  /** The actor that stands still; null for a transition. */
  readonly actor: number | null;
  /** Its name (cpu1, livepatch), or the patch of the transition. */
  readonly name: string;
  /** The state it published before it waited: spin_lock, synchronize_rcu, ...; empty for a transition. */
  readonly state: string;
  /** What it waits for, as a symbol. */
  readonly object: string;
  readonly sinceMs: number;
  /** Who holds which lock: `klp_mutex: livepatch`. */
  readonly owners: readonly string[];
  /** Of a transition: tasks that have not switched. */
  readonly pendingTasks: readonly PendingTask[];
  /** Of a transition: nobody will try again: the work is not armed or its worker sleeps for good, and klp_mutex is free. */
  readonly abandoned?: boolean;
}

export interface RunEnd {
  readonly stopped: StopKind;
  readonly hung: readonly HungFinding[];
  /** Trace records that were lost. */
  readonly dropped: number;
  /** All actors came to their end, and the trace is whole: whatever was begun is finished. */
  readonly settled?: boolean;
}
