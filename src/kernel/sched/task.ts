// SPDX-License-Identifier: GPL-2.0-only
/** Reference counts of task_structs, and the walk over all of them. */
import { atomic_dec_and_test } from '../../mem/bitops.js';
import { fetch_add } from '../../mem/heap.js';
import { container_of, embedded, NULL } from '../../mem/layout.js';
import { type ListHead, list_next_rcu } from '../../mem/list.js';
import { task_struct, vmlinux } from '../abi/structs.js';
import type { Kernel, Task } from '../kernel.js';
import { kmem_cache_free } from '../mm/slab.js';

export function get_task_struct(k: Kernel, p: Task): void {
  fetch_add(k, p, task_struct.usage, 1);
}

/** The last reference frees. The one that stands for the task itself is dropped a grace period after its end. */
export function put_task_struct(k: Kernel, p: Task): void {
  if (atomic_dec_and_test(k, p, task_struct.usage)) kmem_cache_free(k, embedded(k.g, vmlinux.task_cache), p);
}

/** First task of the list, or NULL. for_each_process_thread: tasklist_lock held, or an RCU reader. */
export function first_task(k: Kernel): Task {
  return task_of(k, list_next_rcu(k, embedded(k.g, vmlinux.init_tasks)));
}

export function next_task(k: Kernel, p: Task): Task {
  return task_of(k, list_next_rcu(k, embedded(p, task_struct.tasks)));
}

function task_of(k: Kernel, entry: ListHead): Task {
  return entry === embedded(k.g, vmlinux.init_tasks) ? NULL : container_of(entry, task_struct.tasks);
}
