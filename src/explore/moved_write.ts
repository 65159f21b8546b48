// SPDX-License-Identifier: GPL-2.0-only
/** A write that comes after the barrier that it stood before: what the barrier does for that write alone is left out. */
import { readSource } from '../kernel_build/kernel_sources.js';
import { SimulatorBug } from '../util/fault.js';
import { type Edit, unifiedDiff } from './mutants/edits.js';

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
  const text = readSource(file) ?? '';
  const edits: readonly Edit[] = [
    { ...only(text, file, statement), text: '' },
    { ...only(text, file, barrier), text: `${barrier}\n  ${statement}` },
  ];
  return unifiedDiff(file, text, edits);
}

function only(text: string, file: string, part: string): { start: number; end: number } {
  const start = text.indexOf(part);
  if (start < 0 || text.indexOf(part, start + 1) >= 0)
    throw new SimulatorBug(`${file} does not have "${part}" once`);
  return { start, end: start + part.length };
}
