// SPDX-License-Identifier: GPL-2.0-only
/** What the watchdog saw when something stood still: for hang reports. Plain data. */

/** One actor at the time of the finding. */
export interface ActorSnapshot {
  readonly actor: number;
  /** cpu0, or the control path: livepatch. */
  readonly name: string;
  /** The state it published before it waited: spin_lock, synchronize_rcu, ... */
  readonly state: string;
  /** What it works on or waits for, as a symbol; empty if nothing. */
  readonly object: string;
  /** How long it has made no progress; null if not known. */
  readonly stuckSeconds: number | null;
  /** The task it runs: swapper/0, 12, livepatch. */
  readonly task: string;
  /** Locks it holds, outermost first. */
  readonly holds: readonly string[];
}

/** A lock that somebody holds. */
export interface LockOwner {
  readonly lock: string;
  readonly owner: string;
  /** Where it was taken; empty if not known. */
  readonly at: string;
}

export interface WatchdogFinding {
  /** hung-transition, hung-cpu, hung-control, lost-wakeup, ... */
  readonly code: string;
  /** One line; names the task and the function where there is one. */
  readonly text: string;
  /** How long it had lasted. */
  readonly seconds: number | null;
}

export interface WatchdogResult {
  readonly findings: readonly WatchdogFinding[];
  readonly actors: readonly ActorSnapshot[];
  readonly locks: readonly LockOwner[];
}
