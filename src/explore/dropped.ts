// SPDX-License-Identifier: GPL-2.0-only
/** Barriers that are left out, as a subject and a token name them: `KLP_W_INIT`, or `KLP_W_INIT@disable`. */
import type { Site } from '../engine/fibers/compile/site.js';
import { ANY_DIRECTION, DIRECTION, type DroppedBarrier, Drops } from '../engine/fibers/weak/drops.js';
import { type Barrier, barriers, canBeDropped } from '../mem/barriers.js';
import { UsageError } from '../util/fault.js';
import { suggestion } from '../util/suggest.js';

export const directionNames = ['enable', 'disable', 'reverse'] as const;
export type DirectionName = (typeof directionNames)[number];

export const droppableIds: readonly string[] = barriers.filter(canBeDropped).map((b) => b.id);

export function droppedName(id: string, direction: DirectionName | null): string {
  return direction === null ? id : `${id}@${direction}`;
}

/** Null: no barrier that can be left out, or no direction. */
function parse(name: string): DroppedBarrier | null {
  const [id, direction, ...rest] = name.split('@');
  const barrier = barriers.find((b: Barrier) => b.id === id && canBeDropped(b));
  if (barrier === undefined || rest.length > 0) return null;
  if (direction === undefined) return { barrier, directions: ANY_DIRECTION };
  const known = directionNames.find((d) => d === direction);
  return known === undefined ? null : { barrier, directions: DIRECTION[known] };
}

/** UsageError that lists all that is wrong. */
export function checkDropped(names: readonly string[]): void {
  const wrong = names.filter((name) => parse(name) === null);
  if (wrong.length === 0) return;
  throw new UsageError(
    wrong.map(
      (name) =>
        `no barrier "${name}" can be left out${suggestion(name.split('@')[0] as string, droppableIds)}`,
    ),
  );
}

/** Null: nothing is left out. */
export function dropsOf(names: readonly string[], sites: readonly Site[]): Drops | null {
  if (names.length === 0) return null;
  return new Drops(
    names.map(parse).filter((d) => d !== null),
    barriers,
    sites,
  );
}
