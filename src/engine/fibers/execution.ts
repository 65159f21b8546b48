// SPDX-License-Identifier: GPL-2.0-only
/** How an execution of coroutines ended, and what steered it. */

export type EndKind =
  /** All actors have left. */
  | 'done'
  /** Nobody can go on and no time limit is pending. */
  | 'deadlock'
  /** All that can run spin, and nothing changes. */
  | 'livelock'
  | 'step-bound'
  /** The scheduler left it. */
  | 'cut'
  /** An actor threw. */
  | 'exception'
  /** The observer asked for it. */
  | 'stopped';

/** The answers that steer an execution: who ran for how many operations, and which alternatives were taken. */
export interface Decisions {
  readonly actors: number[];
  readonly points: number[];
  readonly choices: number[];
}

export type Fiber = Generator<undefined, void, undefined>;
