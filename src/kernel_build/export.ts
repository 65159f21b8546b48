// SPDX-License-Identifier: GPL-2.0-only
/** Writes the sources that --kernel takes: what may be changed, and what it imports, so that an editor can check it. */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf } from '../util/atomic_write.js';
import { UsageError } from '../util/fault.js';
import { makeFolder } from '../util/make_folder.js';
import { changeableFiles, closure, readSource } from './kernel_sources.js';

export interface Exported {
  readonly changeable: number;
  /** Files that stand there only for editors. */
  readonly others: number;
}

/** UsageError if `dir` is not empty or cannot be written. */
export function exportKernel(dir: string): Exported {
  try {
    if (existsSync(dir) && (!statSync(dir).isDirectory() || readdirSync(dir).length > 0)) {
      throw new UsageError(`--export: "${dir}" is there already and not an empty folder`);
    }
    const own = changeableFiles();
    const all = closure([
      ...own,
      'src/machine/actors.ts',
      'src/machine/boot.ts',
      'src/machine/view.ts',
      'src/model/index.ts',
    ]);
    for (const path of [...all, 'tsconfig.json']) {
      makeFolder(dirname(join(dir, path)));
      writeFileSync(join(dir, path), readSource(path) ?? '');
    }
    return { changeable: own.length, others: all.length - own.length };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--export: cannot write "${dir}": ${reasonOf(error)}`);
  }
}
