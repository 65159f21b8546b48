// SPDX-License-Identifier: GPL-2.0-only
/** The slabs of a machine, as the checker of their use knows them. */
import { kmem_cache, vmlinux } from '../kernel/abi/structs.js';
import type { Plan } from '../machine/plan.js';
import type { Slab } from '../oracle/slab.js';

export function slabsOf({ g, slabs }: Plan): Slab[] {
  const rows = [
    ['task_struct', slabs.task, vmlinux.task_cache],
    ['klp_func', slabs.klpFunc, vmlinux.klp_func_cache],
    ['klp_object', slabs.klpObject, vmlinux.klp_object_cache],
    ['klp_patch', slabs.klpPatch, vmlinux.klp_patch_cache],
    ['klp_ops', slabs.klpOps, vmlinux.klp_ops_cache],
    ['work_struct', slabs.work, vmlinux.work_cache],
    ['module', slabs.module, vmlinux.module_cache],
  ] as const;
  return rows.map(([name, slab, cache]) => ({
    ...slab,
    name,
    head: g + cache + kmem_cache.head,
    tail: g + cache + kmem_cache.tail,
  }));
}
