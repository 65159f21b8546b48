// SPDX-License-Identifier: GPL-2.0-only
/**
 * Enabling and disabling patches (kernel/livepatch/core.c), and loading and removing the modules that carry them.
 * klp_mutex guards the list of patches, their state and the transition.
 */
import { B } from '../../mem/barriers.js';
import { load, READ_ONCE, smp_wmb, store } from '../../mem/heap.js';
import { container_of, embedded, NULL, nth, type Ptr } from '../../mem/layout.js';
import { INIT_LIST_HEAD, list_add_tail, list_del_init, list_next } from '../../mem/list.js';
import { AUDIT, EV } from '../../trace/events.js';
import { EBUSY, EINVAL, KLP_PATCHED, KLP_UNPATCHED } from '../abi/constants.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { dyn_ftrace, klp_func, klp_object, klp_patch, vmlinux } from '../abi/structs.js';
import { dyn_ftrace_rec } from '../ftrace/caller.js';
import type { Kernel } from '../kernel.js';
import { init_completion, wait_for_completion } from '../locking/completion.js';
import { mutex_lock, mutex_unlock } from '../locking/mutex.js';
import { kmem_cache_alloc, kmem_cache_free } from '../mm/slab.js';
import { trace_pid } from '../sched/pid.js';
import { klp_patch_object } from './patch.js';
import {
  klp_cancel_transition,
  klp_force_transition,
  klp_init_transition,
  klp_reverse_transition,
  klp_start_transition,
  klp_transition_patch,
  klp_try_complete_transition,
  type Patch,
} from './transition.js';

function lock_klp(k: Kernel, ip: number): void {
  mutex_lock(k, embedded(k.g, vmlinux.klp_mutex), ip);
}

function unlock_klp(k: Kernel): void {
  mutex_unlock(k, embedded(k.g, vmlinux.klp_mutex));
}

/** Allocates the text and the descriptors of livepatch module `id`. NULL: out of memory. */
export function load_module(k: Kernel, id: number): Patch {
  const mod = k.cfg.modules[id];
  if (mod === undefined) return NULL;
  const text = kmem_cache_alloc<'module'>(k, embedded(k.g, vmlinux.module_cache));
  const patch = kmem_cache_alloc<'klp_patch'>(k, embedded(k.g, vmlinux.klp_patch_cache));
  const obj = kmem_cache_alloc<'klp_object'>(k, embedded(k.g, vmlinux.klp_object_cache));
  if (text === NULL || patch === NULL || obj === NULL) return NULL;
  for (let i = 0; i < mod.image.length; i++) store(k, text, nth(i), mod.image[i] as number);
  store(k, patch, klp_patch.id, id);
  store(k, patch, klp_patch.text, text);
  store(k, patch, klp_patch.text_words, mod.image.length);
  INIT_LIST_HEAD(k, embedded(patch, klp_patch.list));
  INIT_LIST_HEAD(k, embedded(patch, klp_patch.objs));
  init_completion(k, embedded(patch, klp_patch.finish));
  INIT_LIST_HEAD(k, embedded(obj, klp_object.funcs));
  list_add_tail(k, embedded(obj, klp_object.node), embedded(patch, klp_patch.objs));
  for (let i = 0; i < mod.funcs.length; i++) {
    const spec = mod.funcs[i] as (typeof mod.funcs)[number];
    const func = kmem_cache_alloc<'klp_func'>(k, embedded(k.g, vmlinux.klp_func_cache));
    if (func === NULL) return NULL;
    const rec = dyn_ftrace_rec(k, spec.func_id);
    store(k, func, klp_func.func_id, spec.func_id);
    store(k, func, klp_func.old_func, load(k, rec, dyn_ftrace.ip));
    store(k, func, klp_func.old_size, load(k, rec, dyn_ftrace.size));
    store(k, func, klp_func.new_func, text + spec.offset);
    store(k, func, klp_func.new_size, spec.size);
    store(k, func, klp_func.patch, patch);
    list_add_tail(k, embedded(func, klp_func.node), embedded(obj, klp_object.funcs));
  }
  k.trace.emit(EV.mod_load, trace_pid(k), id, text, mod.image.length, 0, 0);
  return patch;
}

/** rmmod: waits until livepatch has let go of the module, then frees all of it. False: a forced patch, never. */
export function free_module(k: Kernel, patch: Patch, enabled_once: boolean): boolean {
  if (enabled_once) {
    /* Condition: the patch is out of the lists and its reference dropped. Waker: klp_free_patch_work_fn. */
    wait_for_completion(k, embedded(patch, klp_patch.finish), _THIS_IP_.free_module);
    if (load(k, patch, klp_patch.mod_refcnt) !== 0) return false;
  }
  const objs = embedded(patch, klp_patch.objs);
  const obj = container_of(list_next(k, objs), klp_object.node);
  const funcs = embedded(obj, klp_object.funcs);
  for (let f = list_next(k, funcs); f !== funcs; ) {
    const func = container_of(f, klp_func.node);
    f = list_next(k, f);
    kmem_cache_free(k, embedded(k.g, vmlinux.klp_func_cache), func);
  }
  const text = load(k, patch, klp_patch.text) as Ptr<'module'>;
  k.trace.emit(
    EV.mod_free,
    trace_pid(k),
    load(k, patch, klp_patch.id),
    text,
    load(k, patch, klp_patch.text_words),
    0,
    0,
  );
  kmem_cache_free(k, embedded(k.g, vmlinux.klp_object_cache), obj);
  kmem_cache_free(k, embedded(k.g, vmlinux.klp_patch_cache), patch);
  kmem_cache_free(k, embedded(k.g, vmlinux.module_cache), text);
  return true;
}

/** Starts enabling a loaded patch. 0; -EBUSY: a transition runs; else the error that made it fail and undone. */
export function klp_enable_patch(k: Kernel, patch: Patch): number {
  lock_klp(k, _THIS_IP_.klp_enable_patch);
  let ret = klp_transition_patch(k) !== NULL ? -EBUSY : 0;
  if (ret === 0) ret = k.protocol.enter(k);
  if (ret === 0) {
    store(k, patch, klp_patch.mod_refcnt, 1);
    list_add_tail(k, embedded(patch, klp_patch.list), embedded(k.g, vmlinux.klp_patches));
    ret = __klp_enable_patch(k, patch);
    if (ret !== 0) {
      list_del_init(k, embedded(patch, klp_patch.list));
      store(k, patch, klp_patch.mod_refcnt, 0);
      k.trace.emit(EV.mod_put, trace_pid(k), load(k, patch, klp_patch.id), 0, 0, 0, 0);
    }
  }
  unlock_klp(k);
  return ret;
}

function __klp_enable_patch(k: Kernel, patch: Patch): number {
  klp_init_transition(k, patch, KLP_PATCHED);
  /*
   * KLP_W_ENABLE: func->transition before the function appears on its func_stack. Pairs with KLP_R_FUNC. Without it
   * a handler sees the new function as not in transition and uses it for a task that has not switched.
   */
  smp_wmb(k, B.KLP_W_ENABLE);
  const objs = embedded(patch, klp_patch.objs);
  for (let o = list_next(k, objs); o !== objs; o = list_next(k, o)) {
    const ret = klp_patch_object(k, container_of(o, klp_object.node));
    if (ret !== 0) {
      klp_cancel_transition(k);
      k.protocol.completed(k);
      return ret;
    }
  }
  /*
   * KLP_W_PATCH: the publication on func_stack before the flags that klp_start_transition sets. Pairs with KLP_R_TIF.
   * Without it a task that has switched, and that calls a function that was patched before, gets the version of before
   * once more. Linux has no barrier here: what orders the two is the printk of klp_start_transition, by accident.
   */
  smp_wmb(k, B.KLP_W_PATCH);
  klp_start_transition(k);
  store(k, patch, klp_patch.enabled, 1);
  k.protocol.started(k);
  klp_try_complete_transition(k);
  return 0;
}

function __klp_disable_patch(k: Kernel, patch: Patch): number {
  if (klp_transition_patch(k) !== NULL) return -EBUSY;
  const ret = k.protocol.enter(k);
  if (ret !== 0) return ret;
  klp_init_transition(k, patch, KLP_UNPATCHED);
  /*
   * KLP_W_DISABLE: func->transition before the flags that klp_start_transition sets. Pairs with KLP_R_TIF. Without
   * it a task that has switched calls the new function once more.
   */
  smp_wmb(k, B.KLP_W_DISABLE);
  klp_start_transition(k);
  store(k, patch, klp_patch.enabled, 0);
  k.protocol.started(k);
  klp_try_complete_transition(k);
  return 0;
}

/**
 * A write to /sys/kernel/livepatch/<patch>/enabled: in its own transition the patch is reversed, else it is disabled.
 * -EINVAL: it is so already, or disabled for good; -EBUSY: another patch is in transition.
 */
export function enabled_store(k: Kernel, patch: Patch, enabled: number): number {
  lock_klp(k, _THIS_IP_.enabled_store);
  let ret = 0;
  if (load(k, patch, klp_patch.enabled) === enabled) ret = -EINVAL;
  else if (klp_transition_patch(k) === patch) klp_reverse_transition(k);
  else if (enabled === 0) ret = __klp_disable_patch(k, patch);
  else ret = -EINVAL;
  unlock_klp(k);
  return ret;
}

/** A write of 1 to .../force. -EINVAL: the patch is not in transition. */
export function force_store(k: Kernel, patch: Patch): number {
  lock_klp(k, _THIS_IP_.force_store);
  let ret = 0;
  if (klp_transition_patch(k) !== patch) ret = -EINVAL;
  else {
    klp_force_transition(k);
    k.audit(k, AUDIT.forced);
  }
  unlock_klp(k);
  return ret;
}

/** The delayed work: the next attempt, if a transition still runs. */
export function klp_transition_work_fn(k: Kernel): void {
  lock_klp(k, _THIS_IP_.klp_transition_work_fn);
  if (klp_transition_patch(k) !== NULL) klp_try_complete_transition(k);
  unlock_klp(k);
}

/** True while `patch` is in transition (/sys/kernel/livepatch/<patch>/transition). A racy look. */
export function klp_in_transition(k: Kernel, patch: Patch): boolean {
  return READ_ONCE(k, k.g, vmlinux.klp_transition_patch) === patch;
}
