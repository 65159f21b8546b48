// SPDX-License-Identifier: GPL-2.0-only
/** A small change of the kernel's sources, told by the text that it replaces: as --patch takes it. */
import { readSource } from '../kernel_build/kernel_sources.js';
import { SimulatorBug } from '../util/fault.js';
import { type Edit, unifiedDiff } from './mutants/edits.js';

export interface SourceEdit {
  readonly file: string;
  /** As it stands in the file, once. */
  readonly from: string;
  readonly to: string;
}

/** All of one file. */
export function patchOfEdits(edits: readonly SourceEdit[]): string {
  const [{ file }] = edits as readonly [SourceEdit];
  const text = readSource(file) ?? '';
  const found = edits.map(({ from, to }): Edit => {
    const start = text.indexOf(from);
    if (start < 0 || text.indexOf(from, start + 1) >= 0)
      throw new SimulatorBug(`${file} does not have "${from}" once`);
    return { start, end: start + from.length, text: to };
  });
  return unifiedDiff(file, text, found);
}
