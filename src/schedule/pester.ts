// SPDX-License-Identifier: GPL-2.0-only
/**
 * pester: an actor is kept from a word as stall does it, but each time that it comes to the same place of the sources:
 * until others have made so many conflicting accesses, or for 4,096 operations. It finds what never gets done although
 * everybody has a turn: a walk that is given up whenever somebody waits for its lock, a retry that a change of others
 * sends back to its beginning. All else is random(1/50).
 *
 * Guarantee: each pair of an actor and a place is chosen with the rate of the execution, one of PESTER_RATES, whenever
 * it comes and independently of others; k conflicting accesses are waited for with probability 1 / (k * (k + 1)). A
 * chosen actor is stalled at its place on every visit at which others have made accesses to the word that conflict with
 * its own, unless two others are stalled. The schedule is fair: no stall lasts longer than 4,096 operations of others.
 */
import { type Bounds, LONGEST, MOST_WAITS, StallScheduler } from './stall.js';

export const PESTER_RATES: readonly number[] = [1 / 30, 1 / 100, 1 / 300];

export class PesterScheduler extends StallScheduler {
  override readonly name = 'pester';
  private share = 0;
  /** By actor and place; null: not chosen. */
  private readonly chosen = new Map<number, Bounds | null>();

  override begin(actors: number): boolean {
    this.chosen.clear();
    const began = super.begin(actors);
    this.share = PESTER_RATES[this.rng.below(PESTER_RATES.length)] as number;
    return began;
  }

  protected override bounds(
    actor: number,
    site: number,
    _probability: number,
    conflicts: boolean,
  ): Bounds | null {
    if (!conflicts) return null;
    const place = site * 32 + actor;
    let bounds = this.chosen.get(place);
    if (bounds === undefined) {
      bounds = this.rng.chance(this.share)
        ? { ...this.someBounds(), length: LONGEST[1], waits: MOST_WAITS }
        : null;
      this.chosen.set(place, bounds);
    }
    return bounds;
  }
}
