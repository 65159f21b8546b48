// SPDX-License-Identifier: GPL-2.0-only
/** The last reader wakes the writer that waits for it; one that leaves silently is caught. */
import { expect, it } from 'vitest';
import { ACTOR_STATE } from '#src/kernel/abi/constants.js';
import { runCrew } from '../support/locking/crew.js';
import { createLab } from '../support/locking/lab.js';

async function rescued(lock: string): Promise<number> {
  const crew = await runCrew(
    createLab({ actors: 3 }),
    [
      { job: 'hold', args: { lock, role: 'reader', wait: ACTOR_STATE.rcuwait } },
      { job: 'take', args: { lock: 'percpu_rwsem' } },
    ],
    true,
  );
  return crew.rescued;
}

it('wakes the writer', async () => {
  expect(await rescued('percpu_rwsem')).toBe(0);
});

it('sees a reader that leaves without a word', async () => {
  expect(await rescued('percpu_rwsem, silent')).toBeGreaterThan(0);
});

it('finishes every round of readers and writers that change roles', async () => {
  const args = { lock: 'percpu_rwsem', rounds: 300 };
  const jobs = [0, 1, 2].map(() => ({ job: 'churn', args }));
  const crew = await runCrew(createLab({ actors: 4 }), jobs, true);
  expect(crew).toEqual({ results: [300, 300, 300], rescued: 0 });
});
