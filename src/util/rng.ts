// SPDX-License-Identifier: GPL-2.0-only
/** Seeded random numbers (splitmix32); one generator per actor, so that actors do not share a stream. */
export class Rng {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** 32 uniform bits, as an unsigned number. */
  next(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    let z = this.state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  /** Uniform in [lo, hi). */
  between(lo: number, hi: number): number {
    return lo + (this.next() / 0x100000000) * (hi - lo);
  }

  /** Uniform integer in [0, n). */
  below(n: number): number {
    return Math.floor((this.next() / 0x100000000) * n);
  }

  chance(p: number): boolean {
    return this.next() / 0x100000000 < p;
  }
}

/** A seed for one actor, from the run's seed. */
export function actorSeed(seed: number, actor: number): number {
  return new Rng((seed ^ Math.imul(actor + 1, 0x85ebca6b)) | 0).next() | 0;
}
