// SPDX-License-Identifier: GPL-2.0-only
/** Every task has a stack of its own from boot on, and a sleeper's tells where it sleeps. */
import { describe, expect, it } from 'vitest';
import { task_struct } from '#src/kernel/abi/structs.js';
import type { Task } from '#src/kernel/kernel.js';
import { cpuTask } from '#src/machine/view.js';
import { load } from '#src/mem/heap.js';
import { EV } from '#src/trace/events.js';
import { RingView } from '#src/trace/ring.js';
import { bootedMachine, tasksOf } from '../support/booted_machine.js';
import { call, fn, tinyScenario } from '../support/tiny_scenario.js';

const chain = ['sys_read', 'vfs_read', 'pipe_read'];
const machine = bootedMachine(
  tinyScenario({
    machine: { cpus: 4, online: 2 },
    functions: [fn('sys_read', [call('vfs_read')]), fn('vfs_read', [call('pipe_read')]), fn('pipe_read')],
    patches: [{ name: 'p', functions: [{ fn: 'vfs_read', body: null }] }],
    programs: [
      {
        kind: 'user',
        name: 'u',
        tasks: 4,
        syscalls: [{ fn: 'sys_read', weight: 1 }],
        userWork: 1,
        lifetime: 0,
      },
      { kind: 'sleeper', name: 's', tasks: 3, stack: chain },
    ],
  }),
);
const { k, plan } = machine;
const stackOf = (p: Task) => load(k, p, task_struct.stack) as number;
const sleepers = tasksOf(machine).filter((p) => load(k, p, task_struct.program) === 1);

describe('the stacks', () => {
  const tasks = [...tasksOf(machine)];
  for (let cpu = 0; cpu < plan.nrCpus; cpu++) tasks.push(cpuTask(plan, cpu, 0));
  const bases = tasks.map(stackOf).sort((a, b) => a - b);

  it('of all tasks, those of CPUs that are offline too, do not overlap', () => {
    expect(bases).toHaveLength(4 * 3 + 4 + 3);
    for (let i = 1; i < bases.length; i++) {
      expect((bases[i] as number) - (bases[i - 1] as number)).toBeGreaterThanOrEqual(plan.config.stack_words);
    }
  });

  it('lie in the regions of the plan', () => {
    const boot = plan.bootStackBase;
    const rest = plan.config.stack_base;
    for (const at of bases) {
      const inBoot = at >= boot && at < boot + plan.config.stack_words * 3 * plan.nrCpus;
      const inRest = at >= rest && at < rest + plan.config.stack_words * plan.slabs.task.count;
      expect(inBoot || inRest).toBe(true);
      expect(at + plan.config.stack_words).toBeLessThanOrEqual(plan.heapWords);
    }
  });
});

describe('the stack of a sleeper', () => {
  it('returns into each function of its chain, and then out of the kernel', () => {
    expect(sleepers).toHaveLength(3);
    for (const p of sleepers) {
      const words = [...k.i32.slice(stackOf(p), stackOf(p) + load(k, p, task_struct.sp))];
      expect(words[0]).toBe(plan.config.ret_to_user);
      const names = words.slice(1).map((address) => {
        return plan.text.functions.find((f) => address >= f.entry && address < f.entry + f.size)?.name;
      });
      expect(names).toEqual(chain);
    }
  });

  it('fits', () => {
    for (const p of sleepers) expect(load(k, p, task_struct.sp)).toBeLessThanOrEqual(plan.config.stack_words);
  });

  it('is told in the trace as far as its functions are patched: they have been entered', () => {
    const ring = new RingView(machine.shared.trace.rings[k.actor] as SharedArrayBuffer);
    ring.refresh(0);
    const entered: [number, number][] = [];
    for (let i = 0; i < ring.head; i++) {
      if (ring.word(i, 1) === EV.func_enter) entered.push([ring.word(i, 2), ring.word(i, 3)]);
    }
    const patched = plan.text.functions.find((f) => f.name === 'vfs_read');
    expect(entered).toEqual(sleepers.map((p) => [load(k, p, task_struct.pid), patched?.id]));
  });
});
