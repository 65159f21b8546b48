// SPDX-License-Identifier: GPL-2.0-only
/** call_rcu: a callback runs once, a grace period later, on the RCU thread. */
import { expect, it } from 'vitest';
import { rcu_head } from '#src/kernel/abi/structs.js';
import { completion_done } from '#src/kernel/locking/completion.js';
import { call_rcu, RCU_FUNC_COMPLETE, rcu_eqs_exit, rcu_gp_kthread_pass } from '#src/kernel/rcu/tree.js';
import { element_of, embedded } from '#src/mem/layout.js';
import { runCrew } from '../support/locking/crew.js';
import { createLab, lab_area, labArea, labKernel } from '../support/locking/lab.js';

it('runs each callback once', () => {
  const lab = createLab({ actors: 1 });
  const k = labKernel(lab, 0);
  const area = labArea(lab);
  rcu_eqs_exit(k);
  for (let i = 0; i < 3; i++) {
    call_rcu(
      k,
      element_of(area, lab_area.heads, rcu_head, i),
      RCU_FUNC_COMPLETE,
      embedded(area, lab_area.done),
    );
  }
  expect(completion_done(k, embedded(area, lab_area.done))).toBe(false);
  expect(rcu_gp_kthread_pass(k, 0)).toBe(3);
  expect(completion_done(k, embedded(area, lab_area.done))).toBe(true);
  expect(rcu_gp_kthread_pass(k, 0)).toBe(0);
});

it('runs every callback of several callers', async () => {
  const jobs = [0, 1].map((i) => ({ job: 'flood', args: { n: 30, from: 32 * i } }));
  const crew = await runCrew(createLab({ actors: 3 }), jobs, true);
  expect(crew.results).toEqual([30, 30]);
});

it('runs it after the reader has left', async () => {
  const jobs = [{ job: 'section', args: { waiter: 2 } }, { job: 'update_async' }];
  const crew = await runCrew(createLab({ actors: 3 }), jobs, true);
  expect(crew.results[1]).toBe(1);
});

it('sees callbacks that run at once', async () => {
  const jobs = [
    { job: 'section', args: { waiter: 2 } },
    { job: 'update_async' },
    { job: 'rcu_thread_busted' },
  ];
  const crew = await runCrew(createLab({ actors: 3 }), jobs);
  expect(crew.results[1]).toBe(0);
});
