// SPDX-License-Identifier: GPL-2.0-only
/** synchronize_rcu does not wait for actors that RCU is not watching: asleep, offline, not started. */
import { expect, it } from 'vitest';
import { percpu, vmlinux } from '#src/kernel/abi/structs.js';
import { rcu_eqs_enter, rcu_eqs_exit, rcu_is_watching, synchronize_rcu } from '#src/kernel/rcu/tree.js';
import { preempt_disable, preempt_enable } from '#src/kernel/sched/preempt.js';
import { READ_ONCE } from '#src/mem/heap.js';
import { SimulatorBug } from '#src/util/fault.js';
import { runCrew } from '../support/locking/crew.js';
import { createLab, labKernel } from '../support/locking/lab.js';

it('passes by actors that never started', () => {
  const k = labKernel(createLab({ actors: 4, cpus: 2 }), 3);
  rcu_eqs_exit(k);
  synchronize_rcu(k);
  expect(READ_ONCE(k, k.g, vmlinux.rcu_gp_waiting)).toBe(0);
  expect(rcu_is_watching(k)).toBe(true);
});

it('passes by an actor that stays in its quiescent state', async () => {
  const crew = await runCrew(createLab({ actors: 2 }), [
    { job: 'eqs' },
    { job: 'update', args: { busted: 0 } },
  ]);
  expect(crew.results).toEqual([0, 0]);
});

it('refuses to enter or leave an extended quiescent state twice, or with preemption off', () => {
  const k = labKernel(createLab({ actors: 1 }), 0);
  expect(() => rcu_eqs_enter(k)).toThrow(SimulatorBug);
  const other = labKernel(createLab({ actors: 1 }), 0);
  rcu_eqs_exit(other);
  expect(READ_ONCE(other, other.me, percpu.rcu_dynticks)).toBe(1);
  preempt_disable(other);
  expect(() => rcu_eqs_enter(other)).toThrow(SimulatorBug);
  preempt_enable(other);
  expect(() => rcu_eqs_exit(other)).toThrow(SimulatorBug);
});
