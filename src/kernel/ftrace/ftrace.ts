// SPDX-License-Identifier: GPL-2.0-only
/**
 * Registration of ftrace_ops (kernel/trace/ftrace.c). ftrace_lock guards the lists of ops of all sites, their
 * IPMODIFY owners and ftrace_enabled; handlers walk the lists under preempt_disable alone.
 */
import { fetch_add, load, READ_ONCE, rcu_assign_pointer, store, WRITE_ONCE } from '../../mem/heap.js';
import { embedded, type Field, NULL, type Ptr } from '../../mem/layout.js';
import { EBUSY, EINVAL } from '../abi/constants.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { dyn_ftrace, ftrace_ops, vmlinux } from '../abi/structs.js';
import { smp_call_function_sync } from '../cpu/ipi.js';
import type { Kernel } from '../kernel.js';
import { mutex_lock, mutex_unlock } from '../locking/mutex.js';
import { schedule_on_each_cpu, WORK_RUDE_GP } from '../sched/workqueue.js';
import { encode, OP_FENTRY, OP_FENTRY_CALL } from '../text/opcodes.js';
import { dyn_ftrace_rec } from './caller.js';

export const FTRACE_OPS_FL_IPMODIFY = 1;
/** ftrace_enabled cannot be turned off while such ops are registered. */
export const FTRACE_OPS_FL_PERMANENT = 2;

export type FtraceOps = Ptr<'ftrace_ops'>;

/** The site of a function, or NULL if it cannot be traced. */
export function ftrace_location(k: Kernel, func_id: number): Ptr<'dyn_ftrace'> {
  const rec = dyn_ftrace_rec(k, func_id);
  return load(k, rec, dyn_ftrace.ip) === 0 ? NULL : rec;
}

/** Sets or clears the one site that `ops` filters. -EINVAL: the function has no site. */
export function ftrace_set_filter_ip(k: Kernel, ops: FtraceOps, func_id: number, remove: boolean): number {
  const rec = ftrace_location(k, func_id);
  if (rec === NULL) return -EINVAL;
  store(k, ops, ftrace_ops.filter, remove ? NULL : rec);
  return 0;
}

/**
 * Writes one instruction and makes every CPU pass through its interrupt handler, so that afterwards none runs the old
 * one (text_poke_sync). text_mutex is held.
 */
function text_poke(k: Kernel, ip: number, word: number): void {
  WRITE_ONCE(k, k.g, ip_field(k, ip), word);
  const ticket = fetch_add(k, k.g, vmlinux.text_seq, 1) + 1;
  smp_call_function_sync(k, ticket);
}

/** Text lies in the heap like everything else; a site is addressed from the globals. */
function ip_field(k: Kernel, ip: number): Field<'vmlinux'> {
  return (ip - k.g) as Field<'vmlinux'>;
}

/** -EBUSY: ftrace is off, or another IPMODIFY user has the site. */
export function register_ftrace_function(k: Kernel, ops: FtraceOps): number {
  const lock = embedded(k.g, vmlinux.ftrace_lock);
  mutex_lock(k, lock, _THIS_IP_.register_ftrace_function);
  const rec = load(k, ops, ftrace_ops.filter);
  const ipmodify = (load(k, ops, ftrace_ops.flags) & FTRACE_OPS_FL_IPMODIFY) !== 0;
  let ret = 0;
  if (rec === NULL) ret = -EINVAL;
  else if (READ_ONCE(k, k.g, vmlinux.ftrace_enabled) === 0) ret = -EBUSY;
  else if (ipmodify && load(k, rec, dyn_ftrace.ipmodify) !== NULL) ret = -EBUSY;
  if (ret === 0) {
    if (ipmodify) store(k, rec, dyn_ftrace.ipmodify, ops);
    const first = load(k, rec, dyn_ftrace.ops);
    store(k, ops, ftrace_ops.next, first);
    /* FTRACE_OPS, publication: the ops and its handler's data before the pointer to it; pairs with ftrace_caller. */
    rcu_assign_pointer(k, rec, dyn_ftrace.ops, ops);
    if (first === NULL) patch_site(k, rec, OP_FENTRY_CALL);
  }
  mutex_unlock(k, lock);
  return ret;
}

function patch_site(k: Kernel, rec: Ptr<'dyn_ftrace'>, op: number): void {
  const text = embedded(k.g, vmlinux.text_mutex);
  mutex_lock(k, text, _THIS_IP_.text_poke);
  text_poke(k, load(k, rec, dyn_ftrace.ip), encode(op, load(k, rec, dyn_ftrace.func_id)));
  mutex_unlock(k, text);
}

/**
 * Takes the ops off its site and waits until no CPU can still be in its handler. The wait is the rude one, through
 * the scheduler of every CPU: handlers also run where RCU is not watching.
 */
export function unregister_ftrace_function(k: Kernel, ops: FtraceOps): number {
  const lock = embedded(k.g, vmlinux.ftrace_lock);
  mutex_lock(k, lock, _THIS_IP_.unregister_ftrace_function);
  const rec = load(k, ops, ftrace_ops.filter);
  if (rec === NULL || !unlink(k, rec, ops)) {
    mutex_unlock(k, lock);
    return -EINVAL;
  }
  if (load(k, rec, dyn_ftrace.ipmodify) === ops) store(k, rec, dyn_ftrace.ipmodify, NULL);
  if (load(k, rec, dyn_ftrace.ops) === NULL) patch_site(k, rec, OP_FENTRY);
  mutex_unlock(k, lock);
  schedule_on_each_cpu(k, WORK_RUDE_GP);
  return 0;
}

function unlink(k: Kernel, rec: Ptr<'dyn_ftrace'>, ops: FtraceOps): boolean {
  const next = load(k, ops, ftrace_ops.next);
  let at = load(k, rec, dyn_ftrace.ops);
  if (at === ops) {
    rcu_assign_pointer(k, rec, dyn_ftrace.ops, next);
    return true;
  }
  while (at !== NULL) {
    const after = load(k, at, ftrace_ops.next);
    if (after === ops) {
      rcu_assign_pointer(k, at, ftrace_ops.next, next);
      return true;
    }
    at = after;
  }
  return false;
}
