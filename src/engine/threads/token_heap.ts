// SPDX-License-Identifier: GPL-2.0-only
/**
 * The operations of src/mem/heap.ts for threads that take turns: the same atomics on shared memory. Only what would
 * let the host decide (how long work takes, who sleeps until when) follows the record instead.
 */
import { FUTEX_NOT_EQUAL, type Mem, READ_ONCE } from '../../mem/heap.js';
import { $pause, $S, token } from './token_actor.js';

export * from '../../mem/heap.js';
export { $at, $pause, $S, $spin } from './token_actor.js';

/** The work itself is nothing: what matters is that others may run. */
export function work(): number {
  return 0;
}

export function spin_hint(): boolean {
  return true;
}

export function futex_wait(
  m: Mem,
  p: number,
  f: number,
  expected: number,
  timeout_ms: number,
  site: number,
): number {
  const left = ($S[0] as number) - 1;
  $S[0] = left;
  if (left < 0) $pause(site);
  if (READ_ONCE(m, p as never, f as never) !== expected) return FUTEX_NOT_EQUAL;
  return token.sleep(p + f, timeout_ms, site);
}

export function futex_wake(_m: Mem, p: number, f: number, n: number): number {
  return token.state.wake(p + f, n);
}
