// SPDX-License-Identifier: GPL-2.0-only
/** Several updaters at a time replace and poison what readers look at: no reader may see poison. */
import { expect, it } from 'vitest';
import { runCrew } from '../support/locking/crew.js';
import { createLab, lab_area } from '../support/locking/lab.js';

async function poisoned(busted: number): Promise<number> {
  const lab = createLab({ actors: 4 });
  new Int32Array(lab.heap)[lab.area + lab_area.log] = 1;
  const crew = await runCrew(lab, [
    { job: 'follow' },
    { job: 'follow' },
    { job: 'replace', args: { own: 1, rounds: 300, busted } },
    { job: 'replace', args: { own: 2, rounds: 300, busted } },
  ]);
  return (crew.results[0] ?? 0) + (crew.results[1] ?? 0);
}

it('shows no reader a poisoned object', async () => {
  expect(await poisoned(0)).toBe(0);
});

it('sees updaters that do not wait for a grace period', async () => {
  let found = 0;
  for (let attempt = 0; attempt < 10 && found === 0; attempt++) found = await poisoned(1);
  expect(found).toBeGreaterThan(0);
});
