// SPDX-License-Identifier: GPL-2.0-only
/** A kernel that is compiled for a few searches and thrown away. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileChange } from '../../kernel_build/build.js';
import { applyPatch } from '../../kernel_build/change.js';
import { type Changes, hashChanges } from '../../kernel_build/kernel_sources.js';
import { SimulatorBug, UsageError } from '../../util/fault.js';
import type { KernelChoice } from '../prepare.js';

/** What `use` gives, or why the kernel does not compile. */
export async function withKernel<T>(
  name: string,
  patch: string,
  use: (kernel: KernelChoice) => Promise<T>,
): Promise<T | string> {
  const changes: Changes = new Map();
  const problems: string[] = [];
  applyPatch(name, patch, changes, problems);
  if (problems.length > 0) throw new SimulatorBug(`${name}: ${problems.join('; ')}`);
  const trees = mkdtempSync(join(tmpdir(), 'klptorture-mutant-'));
  try {
    try {
      await compileChange(changes, trees, ['fast', 'observed', 'modelled']);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return error.problems[0] ?? 'it does not compile';
    }
    return await use({ trees, hash: hashChanges(changes) });
  } finally {
    rmSync(trees, { recursive: true, force: true });
  }
}
