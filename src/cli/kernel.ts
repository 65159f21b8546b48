// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture kernel`: hands out the sources of the kernel, and compiles a changed one to see whether it can run. */
import { exportKernel } from '../kernel_build/export.js';
import { changeable } from '../kernel_build/kernel_sources.js';
import { UsageError } from '../util/fault.js';
import { EXIT } from './exit.js';
import type { Io } from './io.js';
import { buildKernelFor, readKernel } from './kernel_choice.js';
import type { kernelCommandOptions, Values } from './options.js';

export type KernelCommandValues = Values<typeof kernelCommandOptions>;

export async function kernel(
  values: KernelCommandValues,
  problems: readonly string[],
  io: Io,
): Promise<number> {
  const all = [...problems];
  const asked = values.patch !== undefined || values.kernel !== undefined;
  if (values.export === undefined && !asked && all.length === 0) {
    all.push('kernel needs --export <folder>, or a kernel to compile: --patch <file>, --kernel <folder>');
  }
  if (values.export !== undefined && asked)
    all.push('--export writes the sources as installed: not with --patch or --kernel');
  const change = readKernel(values, all);
  if (all.length > 0) throw new UsageError(all);
  if (values.export !== undefined) {
    io.stdout.write(exported(values.export));
    return EXIT.pass;
  }
  const { trees, hash } = await buildKernelFor(change, io);
  const what = hash === '' ? 'the kernel as installed' : `${change.label}: kernel ${hash}`;
  io.stdout.write(`${what}, compiled in ${trees}\n`);
  return EXIT.pass;
}

function exported(dir: string): string {
  const { changeable: own, others } = exportKernel(dir);
  return `${own} files of the kernel are in ${dir}, and ${others} that they import.
What may be changed: ${changeable.join(', ')}

Change something, then:
  klptorture kernel --kernel ${dir}           does it compile?
  klptorture explore <scenario> --kernel ${dir}   search it for bugs
  klptorture soak <scenario> --kernel ${dir}      run it on real threads

To hand the change on: klptorture kernel --export ${dir}.orig; diff -ruN ${dir}.orig ${dir} > change.patch
and in place of --kernel: --patch change.patch
`;
}
