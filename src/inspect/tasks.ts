// SPDX-License-Identifier: GPL-2.0-only
/** A task as it looks from outside, in words that a report can print. The look races with the machine. */
import {
  PF_CONTROL,
  PF_IDLE,
  PF_KTHREAD,
  TIF_PATCH_PENDING,
  taskStateName,
} from '../kernel/abi/constants.js';
import { percpu, task_struct } from '../kernel/abi/structs.js';
import { actorName } from '../machine/plan.js';
import type { MachineShared } from '../machine/view.js';
import type { TextFunction } from '../workload/assemble.js';

export interface TaskSnapshot {
  readonly pid: number;
  /** swapper/1, reader:12, kworker/0, livepatch. */
  readonly name: string;
  readonly state: string;
  readonly patchState: number;
  readonly pending: boolean;
  readonly onCpu: number | null;
  readonly kthread: boolean;
  readonly idle: boolean;
  /** Functions on its stack, innermost first; of a running task this is what was saved last. */
  readonly stack: readonly string[];
}

/** The function whose text covers `pc`, or null. */
export function functionAt(functions: readonly TextFunction[], pc: number): TextFunction | null {
  for (const f of functions) if (pc >= f.entry && pc < f.entry + f.size) return f;
  return null;
}

/** Name of a task by its id, as far as the id tells. */
export function taskName(shared: MachineShared, pid: number, program: number): string {
  if (pid <= -100) return actorName(shared.plan, -pid - 100);
  if (pid < 0) return `swapper/${-pid - 1}`;
  if (program === -1) return `cpuhp:${pid}`;
  if (program === -2) return `kworker:${pid}`;
  return `${shared.scenario.programs[program]?.name ?? 'task'}:${pid}`;
}

export function describeTask(shared: MachineShared, words: Int32Array, p: number): TaskSnapshot {
  const word = (f: number) => Atomics.load(words, p + f);
  const flags = word(task_struct.flags);
  const pid = word(task_struct.pid);
  const cpu = word(task_struct.cpu);
  const curr =
    (flags & PF_CONTROL) === 0 && cpu >= 0 && cpu < shared.plan.nrCpus
      ? Atomics.load(words, shared.plan.percpuBase + cpu * percpu.$words + percpu.curr)
      : 0;
  return {
    pid,
    name: taskName(shared, pid, word(task_struct.program)),
    state: taskStateName(word(task_struct.__state)),
    patchState: word(task_struct.patch_state),
    pending: ((word(task_struct.thread_flags) >>> TIF_PATCH_PENDING) & 1) !== 0,
    onCpu: curr === p ? cpu : null,
    kthread: (flags & PF_KTHREAD) !== 0,
    idle: (flags & PF_IDLE) !== 0,
    stack: stackOf(shared, words, p),
  };
}

function stackOf(shared: MachineShared, words: Int32Array, p: number): string[] {
  const names: string[] = [];
  const { functions } = shared.plan.text;
  const sp = words[p + task_struct.sp] as number;
  const stack = words[p + task_struct.stack] as number;
  const depth = Math.max(0, Math.min(sp, shared.plan.config.stack_words));
  const look = (pc: number) => {
    const f = functionAt(functions, pc);
    if (f !== null) names.push(f.name);
    else if (inModules(shared, pc)) names.push('[livepatch]');
  };
  look(words[p + task_struct.pc] as number);
  for (let i = depth - 1; i >= 0; i--) look(words[stack + i] as number);
  return names;
}

function inModules(shared: MachineShared, pc: number): boolean {
  const m = shared.plan.slabs.module;
  return pc >= m.base && pc < m.base + m.words * m.count;
}
