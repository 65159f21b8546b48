// SPDX-License-Identifier: GPL-2.0-only
/** The whole report of fixed runs, word for word. lock_stat has tests of its own. */
import { expect, it } from 'vitest';
import { collectResult } from '#src/report/collect.js';
import { formatLockStat } from '#src/report/lock_stat.js';
import { endLine, textReport } from '#src/report/text.js';
import { emptyRun, failure, rawFailure } from '../support/soak_result.js';

const limits = `  the threads engine cannot find a missing memory barrier: the host runs every access sequentially consistent
  the threads engine cannot find interleavings that the host never happened to run: nothing is enumerated and nothing can be replayed
`;

it('tells a failure: verdict, violations, what stood still, numbers, lock_stat', () => {
  const result = failure();
  expect(textReport(result)).toBe(`${endLine(result)}

FAILURE after 30.0 s (55.5 s of CPU time): its 30 s are over
  5 trace records were dropped
${limits}
!!! 1 violation
KLP-MIX task 12 (cpu1) ran old f after new g with no switch point between
  new g   #4812 cpu1 handler: state=PATCHED
  old f  #14830 cpu1 handler: state=UNPATCHED
  hint: patch_state changed at #4821 by cpu0 while task 12 was running
  seen 3 times; this is the first

??? SLOW-TRANSITION task 7 held out in f for 12 s (2 times)

Watchdog
  hung transition lp1 for 16s
    held by: klp_mutex: livepatch
    not switched: swapper/1 (state R, UNPATCHED, TIF_PATCH_PENDING, on cpu1)
  hung cpu cpu1 in spin_lock on rq->lock for 12s
  actor      state      on        for  task
  cpu1       spin_lock  rq->lock  12s  swapper/1
  livepatch  timer                  -
  locks held: klp_mutex: livepatch, rq->lock: cpu0

Judged
  oracle       records
  consistency  1234567
  hotplug          890
  trace: 2345678 records, 5 dropped, CPUs throttled for 1.25ms

Rates
  counter               total  per second  per second and core  per CPU second
  syscalls                900        30.0                 15.0            16.2
  traced calls        3100000        103k                51.6k           55.9k
  handler settled          60        2.00                 1.00            1.08
  handler transition       30        1.00                 0.50            0.54
  ipis                     17        0.57                 0.28            0.31

Actors
  actor      syscalls  traced calls  handler  in transition  switches  idle passes  IPIs  halted  throttled
  cpu0            400       1500000       60             30         0            0     0   2.50s        0us
  cpu1            500       1600000        0              0         0            0    17     0us     1.25ms
  livepatch         0             0        0              0         0            0     0     0us        0us

Transitions: 4 completed, 1 reversed, 0 forced, 0 cancelled
  refused: -EBUSY 1
  latency     count     min     p50     p90     p99     max    mean
  patching        3  2.10ms  3.30ms  34.0ms  34.0ms  34.0ms  13.1ms
  unpatching      1   1.50s   1.50s   1.50s   1.50s   1.50s   1.50s
  completion attempts: 1: 3  4-7: 1

Hotplug
  operation  attempts  successes  -EBUSY  other errors  min ms  avg ms  max ms
  cpu_up            2          1       1             0   16.00   16.00   16.00
  cpu_down          3          2       0     -ENOMEM 1   10.50   15.38   20.25
  onoff: 1/2:2/3 16,16:11,20 16:31 (ms)
  readers of the hotplug lock: 3 sections
  latency  count  min  p50    p90    p99    max   mean
  wait         3  3us  4us  700us  700us  700us  236us

${formatLockStat(result.lockStat ?? [])}`);
});

it('tells a run in which nothing happened', () => {
  const result = emptyRun();
  expect(textReport(result)).toBe(`${endLine(result)}

INCONCLUSIVE after 0.0 s: interrupted
  no oracle ran: nothing was judged
${limits}
Judged: nothing, no oracle ran
  trace: 0 records, 0 dropped, CPUs throttled for 0us

Rates
  counter             total  per second  per second and core  per CPU second
  syscalls                0           -                    -               -
  traced calls            0           -                    -               -
  handler settled         0           -                    -               -
  handler transition      0           -                    -               -

Transitions: none

Hotplug
  operation  attempts  successes  -EBUSY  other errors  min ms  avg ms  max ms
  cpu_up            0          0       0             0       -       -       -
  cpu_down          0          0       0             0       -       -       -
  onoff: 0/0:0/0 -,-:-,- 0:0 (ms)
  readers of the hotplug lock: 0 sections

${formatLockStat([])}`);
  expect(textReport(result)).not.toMatch(/NaN|Infinity|undefined|null/);
});

it('says what the scenario does not have and what was not recorded', () => {
  const text = textReport(collectResult({ ...rawFailure(), hotplug: null, readers: null, lockStat: null }));
  expect(text).toContain('\nHotplug: off in this scenario\n\nlock_stat: not recorded\n');
  expect(text).not.toContain('onoff:');
});

it('keeps directions without a transition in the table', () => {
  const raw = rawFailure();
  const latency = { ...raw.transitions.latency, unpatching: null };
  const text = textReport(collectResult({ ...raw, transitions: { ...raw.transitions, latency } }));
  expect(text).toMatch(/^ {2}unpatching +0 +- +- +- +- +- +-$/m);
});
