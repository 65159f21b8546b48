// SPDX-License-Identifier: GPL-2.0-only
/**
 * Barriers that are left out of an execution: calls by their number, operations by their place. A transition may be
 * told of in which they are left out; elsewhere they stand.
 */
import type { Barrier } from '../../../mem/barriers.js';
import type { ImpliedPlace } from '../../../mem/implied_barriers.js';
import type { Site } from '../compile/site.js';

/** Which way the latest transition goes; `reverse` from the moment that it is turned round. */
export const DIRECTION = { none: 0, enable: 1, disable: 2, reverse: 4 } as const;
export const ANY_DIRECTION = 7;

export interface DroppedBarrier {
  readonly barrier: Barrier;
  /** Bit mask of DIRECTION; ANY_DIRECTION: always. */
  readonly directions: number;
}

export class Drops {
  /** By number, resp. by site: bit mask of directions in which it is left out. */
  private readonly calls = new Map<number, number>();
  private readonly sites: Uint8Array;
  /** By number, resp. by site: which of the places where a change of hands is worth while it is, from 1; 0: none. */
  private readonly hintCalls = new Map<number, number>();
  private readonly hintSites: Uint8Array;

  constructor(dropped: readonly DroppedBarrier[], all: readonly Barrier[], sites: readonly Site[]) {
    this.sites = new Uint8Array(sites.length);
    this.hintSites = new Uint8Array(sites.length);
    for (const { barrier, directions } of dropped) {
      this.calls.set(barrier.nr, (this.calls.get(barrier.nr) ?? 0) | directions);
      for (const n of sitesOf(barrier.implied, sites)) this.sites[n] = (this.sites[n] as number) | directions;
    }
    let place = 0;
    for (const b of all) {
      if (!dropped.some((d) => isNear(d.barrier, b))) continue;
      this.hintCalls.set(b.nr, ++place);
      for (const n of sitesOf(b.implied, sites)) this.hintSites[n] = place;
    }
  }

  leavesOut(id: number, direction: number): boolean {
    const directions = this.calls.get(id) ?? 0;
    return directions === ANY_DIRECTION || (directions & direction) !== 0;
  }

  /** The operation at `site` is made in its relaxed form. */
  weakens(site: number, direction: number): boolean {
    const directions = this.sites[site] as number;
    return directions === ANY_DIRECTION || (directions & direction) !== 0;
  }

  hintOfCall(id: number): number {
    return this.hintCalls.get(id) ?? 0;
  }

  hintOfSite(site: number): number {
    return this.hintSites[site] as number;
  }
}

/** What is left out, its partners, and the others of its family: what comes before and after it in one protocol. */
function isNear(dropped: Barrier, other: Barrier): boolean {
  return dropped === other || dropped.pairs.includes(other.id) || familyOf(dropped.id) === familyOf(other.id);
}

/** The writer of a percpu-rwsem waits for its readers by an rcuwait. */
function familyOf(id: string): string {
  const [first] = id.split('_') as [string];
  return first === 'RCUWAIT' ? 'PRW' : first;
}

function sitesOf(places: readonly ImpliedPlace[], sites: readonly Site[]): number[] {
  const found: number[] = [];
  sites.forEach((site, n) => {
    if (places.some((p) => p.op === site.op && (p.fn === site.fn || site.via.includes(p.fn)))) found.push(n);
  });
  return found;
}

/** Numbers of the barriers that the operation at each site is part of. */
export function barriersOfSites(
  all: readonly Barrier[],
  sites: readonly Site[],
): readonly (readonly number[])[] {
  const found: number[][] = sites.map(() => []);
  for (const b of all) for (const n of sitesOf(b.implied, sites)) found[n]?.push(b.nr);
  return found;
}
