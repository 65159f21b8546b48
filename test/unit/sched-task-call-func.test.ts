// SPDX-License-Identifier: GPL-2.0-only
/** task_call_func, which livepatch reads stacks with, waits until the CPU of a task that goes to sleep has left it. */
import { expect, it } from 'vitest';
import { TASK_UNINTERRUPTIBLE } from '#src/kernel/abi/constants.js';
import { task_struct } from '#src/kernel/abi/structs.js';
import type { Kernel } from '#src/kernel/kernel.js';
import { task_call_func } from '#src/kernel/sched/wakeup.js';
import { load, READ_ONCE, smp_store_release, store } from '#src/mem/heap.js';
import { createLab, labKernel, labTask } from '../support/locking/lab.js';

it('is off its queue, still on the CPU, and then off that too', () => {
  const lab = createLab({ actors: 2 });
  const me = labKernel(lab, 0);
  const p = labTask(lab, 1);
  store(me, p, task_struct.__state, TASK_UNINTERRUPTIBLE);
  store(me, p, task_struct.on_rq, 0);
  store(me, p, task_struct.on_cpu, 1);
  /* The other CPU comes to context_switch while we spin. */
  let flushes = 0;
  const trace: Kernel['trace'] = Object.create(me.trace, {
    flush: {
      value: () => {
        flushes++;
        smp_store_release(me, p, task_struct.on_cpu, 0);
      },
    },
  });
  const k: Kernel = { ...me, trace };
  expect(task_call_func(k, p, (q) => READ_ONCE(q, p, task_struct.on_cpu))).toBe(0);
  expect([flushes, load(k, p, task_struct.on_cpu)]).toEqual([1, 0]);
});
