// SPDX-License-Identifier: GPL-2.0-only
/** A write that comes after the barrier that it stood before: what the barrier does for that write alone is left out. */
import { patchOfEdits } from './source_edit.js';

export interface MovedWrite {
  /** The word that is written, for the table. */
  readonly word: string;
  readonly file: string;
  /** Both as they stand in the file, once each; the statement first. */
  readonly statement: string;
  readonly barrier: string;
}

/** As --patch takes it. */
export function movingPatch({ file, statement, barrier }: MovedWrite): string {
  return patchOfEdits([
    { file, from: statement, to: '' },
    { file, from: barrier, to: `${barrier}\n  ${statement}` },
  ]);
}
