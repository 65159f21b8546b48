// SPDX-License-Identifier: GPL-2.0-only
/** A writer waits for the readers inside; readers that come behind it wait for the writer. */
import { expect, it } from 'vitest';
import { runCrew } from '../support/locking/crew.js';
import { logOf } from '../support/locking/exclusion.js';
import { createLab } from '../support/locking/lab.js';

async function order(lock: string): Promise<number[]> {
  const lab = createLab({ actors: 4 });
  const crew = await runCrew(
    lab,
    [
      { job: 'conduct', args: { lock, role: 'reader', n: 2 } },
      { job: 'queue', args: { lock, role: 'writer', n: 1 } },
      { job: 'queue', args: { lock, role: 'reader', n: 2 } },
    ],
    true,
  );
  expect(crew.rescued).toBe(0);
  return logOf(lab);
}

it('goes reader, waiting writer, later reader', async () => {
  expect(await order('percpu_rwsem')).toEqual([0, 1, 2]);
});

it('sees a reader that ignores the waiting writer', async () => {
  /* The first reader takes the slow path out: the writer waits for it with the healthy code. */
  const lab = createLab({ actors: 4 });
  await runCrew(
    lab,
    [
      { job: 'conduct', args: { lock: 'percpu_rwsem', role: 'reader', n: 2 } },
      { job: 'queue', args: { lock: 'percpu_rwsem', role: 'writer', n: 1 } },
      { job: 'queue', args: { lock: 'percpu_rwsem, fast path only', role: 'reader', n: 2 } },
    ],
    true,
  );
  expect(logOf(lab).indexOf(2)).toBeLessThan(logOf(lab).indexOf(1));
});
