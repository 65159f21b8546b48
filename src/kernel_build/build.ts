// SPDX-License-Identifier: GPL-2.0-only
/** Bring your own kernel: compiles changed sources into the trees that the engines run. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Problem } from '../engine/fibers/compile/colour.js';
import type { Tree } from '../engine/fibers/compile/transform.js';
import { builtTrees } from '../engine/fibers/tree.js';
import { UsageError } from '../util/fault.js';
import { toolVersion } from '../util/version.js';
import { abiProblems } from './abi.js';
import { cachedFolder, type Environment } from './cache.js';
import { type KernelChange, type KernelInput, readChange } from './change.js';
import { type Changes, closure, filesUnder, packageRoot, readSource } from './kernel_sources.js';

export interface BuiltKernel {
  /** Folder with the trees plain, fast, observed and token. */
  readonly trees: string;
  /** Of the changed sources: the same on every machine; '' if they are as installed. */
  readonly hash: string;
  readonly cached: boolean;
  readonly notes: readonly string[];
}

/** UsageError with every problem: hunks that do not apply, files that may not be changed, errors of the compile step. */
export async function buildKernel(input: KernelInput, env: Environment = process.env): Promise<BuiltKernel> {
  const problems: string[] = [];
  const change = readChange(input, problems);
  if (problems.length > 0) throw new UsageError(problems);
  return buildChange(change, env);
}

export async function buildChange(
  change: KernelChange,
  env: Environment = process.env,
): Promise<BuiltKernel> {
  if (change.hash === '') return { trees: builtTrees, hash: '', cached: true, notes: [] };
  const { dir, cached, notes } = await cachedFolder(keyOf(change), env, (out) =>
    compileChange(change.changes, out),
  );
  return { trees: dir, hash: change.hash, cached, notes };
}

/**
 * Compiles into the folder `out`, without a cache: for many kernels of which each runs once. In one process, a kernel
 * after the first takes a fraction of the time. UsageError with what the compiler says, and what the simulator needs.
 */
export async function compileChange(
  changes: Changes,
  out: string,
  which: readonly Tree[] | null = null,
): Promise<void> {
  /* The compiler is large: it is loaded only when there is something to compile. */
  const { buildTrees, machineEntries, trees } = await import('../engine/fibers/compile/build.js');
  const { problems } = buildTrees({
    root: packageRoot,
    entries: machineEntries,
    replaced: changes,
    out,
    dist: join(packageRoot, 'dist'),
    trees: which ?? trees,
    base: builtTrees,
  });
  const place = (p: Problem) => (p.file === '' ? p.text : `${p.file}:${p.line}:${p.column}: ${p.text}`);
  if (problems.length > 0) throw new UsageError(problems.map(place));
  if (![...changes.keys()].some((path) => path.startsWith('src/kernel/abi/'))) return;
  const changed = await abiProblems(out, which?.[0] ?? 'plain');
  if (changed.length > 0) throw new UsageError(changed);
}

/** Of all that the trees are made from: the changed sources, the rest of the machine, the compile step, and where dist is. */
function keyOf(change: KernelChange): string {
  const hash = createHash('sha256').update(`${toolVersion()}\n${packageRoot}\n${change.hash}\n`);
  const machine = closure([
    'src/machine/actors.ts',
    'src/machine/boot.ts',
    'src/machine/view.ts',
    'src/machine/plan.ts',
    'src/model/index.ts',
  ]);
  for (const path of [...machine, ...filesUnder(packageRoot, 'src/engine/fibers'), 'tsconfig.json']) {
    hash.update(`${path}\n${readSource(path) ?? ''}\n`);
  }
  return hash.digest('hex').slice(0, 24);
}
