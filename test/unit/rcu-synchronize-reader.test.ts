// SPDX-License-Identifier: GPL-2.0-only
/** synchronize_rcu waits for a reader in a preempt-disabled section. */
import { expect, it } from 'vitest';
import { runCrew } from '../support/locking/crew.js';
import { createLab } from '../support/locking/lab.js';

async function readerHadLeft(busted: number): Promise<boolean> {
  const crew = await runCrew(createLab({ actors: 2 }), [
    { job: 'section', args: { waiter: 1 } },
    { job: 'update', args: { busted } },
  ]);
  return crew.results[1] === 1;
}

it('returns after the reader has left', async () => {
  expect(await readerHadLeft(0)).toBe(true);
});

it('sees an updater that does not wait', async () => {
  expect(await readerHadLeft(1)).toBe(false);
});
