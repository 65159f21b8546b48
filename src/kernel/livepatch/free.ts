// SPDX-License-Identifier: GPL-2.0-only
/**
 * The end of a disabled patch (kernel/livepatch/core.c): it is freed in a work item of its own, since the one who
 * disabled it holds klp_mutex and stands inside its sysfs file; whoever removes the module waits for that.
 */
import { load, store } from '../../mem/heap.js';
import { container_of, embedded, NULL, type Ptr } from '../../mem/layout.js';
import { list_add_tail, list_del_init, list_first_or_null } from '../../mem/list.js';
import { EV } from '../../trace/events.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { klp_patch, vmlinux } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import { complete } from '../locking/completion.js';
import { mutex_lock, mutex_unlock } from '../locking/mutex.js';
import { schedule_delayed_work } from '../sched/delayed_work.js';
import { trace_pid } from '../sched/pid.js';

/** klp_mutex held. The patch leaves klp_patches now and is freed by klp_free_patch_work_fn. */
export function klp_free_patch_async(k: Kernel, patch: Ptr<'klp_patch'>): void {
  list_del_init(k, embedded(patch, klp_patch.list));
  list_add_tail(k, embedded(patch, klp_patch.list), embedded(k.g, vmlinux.klp_free_list));
  schedule_delayed_work(k, embedded(k.g, vmlinux.klp_transition_work), 0, true);
}

/** Drops the module references of disabled patches and wakes whoever waits to remove the module. */
export function klp_free_patch_work_fn(k: Kernel): void {
  const lock = embedded(k.g, vmlinux.klp_mutex);
  for (;;) {
    mutex_lock(k, lock, _THIS_IP_.klp_free_patch_work_fn);
    const entry = list_first_or_null(k, embedded(k.g, vmlinux.klp_free_list));
    if (entry !== NULL) list_del_init(k, entry);
    mutex_unlock(k, lock);
    if (entry === NULL) return;
    const patch = container_of(entry, klp_patch.list);
    /* A forced patch keeps its reference: its code may be in use where nobody has looked. */
    if (load(k, patch, klp_patch.forced) === 0) {
      store(k, patch, klp_patch.mod_refcnt, 0);
      k.trace.emit(EV.mod_put, trace_pid(k), load(k, patch, klp_patch.id), 0, 0, 0, 0);
    }
    complete(k, embedded(patch, klp_patch.finish));
  }
}
