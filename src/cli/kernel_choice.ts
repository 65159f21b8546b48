// SPDX-License-Identifier: GPL-2.0-only
/** The kernel that the options --patch and --kernel ask for. */
import { buildChange } from '../kernel_build/build.js';
import { type KernelChange, readChange } from '../kernel_build/change.js';
import { UsageError } from '../util/fault.js';
import type { Io } from './io.js';
import type { kernelOptions, Values } from './options.js';

export type KernelValues = Values<typeof kernelOptions>;

export interface ChosenKernel {
  /** Folder with the compiled trees. */
  readonly trees: string;
  /** Of its sources; '' for the kernel as it is. */
  readonly hash: string;
  /** For people: `fix.patch + more.patch`; '' for the kernel as it is. */
  readonly label: string;
}

/** Applies the options, without compiling anything. Adds what is wrong to `problems`. */
export function readKernel(values: KernelValues, problems: string[]): KernelChange {
  return readChange({ patches: values.patch ?? [], kernelDir: values.kernel ?? null }, problems);
}

/** Compiles. UsageError with what the compiler says. `io`: where notes go. */
export async function buildKernelFor(
  change: KernelChange,
  io: Pick<Io, 'stderr' | 'env'> | null,
): Promise<ChosenKernel> {
  const { trees, hash, notes } = await buildChange(change, io?.env ?? process.env);
  for (const note of notes) io?.stderr.write(`klptorture: ${note}\n`);
  return { trees, hash, label: hash === '' ? '' : change.label };
}

/** Both at once. */
export async function resolveKernel(
  values: KernelValues,
  io: Pick<Io, 'stderr' | 'env'> | null = null,
): Promise<ChosenKernel> {
  const problems: string[] = [];
  const change = readKernel(values, problems);
  if (problems.length > 0) throw new UsageError(problems);
  return buildKernelFor(change, io);
}
