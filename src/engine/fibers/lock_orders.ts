// SPDX-License-Identifier: GPL-2.0-only
/** Operations that LKMM takes for more than they ask: those that take a spinlock or give it back. */
import type { Site } from './compile/site.js';
import { ORDER } from './memory_model.js';

const SPINLOCKS = 'src/kernel/locking/spinlock.ts';

/** ORDER of the operation `op` in a source file; 0: what it asks for. */
export function lockOrder(file: string, op: string): number {
  if (!file.endsWith(SPINLOCKS)) return 0;
  if (op === 'cmpxchg_acquire') return ORDER.lock;
  return op === 'smp_store_release' ? ORDER.unlock : 0;
}

/** The same by site. */
export function lockOrders(sites: readonly Site[]): Uint8Array {
  return Uint8Array.from(sites, ({ file, op }) => lockOrder(file, op));
}
