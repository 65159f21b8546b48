// SPDX-License-Identifier: GPL-2.0-only
/** What must be found, or the tool is switched off somewhere: a known bug for each kind of check and of scheduler. */
import type { Scenario } from '../scenario/types.js';
import { changedKernels } from './must_fail_changes.js';
import type { SourceEdit } from './source_edit.js';
import type { MemoryName } from './subject.js';

export interface MustFail {
  readonly name: string;
  readonly about: string;
  readonly protocol: string;
  readonly scenario: string;
  readonly explore: Partial<Scenario['explore']>;
  readonly scheduler: string;
  readonly executions: number;
  readonly memory?: MemoryName;
  /** Ids of the barriers that are left out. */
  readonly dropped?: readonly string[];
  /** Of the sources, all in one file; left out: they are as they are. */
  readonly change?: readonly SourceEdit[];
  /** One of these is to be found. */
  readonly codes: readonly string[];
}

export const mustFail: readonly MustFail[] = [
  {
    name: 'hung-transition',
    about: 'idle tasks of online CPUs only (v3): one is never asked to switch',
    protocol: 'online-only',
    scenario: 'hotplug',
    explore: { online: 1, hotplug: 1 },
    scheduler: 'pct(2)',
    executions: 128,
    codes: ['KLP-MISSED-SWITCH', 'PROG-HUNG-TRANSITION'],
  },
  {
    name: 'stale-state',
    about: 'klp_init_transition looks at online CPUs only',
    protocol: 'busted-init-online',
    scenario: 'hotplug',
    explore: { online: 1, hotplug: 1 },
    scheduler: 'random(1/50)',
    executions: 128,
    codes: ['KLP-STALE', 'KLP-UNDEF'],
  },
  {
    name: 'flag-left',
    about: 'klp_try_complete_transition looks at online CPUs only',
    protocol: 'busted-try-online',
    scenario: 'hotplug',
    explore: { online: 2, hotplug: 1 },
    scheduler: 'random(1/10)',
    executions: 256,
    codes: ['KLP-TIF-LEFT', 'KLP-INCOMPLETE'],
  },
  {
    name: 'mixed-versions',
    about: 'running tasks are switched: one pass of the idle loop runs both versions',
    protocol: 'busted-switch-running',
    scenario: 'hotplug',
    explore: { hotplug: 0 },
    scheduler: 'mix',
    executions: 128,
    codes: ['KLP-MIX', 'KLP-MIX-UNIT', 'KLP-STRAY-SWITCH'],
  },
  {
    name: 'fork-race',
    about: 'fork copies the flag and the state at different times (747f7a290117)',
    protocol: 'busted-fork-flag-only',
    scenario: 'forkstorm',
    explore: {},
    scheduler: 'pct(3)',
    executions: 256,
    codes: ['KLP-UNDEF', 'KLP-MIX', 'KLP-WRONG-VERSION', 'KLP-NO-FLAG'],
  },
  {
    name: 'no-kick',
    about: 'idle CPUs are not kicked: their tasks never come to the switch point',
    protocol: 'busted-no-kick',
    scenario: 'hotplug',
    explore: { hotplug: 0 },
    scheduler: 'round-robin(100)',
    executions: 32,
    codes: ['PROG-HUNG-TRANSITION'],
  },
  {
    name: 'deadlock',
    about: 'hotplug callbacks take klp_mutex, whose holder waits for hotplug',
    protocol: 'busted-notifiers-klp-mutex',
    scenario: 'hotplug',
    explore: { online: 1, hotplug: 2 },
    scheduler: 'mix',
    executions: 256,
    codes: ['EXPLORE-DEADLOCK', 'LOCKDEP-CYCLE', 'PROG-HUNG-TRANSITION', 'PROG-HUNG-CONTROL'],
  },
  {
    name: 'undefined-state',
    about: 'no grace period before the states become undefined: a window of one operation of a handler',
    protocol: 'busted-no-sync-patched',
    scenario: 'hotplug',
    explore: { hotplug: 0, livepatch: 1 },
    scheduler: 'stall',
    executions: 768,
    codes: ['KLP-UNDEF'],
  },
  {
    name: 'removed-function',
    about:
      'no grace period after functions have left their stacks: a handler chooses one, or reads what is freed',
    protocol: 'busted-no-sync-unpatched',
    scenario: 'hotplug',
    explore: { hotplug: 0, livepatch: 3 },
    scheduler: 'stall',
    executions: 256,
    codes: ['KLP-DATA-RACE', 'KLP-REMOVED', 'KLP-WRONG-VERSION', 'KLP-HELD', 'KLP-UNDEF'],
  },
  {
    name: 'wrong-target',
    about: 'a reversal does not wait for switches in flight',
    protocol: 'busted-no-sync-reverse',
    scenario: 'forkstorm',
    explore: { reverse: 1, livepatch: 1 },
    scheduler: 'stall',
    executions: 256,
    codes: ['KLP-WRONG-TARGET'],
  },
  {
    name: 'partial-orders',
    about: 'klp_complete_transition looks at online CPUs only',
    protocol: 'busted-complete-online',
    scenario: 'hotplug',
    explore: { online: 2, hotplug: 2 },
    scheduler: 'pos',
    executions: 128,
    codes: ['KLP-STALE'],
  },
  {
    name: 'reader-and-writer',
    about: 'a reader of the hotplug lock looks for a writer without a full barrier before',
    protocol: 'mainline-6.12',
    scenario: 'hotplug',
    explore: {},
    scheduler: 'mix',
    executions: 256,
    memory: 'weak',
    dropped: ['PRW_A'],
    codes: ['RWSEM-EXCL'],
  },
  {
    name: 'missing-barrier',
    about: '__klp_disable_patch without its smp_wmb()',
    protocol: 'mainline-6.12',
    scenario: 'forkstorm',
    explore: { livepatch: 1 },
    scheduler: 'random(1/50)',
    executions: 256,
    memory: 'weak',
    dropped: ['KLP_W_DISABLE'],
    codes: ['KLP-WRONG-VERSION'],
  },
  {
    name: 'kthread-without-flag',
    about: 'fork copies the flag early and the state late (4.12)',
    protocol: 'mainline-4.12',
    scenario: 'forkstorm',
    explore: { reverse: 1, livepatch: 1 },
    scheduler: 'mix',
    executions: 256,
    codes: ['KLP-NO-FLAG'],
  },
  {
    name: 'flag-of-a-cpu-that-is-down',
    about: 'klp_try_complete_transition looks at online CPUs only, and one stays down',
    protocol: 'busted-try-online',
    scenario: 'hotplug',
    explore: { online: 1, hotplug: 0, livepatch: 1 },
    scheduler: 'mix',
    executions: 64,
    codes: ['KLP-TIF-LEFT'],
  },
  {
    name: 'lock-order',
    about: 'hotplug callbacks take klp_mutex: the order of the two locks',
    protocol: 'busted-notifiers-klp-mutex',
    scenario: 'hotplug',
    explore: { online: 2, hotplug: 3, livepatch: 1 },
    scheduler: 'mix',
    executions: 64,
    codes: ['LOCKDEP-CYCLE'],
  },
  {
    name: 'list-published-early',
    about: 'a function is put on its stack by a plain store: a handler follows a list that is not whole',
    protocol: 'mainline-6.12',
    scenario: 'hotplug',
    explore: { hotplug: 0, livepatch: 3 },
    scheduler: 'mix',
    executions: 128,
    memory: 'weak',
    dropped: ['KLP_PUBLISH'],
    codes: ['KERNEL-BUG', 'KLP-OOPS'],
  },
  {
    name: 'stale-data',
    about:
      'a reader of the hotplug lock leaves without a full barrier: the writer misses what it has written',
    protocol: 'mainline-6.12',
    scenario: 'drivers',
    explore: {},
    scheduler: 'mix',
    executions: 128,
    memory: 'weak',
    dropped: ['PRW_B'],
    codes: ['RWSEM-STALE'],
  },
  {
    name: 'lost-wake-up',
    about: 'rcuwait_wake_up without its full barrier',
    protocol: 'mainline-6.12',
    scenario: 'hotplug',
    explore: { online: 1, hotplug: 3 },
    scheduler: 'mix',
    executions: 256,
    memory: 'weak',
    dropped: ['RCUWAIT_A'],
    codes: ['PROG-LOST-WAKEUP'],
  },
  {
    name: 'exclusion',
    about: 'the same as reader-and-writer, as the locks see it',
    protocol: 'mainline-6.12',
    scenario: 'hotplug',
    explore: { online: 1, hotplug: 3 },
    scheduler: 'mix',
    executions: 512,
    memory: 'weak',
    dropped: ['PRW_A'],
    codes: ['LOCKDEP-EXCLUSION'],
  },
  ...changedKernels,
];
