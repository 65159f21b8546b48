// SPDX-License-Identifier: GPL-2.0-only
/** The situations in which the designs debated in the mail are compared: each a preset and what is explored of it. */
import type { Scenario } from '../scenario/types.js';

export interface Situation {
  readonly name: string;
  readonly about: string;
  readonly scenario: string;
  readonly explore: Partial<Scenario['explore']>;
}

export const situations: readonly Situation[] = [
  {
    name: 'idle',
    about: 'idle tasks run patched functions; no hotplug',
    scenario: 'hotplug',
    explore: { hotplug: 0 },
  },
  {
    name: 'cpu-up',
    about: 'a CPU comes up in the middle of a transition',
    scenario: 'hotplug',
    explore: { online: 1, hotplug: 1 },
  },
  {
    name: 'cpu-down',
    about: 'a CPU goes down in the middle of a transition',
    scenario: 'hotplug',
    explore: { online: 2, hotplug: 1 },
  },
  {
    name: 'up+down',
    about: 'CPUs come and go',
    scenario: 'hotplug',
    explore: { online: 1, hotplug: 3 },
  },
  { name: 'fork', about: 'tasks fork and exit', scenario: 'forkstorm', explore: { reverse: 0 } },
  {
    name: 'reverse',
    about: 'every transition is reversed while tasks fork',
    scenario: 'forkstorm',
    explore: { reverse: 1 },
  },
  {
    name: 'unreliable',
    about: 'no reliable stacks: tasks switch at their own switch points only',
    scenario: 'unreliable',
    explore: {},
  },
  {
    name: 'sleepers',
    about: 'tasks that sleep for good',
    scenario: 'manytasks',
    explore: {},
  },
];
