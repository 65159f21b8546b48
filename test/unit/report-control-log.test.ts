// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { EBUSY, ENOMEM } from '#src/kernel/abi/constants.js';
import { HotplugLog, ReadersLog, TransitionLog } from '#src/report/control_log.js';

it('groups completion attempts by powers of two', () => {
  const log = new TransitionLog();
  for (const attempts of [0, 1, 2, 3, 4, 7, 8, 1000]) log.completed('patching', 10, attempts);
  expect(log.result().attempts).toEqual([
    { from: 1, to: 1, count: 2 },
    { from: 2, to: 3, count: 2 },
    { from: 4, to: 7, count: 2 },
    { from: 8, to: 15, count: 1 },
    { from: 512, to: 1023, count: 1 },
  ]);
});

it('keeps the directions of transitions apart and spans both', () => {
  const log = new TransitionLog();
  expect(log.span()).toBeNull();
  log.completed('patching', 100, 1);
  log.completed('unpatching', 20, 1);
  log.reversed();
  log.forced();
  log.cancelled();
  log.failed(-EBUSY);
  log.failed(-EBUSY);
  expect(log.span()).toEqual({ min: 20, max: 100 });
  expect(structuredClone(log.result())).toMatchObject({
    completed: 2,
    reversed: 1,
    forced: 1,
    cancelled: 1,
    failed: { '-EBUSY': 2 },
    latency: { patching: { count: 1, maxUs: 100 }, unpatching: { count: 1, maxUs: 20 } },
  });
});

it('times successful hotplug only and tells refusals from errors', () => {
  const log = new HotplugLog();
  log.down(0, 10);
  log.down(0, 20);
  log.down(-EBUSY, 0.1);
  log.down(-ENOMEM, 90);
  expect(log.result().down).toEqual({
    attempts: 4,
    successes: 2,
    busy: 1,
    errors: { '-ENOMEM': 1 },
    minMs: 10,
    avgMs: 15,
    maxMs: 20,
    totalMs: 30,
  });
  expect(log.result().up).toMatchObject({ attempts: 0, minMs: null, avgMs: null, maxMs: null, totalMs: 0 });
});

it('counts sections of readers', () => {
  const log = new ReadersLog();
  expect(log.result()).toEqual({ sections: 0, wait: null });
  log.section(7);
  expect(log.result()).toMatchObject({ sections: 1, wait: { maxUs: 7 } });
});

it('gives a result that later operations do not change', () => {
  const log = new TransitionLog();
  const before = log.result();
  log.failed(-EBUSY);
  log.completed('patching', 1, 1);
  expect(before).toMatchObject({ completed: 0, failed: {}, attempts: [] });
});
