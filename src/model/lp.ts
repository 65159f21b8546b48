// SPDX-License-Identifier: GPL-2.0-only
/**
 * LP(N, K): the livepatch transition on one page. N tasks enter a section K times each and look at their patch state
 * while a controller patches them; it may not take the states back before all of them have left the section.
 */
import {
  await_condition,
  await_condition_2,
  READ_ONCE,
  smp_mb,
  smp_rmb,
  smp_store_release,
  smp_wmb,
  WRITE_ONCE,
  xchg,
} from '../mem/heap.js';
import { array, element, i32, type Ptr, struct } from '../mem/layout.js';
import { defineModel, type Model, type ModelCpu, type ModelFamily, must } from './define.js';

const MAX_TASKS = 16;
const UNDEF = -1;
const UNPATCHED = 0;
const PATCHED = 1;

const lp = struct('lp', {
  target: i32,
  transition: i32,
  state: array(MAX_TASKS),
  /** Odd inside the section. */
  nest: array(MAX_TASKS),
  pending: array(MAX_TASKS),
  exited: array(MAX_TASKS),
});

/** Numbers of the barriers, for runs that leave one out. */
export const LP_BARRIER = { enter: 1201, look: 1202, publish: 1203, sync: 1204, synced: 1205 } as const;

function task(k: ModelCpu, s: Ptr<'lp'>, i: number, rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    smp_store_release(k, s, element(lp.nest, i), 2 * round + 1);
    /* Inside before the look at the transition. Pairs with `sync`: without it the controller sees nobody inside. */
    smp_mb(k, LP_BARRIER.enter);
    if (READ_ONCE(k, s, lp.transition) !== 0) {
      /* The transition before the state. Pairs with `publish`: without it the state may be an old one. */
      smp_rmb(k, LP_BARRIER.look);
      must(
        k,
        READ_ONCE(k, s, element(lp.state, i)) !== UNDEF,
        'undefined-state',
        'a task in a transition saw an undefined state',
      );
    }
    smp_store_release(k, s, element(lp.nest, i), 2 * round + 2);
    if (READ_ONCE(k, s, element(lp.pending, i)) !== 0 && xchg(k, s, element(lp.pending, i), 0) !== 0) {
      smp_store_release(k, s, element(lp.state, i), READ_ONCE(k, s, lp.target));
    }
  }
  smp_store_release(k, s, element(lp.exited, i), 1);
}

function controller(k: ModelCpu, s: Ptr<'lp'>, tasks: number): void {
  WRITE_ONCE(k, s, lp.target, PATCHED);
  for (let i = 0; i < tasks; i++) WRITE_ONCE(k, s, element(lp.state, i), UNPATCHED);
  /* States and target before the transition. Pairs with `look`. */
  smp_wmb(k, LP_BARRIER.publish);
  WRITE_ONCE(k, s, lp.transition, 1);
  for (let i = 0; i < tasks; i++) smp_store_release(k, s, element(lp.pending, i), 1);
  for (let i = 0; i < tasks; i++) {
    await_condition_2(
      k,
      s,
      element(lp.exited, i),
      element(lp.state, i),
      (exited, state) => exited !== 0 || state === PATCHED,
    );
  }
  WRITE_ONCE(k, s, lp.transition, 0);
  synchronize(k, s, tasks);
  for (let i = 0; i < tasks; i++) WRITE_ONCE(k, s, element(lp.state, i), UNDEF);
  WRITE_ONCE(k, s, lp.target, UNDEF);
}

/** Waits until all who were inside a section have left it. */
function synchronize(k: ModelCpu, s: Ptr<'lp'>, tasks: number): void {
  /* The end of the transition before the look at who is inside. Pairs with `enter`. */
  smp_mb(k, LP_BARRIER.sync);
  for (let i = 0; i < tasks; i++) {
    const seen = READ_ONCE(k, s, element(lp.nest, i));
    if ((seen & 1) !== 0) await_condition(k, s, element(lp.nest, i), (now) => now !== seen);
  }
  /* What the sections did before all that follows. Pairs with the releases of their ends. */
  smp_mb(k, LP_BARRIER.synced);
}

function model(tasks: number, rounds: number): Model {
  const n = Math.min(tasks, MAX_TASKS);
  return defineModel({
    name: `lp(${n},${rounds})`,
    about: 'a livepatch transition on one page',
    layout: lp,
    initial: [
      [lp.target, UNDEF],
      ...Array.from({ length: n }, (_, i) => [element(lp.state, i), UNDEF] as const),
    ],
    actors: [
      ...Array.from({ length: n }, (_, i) => ({ name: `task ${i}`, act: task, args: [i, rounds] })),
      { name: 'controller', act: controller, args: [n] },
    ],
    verify: () => [],
  });
}

export const livepatch: ModelFamily = {
  name: 'lp',
  about: 'a livepatch transition on one page, at most 16 tasks',
  sizes: [
    { name: 'tasks', otherwise: 2 },
    { name: 'rounds', otherwise: 1 },
  ],
  of: model,
};
