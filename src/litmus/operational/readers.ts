// SPDX-License-Identifier: GPL-2.0-only
/**
 * RCU and SRCU by their guarantee (Alglave et al. 2018, section 6): a grace period waits for the read sections that
 * began before it. One domain for RCU and one for each srcu_struct. `sections` counts those that have begun, so that
 * a grace period knows which it waits for.
 */
export class ReaderDomain {
  private readonly depth: number[];
  /** Number of the outermost section that the actor is in, 0: none. */
  private readonly inside: number[];
  private sections = 0;
  /** Of each actor that waits for a grace period: the last section that it waits for. */
  private readonly waitsUpTo: number[];
  /** Stores that an actor had made when it left its last section: a grace period ends when they can be seen. */
  private readonly made: number[];
  /** The strong fence with which the last grace period began. */
  lastGracePeriod = 0;

  constructor(private readonly actors: number) {
    this.depth = new Array<number>(actors).fill(0);
    this.inside = new Array<number>(actors).fill(0);
    this.waitsUpTo = new Array<number>(actors).fill(0);
    this.made = new Array<number>(actors).fill(0);
  }

  reset(): void {
    this.depth.fill(0);
    this.inside.fill(0);
    this.waitsUpTo.fill(0);
    this.made.fill(0);
    this.sections = 0;
    this.lastGracePeriod = 0;
  }

  /** True if this begins a section (they nest). */
  enter(actor: number): boolean {
    this.depth[actor] = (this.depth[actor] as number) + 1;
    if (this.depth[actor] !== 1) return false;
    this.inside[actor] = ++this.sections;
    return true;
  }

  /** True if this ends the section. `made`: stores of the actor so far. */
  leave(actor: number, made: number): boolean {
    const depth = (this.depth[actor] as number) - 1;
    this.depth[actor] = Math.max(0, depth);
    if (depth !== 0) return false;
    this.inside[actor] = 0;
    this.made[actor] = made;
    return true;
  }

  begin(actor: number): void {
    this.waitsUpTo[actor] = this.sections;
  }

  /** Whether the grace period of this actor can end. `left`: stores of an actor that have reached memory. */
  over(actor: number, left: (actor: number) => number): boolean {
    for (let a = 0; a < this.actors; a++) {
      if (left(a) < (this.made[a] as number)) return false;
      const section = this.inside[a] as number;
      if (section !== 0 && section <= (this.waitsUpTo[actor] as number)) return false;
    }
    return true;
  }

  /** `waiting`: actors inside a grace period of this domain. Of sections only who waits for which counts. */
  fingerprint(into: number[], left: (actor: number) => number, waiting: readonly boolean[]): void {
    for (let a = 0; a < this.actors; a++) {
      into.push(Math.max(0, (this.made[a] as number) - left(a)), this.depth[a] as number);
      const section = this.inside[a] as number;
      if (section === 0) continue;
      for (let b = 0; b < this.actors; b++) {
        if (waiting[b] === true) into.push(section <= (this.waitsUpTo[b] as number) ? 1 : 0);
      }
    }
  }
}
