// SPDX-License-Identifier: GPL-2.0-only
/** Which runs pass. */
import { expect, it } from 'vitest';
import { collectResult, type RawSoak } from '#src/report/collect.js';
import { rawFailure, violation } from '../support/soak_result.js';

function clean(change: Partial<RawSoak> = {}): RawSoak {
  return { ...rawFailure(), violations: [], suspicions: [], trace: { records: 10, dropped: 0 }, ...change };
}

it('passes a run that judged what it did and found nothing', () => {
  expect(collectResult(clean())).toMatchObject({ verdict: 'pass', reasons: [], violations: [] });
});

it('fails a run with a violation, whatever else was wrong with it', () => {
  const r = collectResult(
    clean({ violations: [violation], trace: { records: 10, dropped: 1 }, doubts: ['slow host'] }),
  );
  expect(r.verdict).toBe('fail');
  expect(r.reasons).toEqual([
    'KLP-MIX: ran old f after new g with no switch point between',
    'slow host',
    '1 trace record was dropped',
  ]);
});

it.each<[string, Partial<RawSoak>, RegExp]>([
  ['lost trace records', { trace: { records: 10, dropped: 2 } }, /^2 trace records were dropped$/],
  [
    'a dead worker',
    { stop: { kind: 'worker-died', text: 'cpu1 ran out of memory' } },
    /^cpu1 ran out of memory$/,
  ],
  ['a hang', { stop: { kind: 'hung', text: 'cpu1 stands still' } }, /^cpu1 stands still$/],
  ['no oracle', { oracles: [] }, /no oracle ran/],
  ['idle oracles', { oracles: [{ name: 'hotplug', records: 0 }] }, /nothing was judged/],
  [
    'a suspicion that leaves a doubt',
    { suspicions: [{ code: 'X', text: 'odd', count: 1, doubt: true }] },
    /^X: odd$/,
  ],
  ['a doubt of the caller', { doubts: ['all hotplug was refused'] }, /^all hotplug was refused$/],
])('finds nothing out from a run with %s', (_, change, reason) => {
  const r = collectResult(clean(change));
  expect(r.verdict).toBe('inconclusive');
  expect(r.reasons).toHaveLength(1);
  expect(r.reasons[0]).toMatch(reason);
});

it('takes suspicions and an early end by the user as they are', () => {
  const suspicions = [{ code: 'SLOW', text: 'slow', count: 1, doubt: false }];
  const stop = { kind: 'interrupted', text: 'interrupted' } as const;
  expect(collectResult(clean({ suspicions, stop })).verdict).toBe('pass');
});

it('gives rates by wall time, by the cores the simulated CPUs had, and by CPU time', () => {
  const { counters } = collectResult(clean({ wallSeconds: 10, cpuSeconds: 40 }));
  expect(counters.totals.traced_calls).toBe(3_100_000);
  expect(counters.rates.traced_calls).toEqual({
    total: 3_100_000,
    perSecond: 310_000,
    perCore: 155_000,
    perCpuSecond: 77_500,
  });
  expect(Object.keys(counters.rates)).not.toContain('halt_ns');
});
