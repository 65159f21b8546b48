// SPDX-License-Identifier: GPL-2.0-only
/**
 * Executions run through hundreds of large functions, each of which comes to look hot before it has been on more than a
 * few of its ways: V8 then compiles it, throws that away at the first new way, and compiles it again. A third of a short
 * campaign went into that: `explore hotplug --protocol online-only --stop-on-first` took 6.5 s of CPU time, and takes 4.2 s.
 */
import { setFlagsFromString } from 'node:v8';

/** Bytes of bytecode between two looks at how hot a function is; V8's own number is 132 KiB or less. */
const INTERRUPT_BUDGET = 1_000_000;
/** Versions of V8 that have the flag (Node.js 20 to 24); one that lacks it would complain on stderr. */
const KNOWN: readonly number[] = [11, 12, 13];

/** For all threads of this process. */
export function optimiseLater(): void {
  const major = Number.parseInt(process.versions.v8, 10);
  if (KNOWN.includes(major)) setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`);
}
