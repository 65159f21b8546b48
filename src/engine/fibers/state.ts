// SPDX-License-Identifier: GPL-2.0-only
/** The state that an execution starts from and ends in, the same for coroutines and for a replay on threads. */
import type { Plan } from '../../machine/plan.js';
import { list_head } from '../../mem/list.js';
import type { KernelTree } from './tree.js';

/** Words of a booted heap that hold the random draws of the tasks which the boot starts. */
export function drawWords(heap: Int32Array, plan: Plan, structs: KernelTree['structs']): number[] {
  const { task_struct, percpu, vmlinux } = structs;
  const words: number[] = [];
  const head = plan.g + vmlinux.init_tasks;
  const next = (n: number) => heap[n + list_head.next] as number;
  for (let n = next(head); n !== head; n = next(n)) words.push(n - task_struct.tasks + task_struct.rng);
  for (let cpu = 0; cpu < plan.nrCpus; cpu++)
    words.push((heap[plan.percpuBase + cpu * percpu.$words + percpu.idle] as number) + task_struct.rng);
  return words;
}

/** Gives those words the values of one execution. */
export function seedDraws(heap: Int32Array, words: readonly number[], seed: number): void {
  for (const word of words) heap[word] = (Math.imul((heap[word] as number) ^ seed, 0x9e3779b1) >>> 1) | 1;
}

/** FNV-1a over words: equal executions end in equal states. */
export function hashWords(words: Int32Array, from = 0, to: number = words.length): number {
  let h = 0x811c9dc5;
  for (let i = from; i < to; i++) h = Math.imul(h ^ (words[i] as number), 0x01000193);
  return h >>> 0;
}
