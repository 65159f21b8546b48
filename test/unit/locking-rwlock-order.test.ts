// SPDX-License-Identifier: GPL-2.0-only
/** A writer that waits for the rwlock turns later readers away: it cannot starve. */
import { expect, it } from 'vitest';
import { runCrew } from '../support/locking/crew.js';
import { logOf } from '../support/locking/exclusion.js';
import { createLab } from '../support/locking/lab.js';

async function order(lock: string): Promise<number[]> {
  const lab = createLab({ actors: 3 });
  await runCrew(lab, [
    { job: 'conduct', args: { lock, role: 'reader', n: 2 } },
    { job: 'queue', args: { lock, role: 'writer', n: 1 } },
    { job: 'queue', args: { lock, role: 'reader', n: 2 } },
  ]);
  return logOf(lab);
}

it('lets a later reader in after the waiting writer', async () => {
  expect(await order('rwlock')).toEqual([0, 1, 2]);
});

it('sees a reader that passes the waiting writer', async () => {
  expect(await order('rwlock, readers first')).toEqual([2, 0, 1]);
});
