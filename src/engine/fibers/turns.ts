// SPDX-License-Identifier: GPL-2.0-only
/**
 * Which waiting loops turn in vain: an actor that has looked once more since the last change of any word, and has come
 * to the end of its turn again, sees nothing new until somebody else makes a change.
 */
import { MAX_ACTORS } from './view.js';

export class Turns {
  /** Bit mask of those that wait in vain. */
  vain = 0;
  /** Count of changes when the actor's present turn began, and when it was found to wait in vain. */
  private readonly mark = new Int32Array(MAX_ACTORS);
  private readonly since = new Int32Array(MAX_ACTORS);
  /** Bit mask: they were left at the end of a turn. */
  private ended = 0;

  reset(): void {
    this.vain = 0;
    this.ended = 0;
    this.mark.fill(-1);
  }

  /** The actor goes on. One that was left in the middle of a turn has looked at some words before others changed them. */
  resumed(actor: number, changes: number): void {
    if (((this.ended >>> actor) & 1) === 0) return;
    this.ended &= ~(1 << actor);
    this.mark[actor] = changes;
  }

  /** A turn is over. `exact`: what it read was the newest, so it need not look again. */
  over(actor: number, changes: number, exact: boolean): void {
    if (exact && this.mark[actor] === changes) {
      this.vain |= 1 << actor;
      this.since[actor] = changes;
    }
    this.mark[actor] = changes;
    this.ended |= 1 << actor;
  }

  /** The next turn begins at once. */
  stays(actor: number): void {
    this.ended &= ~(1 << actor);
  }

  /** Those who wait in vain look again if something changed. */
  lookAgain(changes: number): void {
    for (let a = 0, left = this.vain; left !== 0; a++, left >>>= 1) {
      if ((left & 1) !== 0 && this.since[a] !== changes) this.vain &= ~(1 << a);
    }
  }
}
