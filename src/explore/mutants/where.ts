// SPDX-License-Identifier: GPL-2.0-only
/** Where a mutant is tried: the situations that come by what it changes, the likeliest first. */
import { protocolNames, protocols } from '../../protocol/index.js';
import type { HotplugLockFlavour } from '../../scenario/types.js';
import { droppableIds } from '../dropped.js';
import type { Mutant } from '../mutants.js';
import { type Situation, situations } from '../situations.js';
import type { MemoryName } from '../subject.js';

export interface MutantPlace extends Pick<Situation, 'name' | 'scenario' | 'explore'> {
  readonly memory: MemoryName;
  /** The barrier that the mutant lacks: its partners are where a change of hands is worth while. */
  readonly dropped: readonly string[];
  readonly protocol: string | undefined;
  readonly hotplugLock: HotplugLockFlavour | undefined;
}

type Spot = Pick<Situation, 'name' | 'scenario' | 'explore'> & { readonly protocol?: string };

function situation(name: string): Spot {
  return situations.find((s) => s.name === name) as Situation;
}

/* Beside those of `compare`. */
/** The hotplug lock is contended from the first operation: a CPU comes up while readers come and go. */
const contended: Spot = { name: 'contended', scenario: 'hotplug', explore: { online: 1, hotplug: 3 } };
/** Readers and writers of the hotplug lock share data. */
const drivers: Spot = { name: 'drivers', scenario: 'drivers', explore: {} };
/** One CPU is down while another goes. */
const threeCpus: Spot = {
  name: 'three-cpus',
  scenario: 'hotplug',
  explore: { cpus: 3, online: 2, hotplug: 3, livepatch: 1 },
};
/** The CPUs that go have tasks. */
const withTasks: Spot = {
  name: 'tasks+hotplug',
  scenario: 'hotplug',
  explore: { online: 2, tasks: 1, hotplug: 3, livepatch: 1 },
};
/** Designs that disable hotplug for a while, and that have callbacks of their own. */
const disabling: Spot = { ...situation('up+down'), name: 'up+down, compromise', protocol: 'compromise' };
const notified: Spot = { ...situation('up+down'), name: 'up+down, notifiers', protocol: 'notifiers' };
/** Tasks are switched in cond_resched(). */
const busy: Spot = { name: 'busy', scenario: 'busy', explore: {} };
const busyReversed: Spot = { name: 'busy-reversed', scenario: 'busy', explore: { reverse: 1 } };
/** A bit of everything: pipes, files, vfork, a kthread of every kind. */
const everything: Spot = { name: 'default', scenario: 'default', explore: {} };

/** Transitions are forced, are given up at the start, and need signals. */
const forced: Spot = { name: 'forced', scenario: 'forced', explore: {} };

const NEWEST = 'mainline-6.12';

const transitions = [
  situation('up+down'),
  situation('reverse'),
  situation('stacked'),
  situation('unreliable'),
];

/** By the beginning of the file's path; the first that fits. */
const spotsOf: readonly (readonly [path: string, spots: readonly Spot[]])[] = [
  ['src/kernel/livepatch/core.ts', [...transitions, situation('fork'), disabling, forced]],
  ['src/kernel/livepatch/', [...transitions, situation('fork'), busy, busyReversed, forced]],
  ['src/kernel/locking/', [contended, drivers, situation('up+down'), situation('reverse'), everything]],
  ['src/kernel/cpu/', [situation('up+down'), contended, threeCpus, withTasks, disabling, notified]],
  /* Callbacks are those of tasks that have ended, and of the hotplug lock. */
  [
    'src/kernel/rcu/',
    [contended, drivers, situation('up+down'), situation('stacked'), situation('fork'), everything],
  ],
  ['src/kernel/sched/', [situation('reverse'), withTasks, situation('unreliable'), busy, everything, forced]],
  ['src/kernel/text/', [situation('unreliable'), situation('reverse'), busy, everything]],
  ['', transitions],
];

/** Of the designs that do more in hotplug than others: where that shows. */
const hotplugDesigns = [
  situation('cpu-up'),
  situation('up+down'),
  situation('stays-down'),
  situation('rev+hotplug'),
];

/** A mutant of a design, or of a step that only some take, shows in that design; of the kernel, in the newest one. */
function protocolOf(file: string, fn: string): string | undefined {
  const name = /^src\/protocol\/(.*)\.ts$/.exec(file)?.[1];
  if (name === undefined || protocolNames.includes(name)) return name;
  const takers = protocols.filter((p) => Object.values(p).some((step) => isStep(step) && step.name === fn));
  return takers.some((p) => p.id === NEWEST) ? undefined : takers[0]?.id;
}

function isStep(step: unknown): step is { readonly name: string } {
  return typeof step === 'function';
}

export function placesOf(mutant: Pick<Mutant, 'file' | 'fn' | 'operator' | 'before'>): MutantPlace[] {
  const { file, fn, operator, before } = mutant;
  const protocol = protocolOf(file, fn);
  const [, byFile] = spotsOf.find(([path]) => file.startsWith(path)) as (typeof spotsOf)[number];
  const spots = protocol === undefined ? byFile : hotplugDesigns;
  const hotplugLock: HotplugLockFlavour | undefined = file.endsWith('/cpu_hotplug_refcount.ts')
    ? 'refcount'
    : undefined;
  /* Under sequential consistency no barrier is ever missed. */
  const memory: MemoryName = operator === 'barrier-dropped' ? 'weak' : 'sc';
  const dropped = operator === 'barrier-dropped' ? droppableIds.filter((id) => namedIn(before, id)) : [];
  return spots.map((spot) => ({ protocol, ...spot, memory, dropped, hotplugLock }));
}

function namedIn(text: string, id: string): boolean {
  return new RegExp(`\\b${id}\\b`).test(text);
}
