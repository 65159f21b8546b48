// SPDX-License-Identifier: GPL-2.0-only
/** The situations in which the designs debated in the mail are compared: each a preset and what is explored of it. */
import type { Excuse } from '../oracle/violation.js';
import type { Scenario } from '../scenario/types.js';

export interface Situation {
  readonly name: string;
  readonly about: string;
  readonly scenario: string;
  readonly explore: Partial<Scenario['explore']>;
  /** Transitions that do not end are right here if nobody else holds them up; the reason is in `about`. */
  readonly holds?: readonly Excuse[];
}

export const situations: readonly Situation[] = [
  {
    name: 'idle',
    about: 'idle tasks run patched functions; no hotplug',
    scenario: 'hotplug',
    explore: { hotplug: 0, livepatch: 1 },
  },
  {
    name: 'stacked',
    about: 'the same with several patches that replace one function',
    scenario: 'hotplug',
    explore: { hotplug: 0, livepatch: 3 },
  },
  {
    name: 'cpu-up',
    about: 'a CPU comes up in the middle of a transition',
    scenario: 'hotplug',
    explore: { online: 1, hotplug: 1, livepatch: 1 },
  },
  {
    name: 'cpu-down',
    about: 'a CPU goes down in the middle of a transition',
    scenario: 'hotplug',
    explore: { online: 2, hotplug: 1, livepatch: 1 },
  },
  {
    name: 'up+down',
    about: 'CPUs come and go',
    scenario: 'hotplug',
    explore: { online: 2, hotplug: 3, livepatch: 1 },
  },
  {
    name: 'rev+hotplug',
    about: 'CPUs come and go, and every transition is reversed',
    scenario: 'hotplug',
    explore: { online: 2, hotplug: 3, livepatch: 1, reverse: 1 },
  },
  {
    name: 'stays-down',
    about: 'a CPU is down from the start and stays so',
    scenario: 'hotplug',
    explore: { online: 1, hotplug: 0, livepatch: 1 },
  },
  {
    name: 'fork',
    about: 'tasks fork and exit',
    scenario: 'forkstorm',
    explore: { reverse: 0, livepatch: 1 },
  },
  {
    name: 'reverse',
    about: 'every transition is reversed while tasks fork',
    scenario: 'forkstorm',
    explore: { reverse: 1, livepatch: 1 },
  },
  {
    name: 'unreliable',
    about: 'no reliable stacks: tasks switch at their own switch points only',
    scenario: 'unreliable',
    explore: {},
  },
  {
    name: 'unrel+down',
    about:
      'no reliable stacks, and a CPU stays down: its own kthreads pass no switch point, so that no transition can end, whatever the design; its idle task must not be in the way',
    scenario: 'unreliable',
    explore: { online: 1 },
    holds: ['kthread-asleep'],
  },
  {
    name: 'sleepers',
    about: 'tasks that sleep for good',
    scenario: 'manytasks',
    explore: { livepatch: 1 },
  },
];
