// SPDX-License-Identifier: GPL-2.0-only
/** What must be found, or the tool is switched off somewhere: a known bug for each kind of check and of scheduler. */
import type { Scenario } from '../scenario/types.js';

export interface MustFail {
  readonly name: string;
  readonly about: string;
  readonly protocol: string;
  readonly scenario: string;
  readonly explore: Partial<Scenario['explore']>;
  readonly scheduler: string;
  readonly executions: number;
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
];
