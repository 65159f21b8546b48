// SPDX-License-Identifier: GPL-2.0-only
/** Functions of our own code on the JavaScript stack, for reports. */

const DEEP = 60;
/** Most functions that are told. */
const TOLD = 8;

/**
 * Those whose file matches `where`, innermost first, without the suffixes of the compile step. Slow, for what happens
 * once. Without `error`: those that run now.
 */
export function callStack(where: RegExp, error?: Error): string[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = DEEP;
  const { stack = '' } = error ?? new Error();
  Error.stackTraceLimit = limit;
  const frames = stack.split('\n').filter((line) => where.test(line));
  const names = frames.flatMap((line) => /at (?:\w+\.)?([A-Za-z_]\w*)/.exec(line)?.[1] ?? []);
  return names.filter((name, i) => name !== names[i - 1]).slice(0, TOLD);
}

/** Kernel code of any build, without what only keeps book of locks. */
export const KERNEL_CODE = /\/src\/(kernel(?!\/locking\/lockdep)|protocol)\//;

/** Code that a change of the kernel may touch. */
const CHANGEABLE = /\/src\/(kernel|protocol|workload|mem)\//;

/** JavaScript's own complaint about code that no change of the kernel touches: the fault is not the kernel's. */
export function isOurFault(error: unknown): boolean {
  if (!(error instanceof TypeError || error instanceof ReferenceError)) return false;
  /* What a builtin calls, or complains of, is its caller's. */
  const innermost = error.stack
    ?.split('\n')
    .find((line) => /^\s+at /.test(line) && !line.includes('<anonymous>)'));
  return innermost !== undefined && !CHANGEABLE.test(innermost);
}
