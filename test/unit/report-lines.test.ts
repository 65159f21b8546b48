// SPDX-License-Identifier: GPL-2.0-only
/** The start, statistics and end lines: one line each, everything in them. */
import { expect, it } from 'vitest';
import { formatParameters } from '#src/report/parameters.js';
import { statSince } from '#src/report/stat.js';
import { endLine, environmentLine, startLine, statLine } from '#src/report/text.js';
import { emptyRun, failure, firstLook, start } from '../support/soak_result.js';

const parameters =
  'scenario=small cpus=2 online=2 tasks=6 kthreads=2 spare_tasks=16 protocol=mainline-6.12 ' +
  'hotplug_lock=percpu-rwsem preempt=full reliable_stacks=1 unreliable_chance=0.01 retry_ms=10 slice_steps=200 ' +
  'trace_records=4096 functions=1 patches=lp1:1 programs=user:u:6,kthread:k:2 idle_calls=none klp_pause_ms=5-20 ' +
  'reverse=0.25 force=0 fail=0 onoff_pause_ms=10 min_online=1 stutter_ms=500/100 shuffle_ms=off readers_pause_ms=1-4 ' +
  'readers_hold_us=50 readers_data=off duration_s=30 hung_transition_s=15 hung_actor_s=10 seed=42 engine=threads ' +
  'oracles=consistency,hotplug';

it('starts and ends with all parameters', () => {
  expect(startLine(start)).toBe(`klptorture: --- Start of soak: ${parameters}`);
  expect(endLine(failure())).toBe(`klptorture: --- End of soak: FAILURE: ${parameters}`);
  expect(endLine(emptyRun())).toBe(`klptorture: --- End of soak: INCONCLUSIVE: ${parameters}`);
});

it('says where it runs', () => {
  expect(environmentLine(start)).toBe(
    'klptorture: version=0.1.0 node=v20.19.0 cpu_model="Example CPU" cores=2 platform="linux-x64 6.1.0" ' +
      'memory_mib=8192 started=2025-01-02T03:04:05.000Z',
  );
});

it('quotes what would not stay one word, and lets nothing unprintable out', () => {
  expect(formatParameters({ a: 'two words', b: '', c: 'x\n\u001b[31m\u009b', d: false, e: 'a=b' })).toBe(
    'a="two words" b="" c="x\\n\\u001b[31m\\u009b" d=0 e="a=b"',
  );
});

it('gives cumulative counts, rates of the interval, and no marks when all is well', () => {
  expect(statLine(statSince(null, firstLook))).toBe(
    'klptorture: stat 5s: syscalls 123456 calls 1.20M/s handler 300/s transitions 12/3r/0f max 34.0ms min 2.00ms ' +
      'onoff 5/6:4/4 16,32:10,20ms busy 1 rss 120.0MiB',
  );
  const later = { ...firstLook, elapsedSeconds: 7, counts: { ...firstLook.counts, tracedCalls: 6_001_000 } };
  expect(statLine(statSince(firstLook, later))).toContain(' calls 500/s handler 0/s ');
});

it('marks errors with !!! and suspicions with ???', () => {
  const counts = { ...firstLook.counts, violations: 1, suspicions: 2, dropped: 3 };
  expect(statLine(statSince(null, { ...firstLook, counts }))).toMatch(
    / dropped 3 rss 120.0MiB !!! 1 \?\?\? 2$/,
  );
});

it('leaves out what the run does not have', () => {
  const counts = statSince(firstLook, firstLook).delta;
  const look = {
    elapsedSeconds: 0,
    counts,
    transitionUs: null,
    onlineMs: null,
    offlineMs: null,
    rssBytes: null,
  };
  expect(statLine(statSince(null, { ...look, hotplug: false }))).toBe(
    'klptorture: stat 0s: syscalls 0 calls - handler - transitions 0/0r/0f',
  );
  expect(statLine(statSince(null, { ...look, hotplug: true }))).toMatch(/ onoff 0\/0:0\/0$/);
});
