// SPDX-License-Identifier: GPL-2.0-only
/** The condition is tested after queueing and setting the state, so a wake-up in between is not lost. */
import { expect, it } from 'vitest';
import { runCrew } from '../support/locking/crew.js';
import { createLab } from '../support/locking/lab.js';

async function rescued(busted: number): Promise<number> {
  const crew = await runCrew(createLab({ actors: 2 }), [
    { job: 'wq_wait', args: { busted } },
    { job: 'wq_wake' },
  ]);
  return crew.rescued;
}

it('is woken by a wake-up between its look and its sleep', async () => {
  expect(await rescued(0)).toBe(0);
});

it('sees a waiter that looks first and queues afterwards', async () => {
  expect(await rescued(1)).toBe(1);
});
