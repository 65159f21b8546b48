// SPDX-License-Identifier: GPL-2.0-only
/** Each order that the view machine knows: with it a state is never reached, without it it is. */
import { describe, expect, it } from 'vitest';
import { ViewModel } from '#src/engine/fibers/weak/view.js';
import { reachable } from '../support/memory/shape.js';

/** `[with / without]` in the text: the order and its busted partner. */
const orders = {
  smp_wmb: ['r=1 s=0', 'W x 1; [wmb/]; W y 1 || R r y; rmb; R s x'],
  smp_rmb: ['r=1 s=0', 'W x 1; wmb; W y 1 || R r y; [rmb/]; R s x'],
  smp_store_release: ['r=1 s=0', 'W x 1; [Wrel/W] y 1 || R r y; rmb; R s x'],
  smp_load_acquire: ['r=1 s=0', 'W x 1; wmb; W y 1 || [Racq/R] r y; R s x'],
  rcu_dereference: ['r=1 s=0', 'W x 1; wmb; W y 1 || [Rdep/R] r y; R s x'],
  smp_mb: ['r=0 s=0', 'W x 1; [mb/]; R r y || W y 1; mb; R s x'],
  'smp_mb, not smp_wmb and smp_rmb': ['r=0 s=0', 'W x 1; [mb/wmb; rmb]; R r y || W y 1; mb; R s x'],
  'smp_mb for others': ['a=1 b=0 c=1 d=0', 'W x 1 || W y 1 || R a x; mb; R b y || R c y; [mb/rmb]; R d x'],
  'cumulativity of a release': ['a=1 b=1 c=0', 'W x 1 || R a x; [Wrel/wmb; W] y 1 || R b y; rmb; R c x'],
  'full xchg': ['r=0 s=0', '[X/Xrlx] p x 1; R r y || W y 1; mb; R s x'],
  xchg_acquire: ['r=1 s=0', 'W x 1; wmb; W y 1 || [Xacq/Xrlx] r y 2; R s x'],
  xchg_release: ['r=1 s=0', 'W x 1; [Xrel/Xrlx] q y 1 || R r y; rmb; R s x'],
  'a cmpxchg that succeeds': ['r=1 s=0', 'W x 1; wmb; W y 1 || C r y [1/5] 2; R s x'],
  smp_mb__before_atomic: ['r=1 s=0', 'W x 1; [before/]; Xrlx q y 1 || R r y; rmb; R s x'],
  smp_mb__after_atomic: ['r=0 s=0', 'Xrlx p x 1; [after/]; R r y || W y 1; mb; R s x'],
  smp_mb__after_spinlock: ['r=0 s=0', 'W x 1; lock l; [after_spinlock/]; R r y || W y 1; mb; R s x'],
  spin_lock: ['r=1 s=0', 'lock l; W x 1; W y 1; unlock l || [lock l/]; R r y; R s x; [unlock l/]'],
  'unlock and lock': ['r=1 s=0', 'lock l; W x 1; [unlock l; lock m/]; W y 1 || R r y; rmb; R s x'],
  'a read-modify-write in a release sequence': [
    'q=1 r=2 s=0',
    'W x 1; Wrel y 1 || [Xrlx q y 2/R q y; W y 2] || Racq r y; R s x',
  ],
} as const;

const model = () => new ViewModel({ reorderStores: true, patience: Number.POSITIVE_INFINITY });

describe.each(Object.entries(orders))('%s', (_name, [state, text]) => {
  it('is kept', () => {
    expect(reachable(model(), text.replace(/\[(.*?)\/.*?\]/g, '$1'), state)).toBe(false);
  });
  it('is missed', () => {
    expect(reachable(model(), text.replace(/\[.*?\/(.*?)\]/g, '$1'), state)).toBe(true);
  });
});
