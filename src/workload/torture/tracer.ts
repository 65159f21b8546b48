// SPDX-License-Identifier: GPL-2.0-only
/**
 * Another tracer that may change the instruction pointer, as kprobes and BPF do: while it owns a function livepatch
 * cannot have it, so that enabling a patch fails in the middle and is undone (klp_cancel_transition).
 */
import { ftrace_ops, klp_ops, vmlinux } from '../../kernel/abi/structs.js';
import { FTRACE_FUNC_STUB } from '../../kernel/ftrace/caller.js';
import {
  FTRACE_OPS_FL_IPMODIFY,
  type FtraceOps,
  ftrace_set_filter_ip,
  register_ftrace_function,
  unregister_ftrace_function,
} from '../../kernel/ftrace/ftrace.js';
import type { Kernel } from '../../kernel/kernel.js';
import { kmem_cache_alloc, kmem_cache_free } from '../../kernel/mm/slab.js';
import { trace_pid } from '../../kernel/sched/pid.js';
import { store } from '../../mem/heap.js';
import { container_of, embedded, NULL } from '../../mem/layout.js';
import { EV } from '../../trace/events.js';

/** NULL: livepatch has the function already. Its ops lie in the slab of livepatch's own. */
export function own_function(k: Kernel, func_id: number): FtraceOps {
  const cache = embedded(k.g, vmlinux.klp_ops_cache);
  const ops = kmem_cache_alloc<'klp_ops'>(k, cache);
  if (ops === NULL) return NULL;
  const fops = embedded(ops, klp_ops.fops);
  store(k, fops, ftrace_ops.func, FTRACE_FUNC_STUB);
  store(k, fops, ftrace_ops.flags, FTRACE_OPS_FL_IPMODIFY);
  let ret = ftrace_set_filter_ip(k, fops, func_id, false);
  if (ret === 0) ret = register_ftrace_function(k, fops);
  if (ret !== 0) {
    kmem_cache_free(k, cache, ops);
    return NULL;
  }
  k.trace.emit(EV.tracer, trace_pid(k), func_id, 1, 0, 0, 0);
  return fops;
}

/** From here on nobody is in its handler: unregistering has waited for that. */
export function disown_function(k: Kernel, fops: FtraceOps, func_id: number): void {
  k.trace.emit(EV.tracer, trace_pid(k), func_id, 0, 0, 0, 0);
  unregister_ftrace_function(k, fops);
  kmem_cache_free(k, embedded(k.g, vmlinux.klp_ops_cache), container_of(fops, klp_ops.fops));
}
