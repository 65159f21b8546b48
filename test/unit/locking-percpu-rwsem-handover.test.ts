// SPDX-License-Identifier: GPL-2.0-only
/** percpu_up_write hands over in order of arrival: readers up to the first writer, then that writer, then the rest. */
import { expect, it } from 'vitest';
import { runCrew } from '../support/locking/crew.js';
import { logOf } from '../support/locking/exclusion.js';
import { createLab } from '../support/locking/lab.js';

const lock = 'percpu_rwsem';

it('serves the queue first in, first out, neighbouring readers together', async () => {
  const lab = createLab({ actors: 6 });
  const crew = await runCrew(
    lab,
    [
      { job: 'conduct', args: { lock, role: 'writer', n: 4, queued: 1 } },
      { job: 'queue', args: { lock, role: 'reader', n: 1 } },
      { job: 'queue', args: { lock, role: 'reader', n: 2 } },
      { job: 'queue', args: { lock, role: 'writer', n: 3 } },
      { job: 'queue', args: { lock, role: 'reader', n: 4 } },
    ],
    true,
  );
  const log = logOf(lab);
  expect(log[0]).toBe(0);
  expect([log[1], log[2]].sort()).toEqual([1, 2]);
  expect(log.slice(3)).toEqual([3, 4]);
  expect(crew.rescued).toBe(0);
});
