// SPDX-License-Identifier: GPL-2.0-only
/**
 * The calls that a litmus thread may make, and what each means: the vocabulary of the kernel's memory model
 * (tools/memory-model/linux-kernel.def), as data.
 */
import { ORDER } from '../engine/fibers/memory_model.js';
import { type BinaryOperator, LITMUS_FENCE, type LitmusFence } from './program.js';

/**
 * How an argument names a word: `lvalue` as `*x`, `pointer` as `x`. The order of arguments differs: the kernel's
 * atomic_add takes the number first.
 */
export type Call =
  | { readonly kind: 'load'; readonly by: 'lvalue' | 'pointer'; readonly order: number }
  /** `fence`: the one that follows the store. */
  | {
      readonly kind: 'store';
      readonly by: 'lvalue' | 'pointer';
      readonly order: number;
      readonly fence: LitmusFence | null;
    }
  | { readonly kind: 'fence'; readonly fence: LitmusFence }
  | { readonly kind: 'exchange' | 'compare' | 'add_unless'; readonly order: number }
  /** `operand`: the number that the name implies, or null if it is the first argument. `test`: compared with 0. */
  | {
      readonly kind: 'arithmetic';
      readonly operator: BinaryOperator;
      /** The operand is inverted first (atomic_andnot). */
      readonly inverted: boolean;
      readonly operand: number | null;
      readonly result: 'old' | 'new' | 'none';
      readonly order: number;
      readonly test: '==' | '<' | null;
    }
  | { readonly kind: 'lock' | 'unlock' | 'srcu_unlock' | 'srcu_sync' }
  | { readonly kind: 'trylock' | 'is_locked' | 'srcu_lock' };

const calls = new Map<string, Call>();

const suffixes: readonly (readonly [string, number])[] = [
  ['', ORDER.full],
  ['_relaxed', ORDER.once],
  ['_acquire', ORDER.acquire],
  ['_release', ORDER.release],
];

const fences: Readonly<Record<string, LitmusFence>> = {
  smp_mb: LITMUS_FENCE.mb,
  smp_rmb: LITMUS_FENCE.rmb,
  smp_wmb: LITMUS_FENCE.wmb,
  smp_mb__before_atomic: LITMUS_FENCE.before_atomic,
  smp_mb__after_atomic: LITMUS_FENCE.after_atomic,
  smp_mb__after_spinlock: LITMUS_FENCE.after_spinlock,
  smp_mb__after_unlock_lock: LITMUS_FENCE.after_unlock_lock,
  smp_mb__after_srcu_read_unlock: LITMUS_FENCE.after_srcu_unlock,
  barrier: LITMUS_FENCE.compiler,
  rcu_read_lock: LITMUS_FENCE.rcu_lock,
  rcu_read_unlock: LITMUS_FENCE.rcu_unlock,
  synchronize_rcu: LITMUS_FENCE.rcu_sync,
  synchronize_rcu_expedited: LITMUS_FENCE.rcu_sync,
};
for (const [name, fence] of Object.entries(fences)) calls.set(name, { kind: 'fence', fence });

calls.set('READ_ONCE', { kind: 'load', by: 'lvalue', order: ORDER.once });
calls.set('smp_load_acquire', { kind: 'load', by: 'pointer', order: ORDER.acquire });
calls.set('rcu_dereference', { kind: 'load', by: 'lvalue', order: ORDER.dereference });
calls.set('atomic_read', { kind: 'load', by: 'pointer', order: ORDER.once });
calls.set('atomic_read_acquire', { kind: 'load', by: 'pointer', order: ORDER.acquire });
calls.set('WRITE_ONCE', { kind: 'store', by: 'lvalue', order: ORDER.once, fence: null });
calls.set('smp_store_release', { kind: 'store', by: 'pointer', order: ORDER.release, fence: null });
calls.set('rcu_assign_pointer', { kind: 'store', by: 'lvalue', order: ORDER.release, fence: null });
calls.set('smp_store_mb', { kind: 'store', by: 'lvalue', order: ORDER.once, fence: LITMUS_FENCE.mb });
calls.set('atomic_set', { kind: 'store', by: 'pointer', order: ORDER.once, fence: null });
calls.set('atomic_set_release', { kind: 'store', by: 'pointer', order: ORDER.release, fence: null });

for (const [suffix, order] of suffixes) {
  for (const prefix of ['', 'atomic_']) {
    calls.set(`${prefix}xchg${suffix}`, { kind: 'exchange', order });
    calls.set(`${prefix}cmpxchg${suffix}`, { kind: 'compare', order });
  }
}
calls.set('atomic_add_unless', { kind: 'add_unless', order: ORDER.full });

interface Family {
  readonly operator: BinaryOperator;
  readonly operand: number | null;
  /** Has a form that returns the new value. */
  readonly returns: boolean;
  readonly inverted: boolean;
}
const families: Readonly<Record<string, Family>> = {
  add: { operator: '+', operand: null, returns: true, inverted: false },
  sub: { operator: '-', operand: null, returns: true, inverted: false },
  inc: { operator: '+', operand: 1, returns: true, inverted: false },
  dec: { operator: '-', operand: 1, returns: true, inverted: false },
  and: { operator: '&', operand: null, returns: false, inverted: false },
  or: { operator: '|', operand: null, returns: false, inverted: false },
  xor: { operator: '^', operand: null, returns: false, inverted: false },
  andnot: { operator: '&', operand: null, returns: false, inverted: true },
};
for (const [name, { operator, operand, returns, inverted }] of Object.entries(families)) {
  const base = { kind: 'arithmetic', operator, operand, inverted, test: null } as const;
  calls.set(`atomic_${name}`, { ...base, result: 'none', order: ORDER.once });
  for (const [suffix, order] of suffixes) {
    calls.set(`atomic_fetch_${name}${suffix}`, { ...base, result: 'old', order });
    if (returns) calls.set(`atomic_${name}_return${suffix}`, { ...base, result: 'new', order });
  }
}
const tested = { kind: 'arithmetic', result: 'new', order: ORDER.full, inverted: false } as const;
calls.set('atomic_sub_and_test', { ...tested, operator: '-', operand: null, test: '==' });
calls.set('atomic_dec_and_test', { ...tested, operator: '-', operand: 1, test: '==' });
calls.set('atomic_inc_and_test', { ...tested, operator: '+', operand: 1, test: '==' });
calls.set('atomic_add_negative', { ...tested, operator: '+', operand: null, test: '<' });

calls.set('spin_lock', { kind: 'lock' });
calls.set('spin_unlock', { kind: 'unlock' });
calls.set('spin_trylock', { kind: 'trylock' });
calls.set('spin_is_locked', { kind: 'is_locked' });
calls.set('srcu_read_lock', { kind: 'srcu_lock' });
calls.set('srcu_read_unlock', { kind: 'srcu_unlock' });
calls.set('synchronize_srcu', { kind: 'srcu_sync' });
calls.set('synchronize_srcu_expedited', { kind: 'srcu_sync' });

export const callNames: readonly string[] = [...calls.keys()];

export function callOf(name: string): Call | undefined {
  return calls.get(name);
}
