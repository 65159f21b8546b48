// SPDX-License-Identifier: GPL-2.0-only
/** mutex_unlock wakes a sleeper; an unlock that does not is caught, since the sleeper then sleeps on a free mutex. */
import { expect, it } from 'vitest';
import { runCrew } from '../support/locking/crew.js';
import { createLab } from '../support/locking/lab.js';

async function rescued(lock: string): Promise<number> {
  const crew = await runCrew(createLab({ actors: 2 }), [
    { job: 'hold', args: { lock, role: 'writer', wait: 'mutex' } },
    { job: 'take', args: { lock: 'mutex' } },
  ]);
  return crew.rescued;
}

it('wakes the sleeper', async () => {
  expect(await rescued('mutex')).toBe(0);
});

it('sees an unlock that wakes nobody', async () => {
  let found = 0;
  for (let attempt = 0; attempt < 20 && found === 0; attempt++) found = await rescued('mutex, silent');
  expect(found).toBeGreaterThan(0);
});
