// SPDX-License-Identifier: GPL-2.0-only
/** Draws of a task: a xorshift generator in its task_struct, so that a task's choices do not depend on its CPU. */
import { load, store } from '../../mem/heap.js';
import { task_struct } from '../abi/structs.js';
import type { Kernel, Task } from '../kernel.js';

/** 16 uniform bits. */
export function draw16(k: Kernel, t: Task): number {
  let x = load(k, t, task_struct.rng);
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  store(k, t, task_struct.rng, x);
  return (x >>> 8) & 0xffff;
}

/** One of the targets of a table, by weight. */
export function choose(k: Kernel, t: Task, table: number): number {
  const tab = k.cfg.tables[table];
  if (tab === undefined) return k.cfg.oops_end;
  const n = tab.targets.length;
  if (n === 1) return tab.targets[0] as number;
  const x = draw16(k, t);
  let i = 0;
  while (i < n - 1 && x >= (tab.limits[i] as number)) i++;
  return tab.targets[i] as number;
}
