// SPDX-License-Identifier: GPL-2.0-only
/** What can be wrong with a litmus file: mistakes, and things that are right but not known here. */

export interface Problem {
  readonly line: number;
  /** `unsupported`: herd7 may know it, this program does not; the test is skipped. */
  readonly kind: 'syntax' | 'unsupported';
  readonly text: string;
}

/** Thrown inside the parser to leave a statement; `parseLitmus` turns it into a problem and goes on after it. */
export class ParseFault extends Error {
  readonly problem: Problem;

  constructor(line: number, text: string, kind: Problem['kind'] = 'syntax') {
    super(text);
    this.problem = { line, kind, text };
  }
}
