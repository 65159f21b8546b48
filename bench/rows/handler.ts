// SPDX-License-Identifier: GPL-2.0-only
/**
 * klp_ftrace_handler for a function in transition, against the loads that it cannot do without: the first entry of
 * func_stack, func->transition, current->patch_state and, for a task that has not switched, the next entry. Each is a
 * READ_ONCE or rcu_dereference and so one Atomics.load; addresses depend on what was loaded, as in the handler.
 */
import { KLP_PATCHED, KLP_UNPATCHED } from '../../src/kernel/abi/constants.js';
import {
  dyn_ftrace,
  klp_func,
  klp_object,
  klp_ops,
  klp_patch,
  task_struct,
} from '../../src/kernel/abi/structs.js';
import { dyn_ftrace_rec, ftrace_caller } from '../../src/kernel/ftrace/caller.js';
import type { FtraceOps } from '../../src/kernel/ftrace/ftrace.js';
import type { Kernel } from '../../src/kernel/kernel.js';
import { load_module } from '../../src/kernel/livepatch/core.js';
import { klp_ftrace_handler } from '../../src/kernel/livepatch/handler.js';
import { klp_patch_object } from '../../src/kernel/livepatch/patch.js';
import { klp_init_transition, klp_start_transition } from '../../src/kernel/livepatch/transition.js';
import { load, store } from '../../src/mem/heap.js';
import { container_of, embedded } from '../../src/mem/layout.js';
import { list_next } from '../../src/mem/list.js';
import { type Contender, compare } from '../harness.js';
import { benchScenario, fn } from '../machine/scenario.js';
import { type SoloMachine, soloMachine } from '../machine/solo.js';
import { bar, counted, figure } from '../result.js';
import { type Row, spreadWarnings } from '../row.js';

const FUNC = 0;
const LOADS = { unpatched: 4, patched: 3 } as const;

export const handler: Row = {
  name: 'handler-in-transition',
  what: 'Handler in transition, trace off',
  bound: `the Atomics.load calls it needs: ${LOADS.unpatched} for a task not yet switched, ${LOADS.patched} for one that is`,
  byDefault: true,
  processes: 3,
  run: async () => {
    const { cpu, ops } = inTransition();
    const stack = (ops - klp_ops.fops + klp_ops.func_stack) as number;
    const c = compare({
      unpatched: handlerCalls(cpu, ops, KLP_UNPATCHED),
      unpatched_loads: rawLoads(cpu, stack, KLP_UNPATCHED),
      unpatched_caller: callerCalls(cpu, KLP_UNPATCHED),
      patched: handlerCalls(cpu, ops, KLP_PATCHED),
      patched_loads: rawLoads(cpu, stack, KLP_PATCHED),
    });
    const bars = [
      bar(figure('task not yet switched', 'x', c.ratio('unpatched', 'unpatched_loads')), 'at most', 1.5),
      bar(figure('task that has switched', 'x', c.ratio('patched', 'patched_loads')), 'at most', 1.5),
    ];
    return {
      bars,
      figures: [
        figure('handler, not yet switched', 'ns', c.ns.unpatched),
        figure('its loads', 'ns', c.ns.unpatched_loads),
        counted('loads, not yet switched', '', LOADS.unpatched),
        figure('handler, switched', 'ns', c.ns.patched),
        figure('its loads, switched', 'ns', c.ns.patched_loads),
        counted('loads, switched', '', LOADS.patched),
        figure('ftrace_caller and handler, not yet switched', 'ns', c.ns.unpatched_caller),
      ],
      warnings: [...c.warnings, ...spreadWarnings(bars)],
    };
  },
};

/** A machine whose one patch has been started and cannot complete: its one function is on its func_stack. */
function inTransition(): { cpu: Kernel; ops: FtraceOps } {
  const functions = [fn('patched', true, [])];
  const patches = [{ name: 'patch', functions: [{ fn: 'patched', body: null }] }];
  /* No CPU is online: patching the call site makes each of them answer. */
  const machine: SoloMachine = soloMachine(benchScenario({ functions, patches }), {
    online: false,
    lockStat: false,
  });
  const { boot, cpu } = machine;
  const patch = load_module(boot, 0);
  klp_init_transition(boot, patch, KLP_PATCHED);
  const object = container_of(list_next(boot, embedded(patch, klp_patch.objs)), klp_object.node);
  const errno = klp_patch_object(boot, object);
  if (errno !== 0) throw new Error(`klp_patch_object: ${errno}`);
  klp_start_transition(boot);
  return { cpu, ops: load(cpu, dyn_ftrace_rec(cpu, FUNC), dyn_ftrace.ops) };
}

function handlerCalls(k: Kernel, ops: FtraceOps, state: number): Contender {
  return (n) => {
    store(k, k.current, task_struct.patch_state, state);
    let sum = 0;
    for (let i = 0; i < n; i++) sum = (sum + klp_ftrace_handler(k, FUNC, ops, i)) | 0;
    return sum;
  };
}

function callerCalls(k: Kernel, state: number): Contender {
  return (n) => {
    store(k, k.current, task_struct.patch_state, state);
    let sum = 0;
    for (let i = 0; i < n; i++) sum = (sum + ftrace_caller(k, FUNC, i)) | 0;
    return sum;
  };
}

function rawLoads(k: Kernel, stack: number, state: number): Contender {
  const words = k.i32;
  const toTransition = klp_func.transition - klp_func.stack_node;
  const patchState = k.current + task_struct.patch_state;
  const choose = (pc: number): number => {
    const first = Atomics.load(words, stack);
    if (Atomics.load(words, first + toTransition) === 0) return first;
    if (Atomics.load(words, patchState) === KLP_PATCHED) return first;
    const next = Atomics.load(words, first);
    return next === stack ? pc : next;
  };
  return (n) => {
    store(k, k.current, task_struct.patch_state, state);
    let sum = 0;
    for (let i = 0; i < n; i++) sum = (sum + choose(i)) | 0;
    return sum;
  };
}
