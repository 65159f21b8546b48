// SPDX-License-Identifier: GPL-2.0-only
/** Boot puts every task of the scenario and of the CPUs on the task list, once, and those that can run in a queue. */
import { describe, expect, it } from 'vitest';
import {
  KLP_UNDEFINED,
  PF_CONTROL,
  PF_IDLE,
  PF_KTHREAD,
  PF_NO_SETAFFINITY,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
} from '#src/kernel/abi/constants.js';
import { percpu, task_struct, vmlinux } from '#src/kernel/abi/structs.js';
import { per_cpu, type Task } from '#src/kernel/kernel.js';
import { controlTask, cpuTask } from '#src/machine/view.js';
import { load } from '#src/mem/heap.js';
import type { Field } from '#src/mem/layout.js';
import { bootedMachine, idleOf, queueOf, tasksOf } from '../support/booted_machine.js';
import { tinyScenario } from '../support/tiny_scenario.js';

const machine = bootedMachine(
  tinyScenario({
    machine: { cpus: 3, online: 2 },
    programs: [
      {
        kind: 'user',
        name: 'u',
        tasks: 5,
        syscalls: [{ fn: 'sys_read', weight: 1 }],
        userWork: 1,
        lifetime: 2,
      },
      {
        kind: 'kthread',
        name: 'k',
        tasks: 2,
        calls: [{ fn: 'vfs_read', weight: 1 }],
        switchPoint: true,
        sleepMs: 0,
      },
      { kind: 'sleeper', name: 's', tasks: 4, stack: ['sys_read', 'vfs_read'] },
    ],
  }),
);
const { k, plan } = machine;
const listed = tasksOf(machine);
const get = (p: Task, field: Field<'task_struct', number>) => load(k, p, field);
const ofProgram = (program: number) => listed.filter((p) => get(p, task_struct.program) === program);

describe('the task list', () => {
  it('holds cpuhp/N and kworker/N of every possible CPU and all tasks of the programs', () => {
    expect(listed).toHaveLength(2 * 3 + 5 + 2 + 4);
    expect(load(k, k.g, vmlinux.nr_threads)).toBe(listed.length);
    expect([0, 1, 2].map((program) => ofProgram(program).length)).toEqual([5, 2, 4]);
    for (let cpu = 0; cpu < 3; cpu++) {
      expect(listed).toContain(cpuTask(plan, cpu, 1));
      expect(listed).toContain(cpuTask(plan, cpu, 2));
    }
  });

  it('holds each once, each with a pid of its own', () => {
    expect(new Set(listed).size).toBe(listed.length);
    const pids = listed.map((p) => get(p, task_struct.pid));
    expect(new Set(pids).size).toBe(pids.length);
    expect(Math.min(...pids)).toBeGreaterThan(0);
    expect(load(k, k.g, vmlinux.next_pid)).toBe(Math.max(...pids) + 1);
  });

  it('holds neither idle tasks nor control paths, as in Linux and as they are no tasks', () => {
    for (let cpu = 0; cpu < 3; cpu++) expect(listed).not.toContain(idleOf(machine, cpu));
    for (let a = plan.nrCpus; a < plan.nrActors; a++) expect(listed).not.toContain(controlTask(plan, a));
  });
});

describe('every task', () => {
  const idle = [0, 1, 2].map((cpu) => idleOf(machine, cpu));

  it('is in no transition: undefined patch state', () => {
    for (const p of [...listed, ...idle]) expect(get(p, task_struct.patch_state)).toBe(KLP_UNDEFINED);
  });

  it('has the flags of its kind', () => {
    for (const p of ofProgram(0)) expect(get(p, task_struct.flags)).toBe(0);
    for (const p of ofProgram(1)) expect(get(p, task_struct.flags)).toBe(PF_KTHREAD);
    for (const p of idle) expect(get(p, task_struct.flags) & PF_IDLE).toBe(PF_IDLE);
    for (let cpu = 0; cpu < 3; cpu++) {
      expect(get(cpuTask(plan, cpu, 1), task_struct.flags)).toBe(PF_KTHREAD | PF_NO_SETAFFINITY);
      expect(get(cpuTask(plan, cpu, 1), task_struct.cpus_mask)).toBe(1 << cpu);
      expect(get(cpuTask(plan, cpu, 2), task_struct.cpus_mask)).toBe(1 << cpu);
    }
    for (let a = plan.nrCpus; a < plan.nrActors; a++) {
      expect(get(controlTask(plan, a), task_struct.flags) & PF_CONTROL).toBe(PF_CONTROL);
    }
  });

  it('of a program begins at its entry, with its life', () => {
    const [user, kthread] = plan.text.programs;
    for (const p of ofProgram(0)) {
      expect(get(p, task_struct.pc)).toBe(user?.entry);
      expect(get(p, task_struct.life)).toBe(2);
    }
    for (const p of ofProgram(1)) expect(get(p, task_struct.pc)).toBe(kthread?.entry);
  });
});

describe('the run queues', () => {
  const queued = [0, 1, 2].map((cpu) => queueOf(machine, cpu));

  it('hold every runnable task once, on its own CPU', () => {
    const runnable = listed.filter((p) => get(p, task_struct.__state) === TASK_RUNNING);
    expect(queued.flat().sort()).toEqual([...runnable].sort());
    queued.forEach((queue, cpu) => {
      expect(load(k, per_cpu(k, cpu), percpu.nr_running)).toBe(queue.length);
      for (const p of queue) {
        expect(get(p, task_struct.cpu)).toBe(cpu);
        expect(get(p, task_struct.on_rq)).toBe(1);
      }
    });
  });

  it('share the tasks of programs among the CPUs that are online', () => {
    const programs = queued.map((queue) => queue.filter((p) => get(p, task_struct.program) >= 0).length);
    expect(programs).toEqual([4, 3, 0]);
  });

  it('hold no sleeper', () => {
    const sleepers = ofProgram(2);
    for (const p of sleepers) {
      expect(get(p, task_struct.__state)).toBe(TASK_UNINTERRUPTIBLE);
      expect(get(p, task_struct.on_rq)).toBe(0);
      expect(queued.flat()).not.toContain(p);
    }
  });

  it('leave the idle task current on every CPU', () => {
    for (let cpu = 0; cpu < 3; cpu++) {
      expect(load(k, per_cpu(k, cpu), percpu.curr)).toBe(idleOf(machine, cpu));
      expect(get(idleOf(machine, cpu), task_struct.on_cpu)).toBe(1);
    }
  });
});
