// SPDX-License-Identifier: GPL-2.0-only
/** Who is alive, who sleeps on what and until when, in the shared words of a replay. For the one who has the token. */

import { actorName } from '../../machine/plan.js';
import { LEFT, RUNNABLE } from '../fibers/token_log.js';
import { A, ACTOR_WORDS, F, type TokenShared, W } from './token_words.js';

export class TokenState {
  readonly words: Int32Array;
  readonly floats: Float64Array;
  private readonly actors: number;

  constructor(private readonly shared: TokenShared) {
    this.words = new Int32Array(shared.words);
    this.floats = new Float64Array(shared.floats);
    this.actors = shared.machine.plan.nrActors;
  }

  of(actor: number, word: number): number {
    return this.words[W.actors + actor * ACTOR_WORDS + word] as number;
  }

  asleep(actor: number): boolean {
    return (((this.words[W.sleepers] as number) >>> actor) & 1) !== 0;
  }

  alive(actor: number): boolean {
    return (((this.words[W.alive] as number) >>> actor) & 1) !== 0;
  }

  name(actor: number): string {
    return actorName(this.shared.machine.plan, actor);
  }

  rouse(actor: number, result: number): void {
    this.words[W.sleepers] = (this.words[W.sleepers] as number) & ~(1 << actor);
    this.words[W.actors + actor * ACTOR_WORDS + A.result] = result;
  }

  rouseAll(): void {
    for (let a = 0; a < this.actors; a++) if (this.asleep(a)) this.rouse(a, 0);
  }

  /** From now on it sleeps. */
  sleep(actor: number, addr: number, deadline_ns: number): void {
    const { words } = this;
    const own = W.actors + actor * ACTOR_WORDS;
    this.floats[F.deadline + actor] = deadline_ns;
    words[own + A.sleepAddr] = addr;
    words[own + A.sleepSeq] = words[W.seq] as number;
    words[W.seq] = (words[W.seq] as number) + 1;
    words[W.sleepers] = (words[W.sleepers] as number) | (1 << actor);
  }

  /** Ends the sleep of up to `n` actors on the word, first those who came first. Returns how many. */
  wake(addr: number, n: number): number {
    const { words } = this;
    let woken = 0;
    for (; woken < n; woken++) {
      let first = -1;
      let firstSeq = 0;
      for (let a = 0, left = words[W.sleepers] as number; left !== 0; a++, left >>>= 1) {
        if ((left & 1) === 0 || this.of(a, A.sleepAddr) !== addr) continue;
        const seq = this.of(a, A.sleepSeq);
        if (first >= 0 && seq >= firstSeq) continue;
        first = a;
        firstSeq = seq;
      }
      if (first < 0) break;
      this.rouse(first, 0);
    }
    return woken;
  }

  /** How an execution ends that stops here; open: it could go on. */
  endHere(step: number): 'done' | 'step-bound' | 'deadlock' | 'livelock' | 'open' {
    const alive = this.words[W.alive] as number;
    if (alive === 0) return 'done';
    if (step >= (this.words[W.maxSteps] as number)) return 'step-bound';
    const awake = alive & ~(this.words[W.sleepers] as number);
    for (let a = 0; a < this.actors; a++) {
      if (this.asleep(a) && this.floats[F.deadline + a] !== Number.POSITIVE_INFINITY) return 'open';
      if (((awake >>> a) & 1) !== 0 && this.of(a, A.spinning) === 0) return 'open';
    }
    return awake === 0 ? 'deadlock' : 'livelock';
  }
}

/** How an actor stands that has given its turn away. */
export function describe(state: number): string {
  if (state === RUNNABLE) return 'stands before an operation';
  return state === LEFT ? 'has left' : `sleeps on word ${state}`;
}
