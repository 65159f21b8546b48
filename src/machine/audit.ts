// SPDX-License-Identifier: GPL-2.0-only
/**
 * A walk over the raw task table at points where the rule is known, made by the thread that is at that point: after
 * klp_init_transition every task is in the initial state, after klp_complete_transition every state is undefined, and at
 * both, and after klp_force_transition, no flag is set. It shares nothing with the code that it checks but the layout of the table.
 */
import { KLP_PATCHED, KLP_UNDEFINED, KLP_UNPATCHED, TIF_PATCH_PENDING } from '../kernel/abi/constants.js';
import { _THIS_IP_ } from '../kernel/abi/lock_classes.js';
import { klp_patch, percpu, task_struct, vmlinux } from '../kernel/abi/structs.js';
import type { Kernel } from '../kernel/kernel.js';
import { read_lock, read_unlock } from '../kernel/locking/rwlock.js';
import { embedded, type Ptr } from '../mem/layout.js';
import { list_head } from '../mem/list.js';
import { AUDIT, EV } from '../trace/events.js';

/**
 * By the direction that the patch goes, not by klp_target_state: that one has to be there before the flags are set, and
 * need not be yet.
 */
function initialState(k: Kernel): number {
  const patch = k.i32[k.g + vmlinux.klp_transition_patch] as number;
  return k.i32[patch + klp_patch.enabled] === 0 ? KLP_UNPATCHED : KLP_PATCHED;
}

export function audit(k: Kernel, point: number): void {
  if (!k.trace.on) return;
  const words = k.i32;
  const expected = point === AUDIT.completed ? KLP_UNDEFINED : initialState(k);
  let offenders = 0;
  let pid = 0;
  let state = 0;
  let flagged = 0;
  const look = (p: number) => {
    const s = words[p + task_struct.patch_state] as number;
    const pending = ((words[p + task_struct.thread_flags] as number) >>> TIF_PATCH_PENDING) & 1;
    if ((s === expected || point === AUDIT.forced) && pending === 0) return;
    if (offenders === 0) {
      pid = words[p + task_struct.pid] as number;
      state = s;
      flagged = pending;
    }
    offenders++;
  };
  /* The list may not change under the walk; tasks that fork copy a state and flag that are right at all of them. */
  const lock = embedded(k.g, vmlinux.tasklist_lock) as Ptr<'rwlock'>;
  read_lock(k, lock, _THIS_IP_.klp_complete_transition);
  const head = k.g + vmlinux.init_tasks;
  for (let n = words[head + list_head.next] as number; n !== head; n = words[n + list_head.next] as number) {
    look(n - task_struct.tasks);
  }
  read_unlock(k, lock);
  for (let cpu = 0; cpu < k.nr_cpus; cpu++)
    look(words[k.percpu_base + cpu * percpu.$words + percpu.idle] as number);
  k.trace.emit(EV.audit, words[k.current + task_struct.pid] as number, point, offenders, pid, state, flagged);
}
