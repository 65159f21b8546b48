// SPDX-License-Identifier: GPL-2.0-only
/** Small fixed results for the tests of the report. */
import { COUNTER, NR_COUNTERS } from '#src/kernel/abi/counters.js';
import { _THIS_IP_, LOCK_CLASS, NR_LOCK_CLASSES } from '#src/kernel/abi/lock_classes.js';
import type { Violation } from '#src/oracle/violation.js';
import { collectResult, collectStart, type RawSoak, threadsEngine } from '#src/report/collect.js';
import { HotplugLog, ReadersLog, TransitionLog } from '#src/report/control_log.js';
import type { SoakResult, SoakStart } from '#src/report/result.js';
import { type StatSnapshot, statSince } from '#src/report/stat.js';
import type { Scenario } from '#src/scenario/types.js';
import {
  createLockStatBuffer,
  LockStat,
  type LockStatBuffer,
  LS_READ,
  LS_WRITE,
} from '#src/trace/lock_stat.js';

export const scenario: Scenario = {
  name: 'small',
  description: 'for tests',
  machine: {
    cpus: 2,
    online: 2,
    reliableStacks: true,
    unreliableChance: 0.01,
    hotplugLock: 'percpu-rwsem',
    protocol: 'mainline-6.12',
    preempt: 'full',
    retryMs: 10,
    sliceSteps: 200,
    traceRecords: 4096,
    spareTasks: 16,
  },
  functions: [{ name: 'f', traceable: true, body: [{ op: 'work', units: 3, chance: 1 }] }],
  patches: [{ name: 'lp1', functions: [{ fn: 'f', body: null }] }],
  programs: [
    { kind: 'user', name: 'u', tasks: 6, syscalls: [{ fn: 'f', weight: 1 }], userWork: 5, lifetime: 0 },
    { kind: 'kthread', name: 'k', tasks: 2, calls: [{ fn: 'f', weight: 1 }], switchPoint: true, sleepMs: 1 },
  ],
  idleCalls: [],
  control: {
    livepatch: { pauseMs: [5, 20], reverse: 0.25, force: 0, operations: 0 },
    hotplug: { pauseMs: [10, 10], minOnline: 1, operations: 0 },
    stutter: { runMs: 500, pauseMs: 100 },
    shuffle: null,
    wakers: null,
    readers: { pauseMs: [1, 4], holdUs: 50 },
  },
  explore: { cpus: 2, online: 2, tasks: 1, syscalls: 2, livepatch: 2, hotplug: 2, reverse: 0.3, without: [] },
  limits: { durationS: 30, hungTransitionS: 15, hungActorS: 10 },
  seed: 42,
};

export const start: SoakStart = collectStart({
  toolVersion: '0.1.0',
  scenario,
  extra: { oracles: 'consistency,hotplug' },
  engine: threadsEngine,
  environment: {
    node: 'v20.19.0',
    cpuModel: 'Example CPU',
    cores: 2,
    platform: 'linux-x64 6.1.0',
    memoryBytes: 8 * 2 ** 30,
  },
  startedAt: '2025-01-02T03:04:05.000Z',
});

export const violation: Violation = {
  code: 'KLP-MIX',
  summary: 'ran old f after new g with no switch point between',
  sites: [
    { label: 'new g', seq: 4812, actor: 1, text: 'handler: state=PATCHED' },
    { label: 'old f', seq: 14830, actor: 1, text: 'handler: state=UNPATCHED' },
  ],
  task: 12,
  cpu: 1,
  seq: 14830,
  hint: 'patch_state changed at #4821 by cpu0 while task 12 was running',
  count: 3,
};

/** Two actors meet on the hotplug lock; one of them takes tasklist_lock alone. */
export function lockStatBuffer(): LockStatBuffer {
  const buffer = createLockStatBuffer(3, NR_LOCK_CLASSES);
  let ns = 0;
  const cpu0 = new LockStat(buffer, 0, () => ns, true);
  const control = new LockStat(buffer, 2, () => ns, true);
  const sem = LOCK_CLASS.cpu_hotplug_lock;
  for (const held of [1234, 40_000]) {
    cpu0.acquired(7, sem, LS_READ, _THIS_IP_.cpus_read_lock_user, false, false);
    control.contended(7, sem, LS_WRITE, _THIS_IP_.cpu_down, _THIS_IP_.cpus_read_lock_user, true);
    ns += held;
    cpu0.release(7);
    control.acquired(7, sem, LS_WRITE, _THIS_IP_.cpu_down, true, true);
    ns += 2_000_000;
    control.release(7);
  }
  cpu0.acquired(9, LOCK_CLASS.tasklist_lock, LS_WRITE, _THIS_IP_.copy_process, false, false);
  ns += 996;
  cpu0.release(9);
  return buffer;
}

/** A block of counters by name. */
function counters(values: Partial<Record<keyof typeof COUNTER, number>>): Float64Array {
  const words = new Float64Array(NR_COUNTERS);
  for (const [name, value] of Object.entries(values)) words[COUNTER[name as keyof typeof COUNTER]] = value;
  return words;
}

export const firstLook: StatSnapshot = {
  elapsedSeconds: 5,
  counts: {
    syscalls: 123456,
    tracedCalls: 6_000_000,
    handlerCalls: 1500,
    completed: 12,
    reversed: 3,
    forced: 0,
    onlineAttempts: 6,
    onlineSuccesses: 5,
    offlineAttempts: 4,
    offlineSuccesses: 4,
    busy: 1,
    dropped: 0,
    violations: 0,
    suspicions: 0,
  },
  transitionUs: { min: 2000, max: 34_000 },
  onlineMs: { min: 16.2, max: 32.4 },
  offlineMs: { min: 10, max: 20 },
  hotplug: true,
  rssBytes: 120 * 2 ** 20,
};

/** Everything is filled in; one violation. */
export function rawFailure(): RawSoak {
  const transitions = new TransitionLog();
  for (const us of [2100, 3300, 34_000]) transitions.completed('patching', us, 1);
  transitions.completed('unpatching', 1_500_000, 6);
  transitions.reversed();
  transitions.failed(-16);
  const hotplug = new HotplugLog();
  hotplug.up(0, 16);
  hotplug.up(-16, 0.01);
  hotplug.down(0, 10.5);
  hotplug.down(0, 20.25);
  hotplug.down(-12, 3);
  const readers = new ReadersLog();
  for (const us of [3, 4, 700]) readers.section(us);
  return {
    start,
    wallSeconds: 30.04,
    cpuSeconds: 55.5,
    stop: { kind: 'duration', text: 'its 30 s are over' },
    violations: [violation],
    suspicions: [{ code: 'SLOW-TRANSITION', text: 'task 7 held out in f for 12 s', count: 2, doubt: false }],
    doubts: [],
    oracles: [
      { name: 'consistency', records: 1_234_567 },
      { name: 'hotplug', records: 890 },
    ],
    trace: { records: 2_345_678, dropped: 5 },
    actors: [
      {
        actor: 0,
        name: 'cpu0',
        counters: counters({
          syscalls: 400,
          traced_calls: 1_500_000,
          handler_settled: 60,
          handler_transition: 30,
          halt_ns: 2.5e9,
        }),
      },
      {
        actor: 1,
        name: 'cpu1',
        counters: counters({ syscalls: 500, traced_calls: 1_600_000, throttle_ns: 1.25e6, ipis: 17 }),
      },
      { actor: 2, name: 'livepatch', counters: counters({}) },
    ],
    transitions: transitions.result(),
    hotplug: hotplug.result(),
    readers: readers.result(),
    lockStat: lockStatBuffer(),
    watchdog: {
      findings: [
        {
          kind: 'transition',
          actor: null,
          name: 'lp1',
          state: '',
          object: '',
          sinceMs: 16_000,
          owners: ['klp_mutex: livepatch'],
          pendingTasks: [
            {
              pid: -2,
              name: 'swapper/1',
              state: 'R',
              patchState: 0,
              pending: true,
              onCpu: 1,
              idle: true,
              kthread: false,
              blockingFunction: null,
            },
          ],
        },
        {
          kind: 'cpu',
          actor: 1,
          name: 'cpu1',
          state: 'spin_lock',
          object: 'rq->lock',
          sinceMs: 12_000,
          owners: [],
          pendingTasks: [],
        },
      ],
      actors: [
        {
          actor: 1,
          name: 'cpu1',
          state: 'spin_lock',
          object: 'rq->lock',
          stuckSeconds: 12,
          task: 'swapper/1',
        },
        { actor: 2, name: 'livepatch', state: 'timer', object: '', stuckSeconds: null, task: '' },
      ],
      owners: ['klp_mutex: livepatch', 'rq->lock: cpu0'],
    },
    statistics: [statSince(null, firstLook)],
  };
}

export function failure(): SoakResult {
  return collectResult(rawFailure());
}

/** The machine booted and was stopped: nothing happened, nothing was judged, no time went by. */
export function emptyRun(): SoakResult {
  return collectResult({
    ...rawFailure(),
    wallSeconds: 0,
    cpuSeconds: null,
    stop: { kind: 'interrupted', text: 'interrupted' },
    violations: [],
    suspicions: [],
    oracles: [],
    trace: { records: 0, dropped: 0 },
    actors: [],
    transitions: new TransitionLog().result(),
    hotplug: new HotplugLog().result(),
    readers: new ReadersLog().result(),
    lockStat: createLockStatBuffer(3, NR_LOCK_CLASSES),
    watchdog: null,
    statistics: [],
  });
}
