// SPDX-License-Identifier: GPL-2.0-only
/** What is left out by `mutate --barriers`: each barrier, and the few pairs of which either serves; where, and what is expected. */
import { type Barrier, barriers, canBeDropped } from '../mem/barriers.js';
import type { Scenario } from '../scenario/types.js';
import { type DirectionName, directionNames } from './dropped.js';
import type { MovedWrite } from './moved_write.js';
import type { MemoryName } from './subject.js';

export interface BarrierCase {
  /** Ids, all left out together; none where a write is moved. */
  readonly ids: readonly string[];
  /** A write that comes after its barrier instead; null: nothing is moved. */
  readonly moved: MovedWrite | null;
  /** Null: not about one direction of a transition. */
  readonly direction: DirectionName | null;
  /** The weakest model that is expected to show it; never: a search that finds it is wrong; null: nobody has said. */
  readonly expected: MemoryName | 'never' | null;
  /** Why: the name of the change in the collection of known bugs. */
  readonly because: string;
}

export interface Place {
  readonly scenario: string;
  readonly explore: Partial<Scenario['explore']>;
}

type Expectation = Pick<BarrierCase, 'expected' | 'because'>;
const NOBODY_KNOWS: Expectation = { expected: null, because: '' };

/** By ids, `@direction` behind them where it matters. */
const expectations: Readonly<Record<string, Expectation>> = {
  'KLP_W_INIT@enable': { expected: 'never', because: 'EQ3: publication is a release' },
  'klp_target_state after KLP_W_INIT@enable': { expected: 'never', because: 'EQ5: KLP_W_ENABLE orders it' },
  'klp_target_state after KLP_W_INIT@disable': { expected: 'never', because: 'EQ5: KLP_W_DISABLE orders it' },
  'KLP_W_INIT@disable': { expected: 'weak', because: 'A1' },
  'KLP_W_ENABLE@enable': { expected: 'never', because: 'EQ2: publication is a release' },
  'KLP_W_PATCH@enable': { expected: 'weak', because: 'not in Linux, see the README' },
  'KLP_W_DISABLE@disable': { expected: 'weak', because: 'B1' },
  'KLP_W_REVERSE@reverse': { expected: 'weak', because: 'H3, cr-reverse-missing-wmb' },
  'KLP_R_FUNC@enable': { expected: 'never', because: 'EQ1: address dependency' },
  'KLP_R_FUNC@disable': { expected: 'never', because: 'EQ1: address dependency' },
  'KLP_R_FUNC@reverse': { expected: 'never', because: 'EQ1: address dependency' },
  'KLP_R_STATE@enable': { expected: 'never', because: 'EQ4: KLP_R_FUNC orders it' },
  'KLP_R_STATE@disable': { expected: 'weak', because: 'E2' },
  'KLP_R_SCHED@disable': { expected: 'weak', because: 'S1, cr-try-switch-missing-rmb' },
  'KLP_R_FUNC+KLP_R_STATE@disable': { expected: 'weak', because: 'E3' },
  'KLP_DEREF@enable': { expected: 'never', because: 'KLP_R_FUNC orders it' },
  'KLP_DEREF@disable': { expected: 'never', because: 'KLP_R_FUNC orders it' },
  'KLP_DEREF@reverse': { expected: 'never', because: 'KLP_R_FUNC orders it' },
  'KLP_PUBLISH@enable': { expected: 'weak', because: 'the list is not whole yet' },
  'KLP_W_ENABLE+KLP_PUBLISH@enable': { expected: 'weak', because: 'B2' },
  'KLP_W_INIT+KLP_W_DISABLE@disable': { expected: 'weak', because: 'target-undefined-by-early-flag' },
  PRW_A: { expected: 'tso', because: 'M1' },
  PRW_REL: { expected: 'weak', because: 'percpu-rwsem' },
  PRW_B: { expected: 'weak', because: 'percpu-rwsem' },
  PRW_C: { expected: 'weak', because: 'percpu-rwsem' },
  PRW_D: { expected: 'weak', because: 'percpu-rwsem; a locked instruction on TSO' },
  PRW_WQ: {
    expected: 'weak',
    because: 'percpu-rwsem: a reader that the lock was handed to has not slept yet',
  },
  WQ_CAREFUL: { expected: 'never', because: 'an entry is used again only under the lock of its queue' },
  RCUWAIT_A: { expected: 'tso', because: 'M5' },
  RCUWAIT_B: { expected: 'tso', because: 'M4, rcuwait-wake-barrier' },
  SET_STATE: { expected: 'tso', because: 'as RCUWAIT_A' },
  TTWU_STATE: { expected: 'weak', because: 'a lock is a full barrier on TSO' },
  TTWU_ON_RQ: {
    expected: 'never',
    because: 'on_rq = 1 is written under pi_lock: no ttwu_queue_wakelist() here',
  },
  TTWU_ON_CPU: {
    expected: 'never',
    because: 'TTWU_ON_RQ orders it: stacks are not written after set_current_state()',
  },
  FINISH_TASK: { expected: 'never', because: 'SET_STATE and SCHED_LOCK order it: as for TTWU_ON_CPU' },
  SCHED_LOCK: {
    expected: 'never',
    because: 'set_current_state() is a barrier itself, and on_rq is read again under rq->lock',
  },
  RCU_GP: { expected: 'weak', because: 'the fast path of percpu-rwsem' },
  RCU_QS: { expected: 'weak', because: 'the fast path of percpu-rwsem' },
  IDLE_POLL: { expected: 'never', because: 'futex_wait() compares the IPI word by a full barrier' },
  IPI_SEND: { expected: 'weak', because: 'a locked instruction on TSO' },
  CPUHP_MB_KICK: {
    expected: null,
    because: 'wake_up_process() orders it, unless the thread has not slept since the last operation',
  },
  CPU_BOOT: {
    expected: null,
    because: 'a CPU that starts from an old state repeats steps, which are empty here',
  },
  STOP_WORK: {
    expected: 'weak',
    because: 'a CPU takes the end of the last stop_machine for that of this one',
  },
};

const pairs = [
  ['KLP_R_FUNC', 'KLP_R_STATE'],
  ['KLP_W_ENABLE', 'KLP_PUBLISH'],
  ['KLP_W_INIT', 'KLP_W_DISABLE'],
] as const;

const targetAfterInit: MovedWrite = {
  word: 'klp_target_state',
  file: 'src/kernel/livepatch/transition.ts',
  statement: 'WRITE_ONCE(k, k.g, vmlinux.klp_target_state, state);',
  barrier: 'smp_wmb(k, B.KLP_W_INIT);',
};

type Change = Pick<BarrierCase, 'ids' | 'moved'>;

/** What is changed, for the table; with the direction it is the name of the case. */
export function changeName({ ids, moved }: Change, and = ' + '): string {
  if (moved === null) return ids.join(and);
  return `${moved.word} after ${/\bB\.(\w+)/.exec(moved.barrier)?.[1]}`;
}

export function caseName({ direction, ...change }: Change & Pick<BarrierCase, 'direction'>): string {
  return `${changeName(change, '+')}${direction === null ? '' : `@${direction}`}`;
}

function isLivepatch(id: string): boolean {
  return id.startsWith('KLP_');
}

export function barrierCases(): BarrierCase[] {
  const single = barriers.filter(canBeDropped).map((b: Barrier): readonly string[] => [b.id]);
  const dropped = [...single, ...pairs].flatMap((ids) => {
    const directions = isLivepatch(ids[0] as string) ? directionNames : [null];
    return directions.map((direction) => ({ ids, direction, moved: null }));
  });
  /* The start of a transition: a reversal makes none. */
  const moved = (['enable', 'disable'] as const).map((direction) => ({
    ids: [],
    direction,
    moved: targetAfterInit,
  }));
  return [...dropped, ...moved].map((c) => ({ ...c, ...(expectations[caseName(c)] ?? NOBODY_KNOWS) }));
}

const hotplug: readonly Place[] = [{ scenario: 'hotplug', explore: { online: 1, hotplug: 3 } }];
/** Readers and writers share data, and CPUs come and go all the time. */
const drivers: readonly Place[] = [{ scenario: 'drivers', explore: {} }];
const busy: Place = { scenario: 'busy', explore: {} };
const forks: Place = { scenario: 'forkstorm', explore: {} };
/** A function that is patched already gets another version: idle tasks call it all the time. */
const stacked: Place = { scenario: 'hotplug', explore: { hotplug: 0, livepatch: 3 } };
const both: readonly Place[] = [busy, forks];
const turned: readonly Place[] = [
  { scenario: 'forkstorm', explore: { reverse: 1 } },
  { scenario: 'busy', explore: { reverse: 1 } },
];
const scheduling: readonly Place[] = [forks, busy];

/** Where a barrier matters, by its id or the first part of it. */
const placesOf: Readonly<Record<string, readonly Place[]>> = {
  PRW_B: drivers,
  PRW_C: drivers,
  PRW_REL: drivers,
  PRW_WQ: drivers,
  PRW: hotplug,
  RCUWAIT: hotplug,
  CPUHP: hotplug,
  CPU: hotplug,
  SET: [busy, ...hotplug],
  RCU: drivers,
  IPI: hotplug,
  IDLE: hotplug,
  STOP: drivers,
  MULTI: [{ scenario: 'hotplug', explore: { online: 2, hotplug: 4 } }],
  FTRACE: [stacked, ...both],
};

/** Of those that show rarely: so many times the executions of the others. */
const rare: Readonly<Record<string, number>> = {
  PRW_C: 4,
  PRW_D: 4,
  PRW_WQ: 20,
  RCUWAIT_A: 8,
  RCUWAIT_B: 4,
  SET_STATE: 8,
  IPI_SEND: 8,
};

export function timesFor({ ids }: BarrierCase): number {
  return ids.length === 1 ? (rare[ids[0] as string] ?? 1) : 1;
}

export function placesFor({ ids, direction }: BarrierCase): readonly Place[] {
  if (direction === 'reverse') return turned;
  if (direction === 'enable') return [stacked, ...both];
  if (direction !== null) return both;
  const [id] = ids as [string];
  const [family] = id.split('_') as [string];
  return placesOf[id] ?? placesOf[family] ?? scheduling;
}
