// SPDX-License-Identifier: GPL-2.0-only
/** Layouts of ftrace and livepatch. Sizes in 32-bit words. */
import { embed, i32, ptr, struct } from '../../mem/layout.js';
import { list_head } from '../../mem/list.js';
import { completion } from './lock_structs.js';

/* ---- ftrace ---- */

/** One call site: the first word of a traceable function. */
export const dyn_ftrace = struct('dyn_ftrace', {
  ip: i32,
  size: i32,
  func_id: i32,
  ops: ptr('ftrace_ops'),
  ipmodify: ptr('ftrace_ops'),
});
export const ftrace_ops = struct('ftrace_ops', {
  /** FTRACE_OPS_FL_* */
  flags: i32,
  /** Which handler: FTRACE_FUNC_*. */
  func: i32,
  filter: ptr('dyn_ftrace'),
  next: ptr('ftrace_ops'),
  hits: i32,
});

/* ---- livepatch ---- */

export const klp_patch = struct('klp_patch', {
  list: embed(list_head),
  objs: embed(list_head),
  /** Index of the patch in the scenario; what reports name it by. */
  id: i32,
  enabled: i32,
  forced: i32,
  replace: i32,
  /** The module: its text and size, and references to it. */
  mod_refcnt: i32,
  text: i32,
  text_words: i32,
  finish: embed(completion),
});
export const klp_object = struct('klp_object', {
  node: embed(list_head),
  funcs: embed(list_head),
  patched: i32,
});
export const klp_func = struct('klp_func', {
  node: embed(list_head),
  stack_node: embed(list_head),
  /** Text addresses and sizes. */
  old_func: i32,
  old_size: i32,
  new_func: i32,
  new_size: i32,
  func_id: i32,
  patch: ptr('klp_patch'),
  nop: i32,
  patched: i32,
  transition: i32,
});
export const klp_ops = struct('klp_ops', {
  node: embed(list_head),
  func_stack: embed(list_head),
  fops: embed(ftrace_ops),
});
