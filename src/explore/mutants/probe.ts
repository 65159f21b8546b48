// SPDX-License-Identifier: GPL-2.0-only
/**
 * A kernel that stops at the place of a mutant: a survivor that no execution comes to says nothing of the oracles, but
 * that the situations are too few.
 */
import ts from 'typescript';
import type { Edit } from './edits.js';

/** Throws, and no type checker concludes anything from it. */
const STOP = 'new Array<number>(-1).length > 0';

/** `at`: the expression or the statement, a call, that the mutant changes. */
export function probeEdits(at: ts.Node): readonly Edit[] {
  const [start, text] = [at.getStart(), at.getText()];
  const stopping = ts.isExpression(at) ? `(${STOP} || (${text}))` : `{ if (${STOP}) {} ${text} }`;
  return [{ start, end: at.end, text: stopping }];
}
