// SPDX-License-Identifier: GPL-2.0-only
/** smp_mb__before_atomic() and smp_mb__after_atomic(): full barriers that need a read-modify-write beside them. */
export class AtomicFences {
  private announced = new Uint8Array(0);
  private made = new Uint8Array(0);

  reset(actors: number): void {
    if (this.made.length !== actors) {
      this.announced = new Uint8Array(actors);
      this.made = new Uint8Array(actors);
      return;
    }
    this.announced.fill(0);
    this.made.fill(0);
  }

  /** smp_mb__before_atomic(): the barrier comes with the next read-modify-write. */
  announce(actor: number): void {
    this.announced[actor] = 1;
  }

  /** A read-modify-write, also one that fails. True: a full barrier stands before it. */
  enter(actor: number): boolean {
    const fenced = this.announced[actor] === 1;
    this.announced[actor] = 0;
    this.made[actor] = 1;
    return fenced;
  }

  /** smp_mb__after_atomic() is a barrier here: the actor has made a read-modify-write. */
  follows(actor: number): boolean {
    return this.made[actor] === 1;
  }

  fingerprint(into: number[]): void {
    for (let a = 0; a < this.made.length; a++)
      into.push((this.announced[a] as number) * 2 + (this.made[a] as number));
  }
}
