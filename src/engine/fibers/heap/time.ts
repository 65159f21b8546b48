// SPDX-License-Identifier: GPL-2.0-only
/** Operations of src/mem/heap.ts that are the same for all coroutines: what takes time, and how a sleep ended. */

/** The work itself is nothing: what matters is that others may run. */
export function work(): number {
  return 0;
}

export function spin_hint(): boolean {
  return true;
}

export const FUTEX_WOKEN = 0;
export const FUTEX_NOT_EQUAL = 1;
export const FUTEX_TIMED_OUT = 2;
