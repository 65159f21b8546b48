// SPDX-License-Identifier: GPL-2.0-only
/** The two kinds of error that are thrown. A bug found in simulated kernel code is neither: it is data (Violation). */

/** A mistake of the user's: every problem that was found, one line each, with what would be right. Exit code 2. */
export class UsageError extends Error {
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[]) {
    const list = typeof problems === 'string' ? [problems] : problems;
    super(list.join('\n'));
    this.name = 'UsageError';
    this.problems = list;
  }
}

/** A mistake of ours: the simulator's own rules are broken, and its results are worth nothing. Exit code 3. */
export class SimulatorBug extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SimulatorBug';
  }
}

/** The stack, with those of its causes. */
export function faultText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\ncaused by ${faultText(error.cause)}`;
}
