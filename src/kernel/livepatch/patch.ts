// SPDX-License-Identifier: GPL-2.0-only
/** Putting functions on their func_stack and taking them off (kernel/livepatch/patch.c). klp_mutex is held. */
import { load, READ_ONCE, store, WRITE_ONCE } from '../../mem/heap.js';
import { container_of, embedded, NULL, type Ptr } from '../../mem/layout.js';
import {
  INIT_LIST_HEAD,
  list_add,
  list_add_rcu,
  list_del,
  list_del_rcu,
  list_is_singular,
  list_next,
} from '../../mem/list.js';
import { EV } from '../../trace/events.js';
import { EINVAL, ENOMEM, WARN } from '../abi/constants.js';
import { ftrace_ops, klp_func, klp_object, klp_ops, klp_patch, vmlinux } from '../abi/structs.js';
import { FTRACE_FUNC_KLP } from '../ftrace/caller.js';
import {
  FTRACE_OPS_FL_IPMODIFY,
  FTRACE_OPS_FL_PERMANENT,
  ftrace_set_filter_ip,
  register_ftrace_function,
  unregister_ftrace_function,
} from '../ftrace/ftrace.js';
import type { Kernel } from '../kernel.js';
import { kmem_cache_alloc, kmem_cache_free } from '../mm/slab.js';
import { trace_pid } from '../sched/pid.js';

/** The ops of the function at `old_func`, or NULL. All functions on a func_stack share the old function. */
export function klp_find_ops(k: Kernel, old_func: number): Ptr<'klp_ops'> {
  const head = embedded(k.g, vmlinux.klp_ops);
  for (let n = list_next(k, head); n !== head; n = list_next(k, n)) {
    const ops = container_of(n, klp_ops.node);
    const first = container_of(list_next(k, embedded(ops, klp_ops.func_stack)), klp_func.stack_node);
    if (load(k, first, klp_func.old_func) === old_func) return ops;
  }
  return NULL;
}

function warn(k: Kernel, site: number, func: Ptr<'klp_func'>): void {
  k.trace.emit(EV.warn, trace_pid(k), site, load(k, func, klp_func.func_id), 0, 0, 0);
}

function patch_id(k: Kernel, func: Ptr<'klp_func'>): number {
  return load(k, load(k, func, klp_func.patch), klp_patch.id);
}

function klp_unpatch_func(k: Kernel, func: Ptr<'klp_func'>): void {
  if (load(k, func, klp_func.patched) === 0) {
    warn(k, WARN.double_unpatch, func);
    return;
  }
  const ops = klp_find_ops(k, load(k, func, klp_func.old_func));
  if (ops === NULL) {
    warn(k, WARN.ops_missing, func);
    return;
  }
  const node = embedded(func, klp_func.stack_node);
  if (list_is_singular(k, embedded(ops, klp_ops.func_stack))) {
    /* The last one: the site goes back to a nop, and no handler runs on these ops any more when that returns. */
    const fops = embedded(ops, klp_ops.fops);
    unregister_ftrace_function(k, fops);
    ftrace_set_filter_ip(k, fops, load(k, func, klp_func.func_id), true);
    list_del_rcu(k, node);
    list_del(k, embedded(ops, klp_ops.node));
    kmem_cache_free(k, embedded(k.g, vmlinux.klp_ops_cache), ops);
  } else {
    list_del_rcu(k, node);
  }
  store(k, func, klp_func.patched, 0);
  k.trace.emit(
    EV.klp_unpatch_func,
    trace_pid(k),
    load(k, func, klp_func.func_id),
    patch_id(k, func),
    func,
    0,
    0,
  );
}

/** 0; -EINVAL: twice, or no call site; -ENOMEM; -EBUSY: ftrace is off or the site has another IPMODIFY owner. */
function klp_patch_func(k: Kernel, func: Ptr<'klp_func'>): number {
  if (load(k, func, klp_func.patched) !== 0) {
    warn(k, WARN.double_patch, func);
    return -EINVAL;
  }
  const node = embedded(func, klp_func.stack_node);
  const ops = klp_find_ops(k, load(k, func, klp_func.old_func));
  if (ops !== NULL) {
    /* KLP_PUBLISH, on the stack: handlers see the new function from here on, in transition. Pairs with KLP_DEREF. */
    list_add_rcu(k, node, embedded(ops, klp_ops.func_stack));
  } else {
    const ret = klp_first_patch_func(k, func);
    if (ret !== 0) return ret;
  }
  store(k, func, klp_func.patched, 1);
  const id = load(k, func, klp_func.func_id);
  const new_func = load(k, func, klp_func.new_func);
  k.trace.emit(
    EV.klp_patch_func,
    trace_pid(k),
    id,
    patch_id(k, func),
    func,
    new_func,
    load(k, func, klp_func.new_size),
  );
  return 0;
}

/** The function has no ops yet: make them, and patch its call site in. */
function klp_first_patch_func(k: Kernel, func: Ptr<'klp_func'>): number {
  const cache = embedded(k.g, vmlinux.klp_ops_cache);
  const ops = kmem_cache_alloc<'klp_ops'>(k, cache);
  if (ops === NULL) return -ENOMEM;
  const id = load(k, func, klp_func.func_id);
  const fops = embedded(ops, klp_ops.fops);
  store(k, fops, ftrace_ops.func, FTRACE_FUNC_KLP);
  store(k, fops, ftrace_ops.flags, FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT);
  INIT_LIST_HEAD(k, embedded(ops, klp_ops.func_stack));
  list_add_rcu(k, embedded(func, klp_func.stack_node), embedded(ops, klp_ops.func_stack));
  list_add(k, embedded(ops, klp_ops.node), embedded(k.g, vmlinux.klp_ops));
  let ret = ftrace_set_filter_ip(k, fops, id, false);
  if (ret === 0) ret = register_ftrace_function(k, fops);
  if (ret !== 0) {
    list_del_rcu(k, embedded(func, klp_func.stack_node));
    list_del(k, embedded(ops, klp_ops.node));
    kmem_cache_free(k, cache, ops);
  }
  return ret;
}

export function klp_unpatch_object(k: Kernel, obj: Ptr<'klp_object'>): void {
  const funcs = embedded(obj, klp_object.funcs);
  for (let f = list_next(k, funcs); f !== funcs; f = list_next(k, f)) {
    const func = container_of(f, klp_func.node);
    if (load(k, func, klp_func.patched) !== 0) klp_unpatch_func(k, func);
  }
  WRITE_ONCE(k, obj, klp_object.patched, 0);
}

/** All or nothing: on an error the functions already patched are taken back. */
export function klp_patch_object(k: Kernel, obj: Ptr<'klp_object'>): number {
  if (READ_ONCE(k, obj, klp_object.patched) !== 0) return -EINVAL;
  const funcs = embedded(obj, klp_object.funcs);
  for (let f = list_next(k, funcs); f !== funcs; f = list_next(k, f)) {
    const ret = klp_patch_func(k, container_of(f, klp_func.node));
    if (ret !== 0) {
      klp_unpatch_object(k, obj);
      return ret;
    }
  }
  WRITE_ONCE(k, obj, klp_object.patched, 1);
  return 0;
}

export function klp_unpatch_objects(k: Kernel, patch: Ptr<'klp_patch'>): void {
  const objs = embedded(patch, klp_patch.objs);
  for (let o = list_next(k, objs); o !== objs; o = list_next(k, o)) {
    const obj = container_of(o, klp_object.node);
    if (READ_ONCE(k, obj, klp_object.patched) !== 0) klp_unpatch_object(k, obj);
  }
}
