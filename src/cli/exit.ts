// SPDX-License-Identifier: GPL-2.0-only
/** Exit codes: what a script can rely on. */
export const EXIT = { pass: 0, fail: 1, usage: 2, bug: 3, inconclusive: 4 } as const;

export const exitText = `Exit codes:
  0  pass
  1  fail: a rule was broken
  2  usage: something is wrong with the command line, a scenario or a file
  3  simulator bug: the results are worth nothing
  4  inconclusive: the run could not be judged in full`;
