// SPDX-License-Identifier: GPL-2.0-only
/** Names of words of the heap, for people: `cpu1.rq_lock`, `task_struct#3.patch_state`, `klp_target_state`. */
import { CONTROL_ROLES } from '../kernel/abi/actors.js';
import {
  dyn_ftrace,
  klp_func,
  klp_object,
  klp_ops,
  klp_patch,
  percpu,
  task_struct,
  vmlinux,
} from '../kernel/abi/structs.js';
import { actorName, type Plan, type SlabPlan } from '../machine/plan.js';
import type { StructLayout } from '../mem/layout.js';

/** `lock+1` for a word inside an embedded struct or array. */
function field(layout: StructLayout<string>, offset: number): string {
  let best = layout.$fields[0];
  for (const f of layout.$fields) if (f.offset <= offset) best = f;
  if (best === undefined) return `+${offset}`;
  const rest = offset - best.offset;
  return rest === 0 ? best.name : `${best.name}+${rest}`;
}

export function wordName(plan: Plan, addr: number): string {
  const within = (base: number, words: number) => addr >= base && addr < base + words;
  if (within(plan.g, vmlinux.$words)) return field(vmlinux, addr - plan.g);
  if (within(plan.percpuBase, percpu.$words * plan.nrActors)) {
    const rel = addr - plan.percpuBase;
    return `${actorName(plan, Math.floor(rel / percpu.$words))}.${field(percpu, rel % percpu.$words)}`;
  }
  const boot = 3 * plan.nrCpus + CONTROL_ROLES.length;
  if (within(plan.bootTasks, task_struct.$words * boot)) {
    const rel = addr - plan.bootTasks;
    const n = Math.floor(rel / task_struct.$words);
    return `${bootTaskName(plan, n)}.${field(task_struct, rel % task_struct.$words)}`;
  }
  const slabs: readonly [string, SlabPlan, StructLayout<string>][] = [
    ['task', plan.slabs.task, task_struct],
    ['klp_func', plan.slabs.klpFunc, klp_func],
    ['klp_object', plan.slabs.klpObject, klp_object],
    ['klp_patch', plan.slabs.klpPatch, klp_patch],
    ['klp_ops', plan.slabs.klpOps, klp_ops],
  ];
  for (const [name, slab, layout] of slabs) {
    if (!within(slab.base, slab.words * slab.count)) continue;
    const rel = addr - slab.base;
    return `${name}#${Math.floor(rel / slab.words)}.${field(layout, rel % slab.words)}`;
  }
  const ftrace = plan.config.dyn_ftrace_base;
  if (within(ftrace, dyn_ftrace.$words * plan.text.functions.length)) {
    const rel = addr - ftrace;
    const fn = plan.text.functions[Math.floor(rel / dyn_ftrace.$words)]?.name ?? '?';
    return `ftrace(${fn}).${field(dyn_ftrace, rel % dyn_ftrace.$words)}`;
  }
  const { config } = plan;
  const stacks = config.stack_words * plan.slabs.task.count;
  if (within(config.stack_base, stacks))
    return `stack#${Math.floor((addr - config.stack_base) / config.stack_words)}`;
  return `word ${addr}`;
}

function bootTaskName(plan: Plan, n: number): string {
  if (n < plan.nrCpus) return `swapper/${n}`;
  if (n < 2 * plan.nrCpus) return `cpuhp/${n - plan.nrCpus}`;
  if (n < 3 * plan.nrCpus) return `kworker/${n - 2 * plan.nrCpus}`;
  return `${CONTROL_ROLES[n - 3 * plan.nrCpus] ?? '?'}`;
}
