// SPDX-License-Identifier: GPL-2.0-only
/** put_online_cpus of the last reader wakes cpu_hotplug_begin. */
import { expect, it } from 'vitest';
import { ACTOR_STATE } from '#src/kernel/abi/constants.js';
import { runCrew } from '../support/locking/crew.js';
import { createLab } from '../support/locking/lab.js';

async function rescued(lock: string): Promise<number> {
  const crew = await runCrew(createLab({ actors: 2 }), [
    { job: 'hold', args: { lock, role: 'reader', wait: ACTOR_STATE.rwsem_write } },
    { job: 'take', args: { lock: 'refcount' } },
  ]);
  return crew.rescued;
}

it('wakes the writer', async () => {
  expect(await rescued('refcount')).toBe(0);
});

it('sees a last reader that does not look at the queue', async () => {
  expect(await rescued('refcount, silent')).toBeGreaterThan(0);
});
