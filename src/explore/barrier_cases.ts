// SPDX-License-Identifier: GPL-2.0-only
/** What is left out by `mutate --barriers`: each barrier, and the few pairs of which either serves; where, and what is expected. */
import { type Barrier, barriers, canBeDropped } from '../mem/barriers.js';
import type { Scenario } from '../scenario/types.js';
import { type DirectionName, directionNames } from './dropped.js';
import type { MemoryName } from './subject.js';

export interface BarrierCase {
  /** Ids, all left out together. */
  readonly ids: readonly string[];
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
  'KLP_W_ENABLE+KLP_PUBLISH@enable': { expected: 'weak', because: 'B2' },
  'KLP_W_INIT+KLP_W_DISABLE@disable': { expected: 'weak', because: 'target-undefined-by-early-flag' },
  PRW_A: { expected: 'tso', because: 'M1' },
  PRW_B: { expected: 'weak', because: 'percpu-rwsem' },
  PRW_C: { expected: 'weak', because: 'percpu-rwsem' },
  PRW_D: { expected: 'weak', because: 'percpu-rwsem; a locked instruction on TSO' },
  RCUWAIT_A: { expected: 'tso', because: 'M5' },
  RCUWAIT_B: { expected: 'tso', because: 'M4, rcuwait-wake-barrier' },
};

const pairs = [
  ['KLP_R_FUNC', 'KLP_R_STATE'],
  ['KLP_W_ENABLE', 'KLP_PUBLISH'],
  ['KLP_W_INIT', 'KLP_W_DISABLE'],
] as const;

export function caseName({ ids, direction }: Pick<BarrierCase, 'ids' | 'direction'>): string {
  return `${ids.join('+')}${direction === null ? '' : `@${direction}`}`;
}

function isLivepatch(id: string): boolean {
  return id.startsWith('KLP_');
}

export function barrierCases(): BarrierCase[] {
  const single = barriers.filter(canBeDropped).map((b: Barrier): readonly string[] => [b.id]);
  return [...single, ...pairs].flatMap((ids) => {
    const directions = isLivepatch(ids[0] as string) ? directionNames : [null];
    return directions.map((direction) => ({
      ids,
      direction,
      ...(expectations[caseName({ ids, direction })] ?? NOBODY_KNOWS),
    }));
  });
}

const hotplug: readonly Place[] = [{ scenario: 'hotplug', explore: { online: 1, hotplug: 3 } }];
const busy: Place = { scenario: 'busy', explore: {} };
const forks: Place = { scenario: 'forkstorm', explore: {} };
const both: readonly Place[] = [busy, forks];
const turned: readonly Place[] = [
  { scenario: 'forkstorm', explore: { reverse: 1 } },
  { scenario: 'busy', explore: { reverse: 1 } },
];
const scheduling: readonly Place[] = [forks, busy];

/** Where a barrier matters, by the first part of its id. */
const placesOf: Readonly<Record<string, readonly Place[]>> = {
  PRW: hotplug,
  RCUWAIT: hotplug,
  CPUHP: hotplug,
  CPU: hotplug,
  RCU: hotplug,
};

export function placesFor({ ids, direction }: BarrierCase): readonly Place[] {
  if (direction === 'reverse') return turned;
  if (direction !== null) return both;
  const [family] = (ids[0] as string).split('_') as [string];
  return placesOf[family] ?? scheduling;
}
