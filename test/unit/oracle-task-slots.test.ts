// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { TaskSlots } from '#src/oracle/task_slots.js';
import { Rng } from '#src/util/rng.js';

it('agrees with a Map through any number of births and deaths', () => {
  const rng = new Rng(7);
  let capacity = 0;
  const slots = new TaskSlots((n) => {
    capacity = n;
  }, 4);
  const live = new Map<number, number>();
  let pid = 1;
  for (let step = 0; step < 20_000; step++) {
    if (rng.chance(live.size < 300 ? 0.6 : 0.4)) {
      /* Idle tasks have negative numbers, and pids of one kind may lie far apart. */
      const next = rng.chance(0.05) ? -pid : pid * (rng.chance(0.5) ? 1 : 1024);
      pid++;
      if (!live.has(next)) live.set(next, slots.add(next));
    } else {
      const [victim] = [...live.keys()].slice(rng.below(Math.max(1, live.size)));
      if (victim === undefined) continue;
      slots.remove(victim);
      live.delete(victim);
      expect(slots.find(victim)).toBe(-1);
    }
    if (step % 100 === 0) for (const [p, s] of live) expect(slots.find(p)).toBe(s);
  }
  expect(slots.size).toBe(live.size);
  expect(new Set(live.values()).size).toBe(live.size);
  expect(Math.max(...live.values())).toBeLessThan(capacity);
  const seen = new Map<number, number>();
  slots.forEach((p, s) => {
    seen.set(p, s);
  });
  expect(seen).toEqual(live);
});

it('forgets a task that it does not know without harm', () => {
  const slots = new TaskSlots(() => {});
  slots.add(1);
  slots.remove(2);
  expect([slots.find(1), slots.find(2), slots.size]).toEqual([0, -1, 1]);
});
