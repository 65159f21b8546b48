// SPDX-License-Identifier: GPL-2.0-only
/**
 * One thread of a replay: it runs while it has the token, counts its operations, and at each step that the record
 * names does what stands there: gives the token away, ends sleeps, lets virtual time jump, or ends. What it finds
 * different from the record it tells as a divergence, and the replay ends there.
 */

import { CONTROL_ROLES } from '../../kernel/abi/actors.js';
import { MACHINE_HALTED, MACHINE_STOPPING } from '../../kernel/abi/constants.js';
import { STEP_NS } from '../fibers/runtime.js';
import { hashWords } from '../fibers/state.js';
import { END_KINDS, ENTRY, LEFT, RUNNABLE, UNKNOWN } from '../fibers/token_log.js';
import { describe, TokenState } from './token_state.js';
import { A, ACTOR_WORDS, entryAt, F, QUIT, type TokenShared, W, writeText } from './token_words.js';

/** Word 0: operations that may still be made before the next step that the record names. */
export const $S = new Int32Array(16);

/** Thrown through kernel code of a replay that is over. */
export const UNWIND = new Error('this replay is over');
const OPERATORS = ['livepatch', 'hotplug'].map((role) => CONTROL_ROLES.indexOf(role as 'livepatch'));
const THIRD = CONTROL_ROLES.indexOf('third');

export class TokenActor {
  private shared!: TokenShared;
  state!: TokenState;
  words: Int32Array = new Int32Array(W.actors);
  private floats: Float64Array = new Float64Array(F.deadline);
  private log!: Float64Array;
  private heap!: Int32Array;
  private actor = 0;
  /** First of this actor's own words. */
  private own = 0;
  private generation = 0;
  /** The step that the record names next. */
  private until = 0;

  attach(shared: TokenShared, actor: number): void {
    this.shared = shared;
    this.state = new TokenState(shared);
    this.words = this.state.words;
    this.floats = this.state.floats;
    this.log = new Float64Array(shared.log);
    this.heap = new Int32Array(shared.machine.heap);
    this.actor = actor;
    this.own = W.actors + actor * ACTOR_WORDS;
  }

  /** For an actor that is alone and never asked: the boot. */
  runAlone(): void {
    $S[0] = 0x3fffffff;
    this.until = 0x40000000;
  }

  /** Operations made, with the one that is being made. */
  steps(): number {
    const left = $S[0] as number;
    return this.until - (left > 0 ? left : 0);
  }

  now_ns(): number {
    return (this.floats[F.base] as number) + this.steps() * STEP_NS;
  }

  /** Waits for the first turn in a replay. False: there is none any more. */
  start(): boolean {
    this.await();
    this.generation = this.words[W.generation] as number;
    if (this.generation === QUIT) return false;
    this.resume();
    return true;
  }

  /** The record names this step: the operation at `site` comes after what stands there. */
  pause(site: number): void {
    this.words[this.own + A.site] = site;
    this.words[this.own + A.spinning] = 0;
    $S[0] = 0;
    this.follow();
  }

  spin(site: number): void {
    const left = $S[0] as number;
    this.words[this.own + A.site] = site;
    if (left > 0) {
      $S[0] = left - 1;
      return;
    }
    this.words[this.own + A.spinning] = 1;
    this.follow();
  }

  sleep(addr: number, timeout_ms: number, site: number): number {
    const { words, own } = this;
    words[own + A.site] = site;
    this.state.sleep(this.actor, addr, this.now_ns() + Math.max(timeout_ms * 1e6, STEP_NS));
    this.mustStop(`sleeps on word ${addr}`);
    this.follow();
    return words[own + A.result] as number;
  }

  /** The actor has left; the machine winds down and halts as its control paths leave. */
  left(): void {
    const { words } = this;
    words[W.alive] = (words[W.alive] as number) & ~(1 << this.actor);
    const { nrCpus } = this.shared.machine.plan;
    const role = this.actor - nrCpus;
    if (role >= 0) {
      if (OPERATORS.includes(role)) {
        words[W.operators] = (words[W.operators] as number) - 1;
        if (words[W.operators] === 0) this.setState(MACHINE_STOPPING);
      }
      if (words[W.operators] === 0 && ((words[W.alive] as number) >>> (nrCpus + THIRD)) % 2 === 0)
        this.setState(MACHINE_HALTED);
    }
    this.mustStop('leaves');
    this.follow();
  }

  /** The actor threw. */
  threw(error: unknown): void {
    const what =
      error instanceof Error
        ? { name: error.name, message: error.message, stack: error.stack ?? '' }
        : { name: 'Error', message: String(error), stack: '' };
    const step = this.steps();
    const next = this.next();
    if (next.kind !== ENTRY.end || END_KINDS[next.value] !== 'exception' || next.step !== step)
      this.diverge(step, `throws ${what.name}: ${what.message}`);
    writeText(this.shared, this.words, JSON.stringify(what));
    this.finish(step, END_KINDS.indexOf('exception'));
  }

  private setState(state: number): void {
    Atomics.store(this.heap, this.shared.stateWord, state);
    this.state.rouseAll();
  }

  private next(): ReturnType<typeof entryAt> {
    return entryAt(this.log, this.words[W.cursor] as number);
  }

  /** It cannot go on from here: then the record names this step. */
  private mustStop(what: string): void {
    const left = $S[0] as number;
    if (left > 0)
      this.diverge(this.until - left, `${what}, and the record lets it make ${left} more operations`);
    $S[0] = 0;
  }

  /** Does what the record says at the present step, which it names. */
  private follow(): void {
    const step = this.until;
    const { words } = this;
    for (;;) {
      const entry = this.next();
      if (entry.step !== step) break;
      words[W.cursor] = (words[W.cursor] as number) + 1;
      if (entry.kind === ENTRY.hand) {
        this.check(step, entry);
        this.give(step, entry.actor);
        return;
      }
      if (entry.kind === ENTRY.expire) this.expire(step, entry.actor);
      else if (entry.kind === ENTRY.jump) this.floats[F.base] = entry.value;
      else if (entry.kind === ENTRY.wakeAll) this.state.rouseAll();
      else this.end(step, entry.value);
    }
    if (!this.state.alive(this.actor)) this.diverge(step, 'has left, and the record lets it go on');
    if (this.state.asleep(this.actor))
      this.diverge(
        step,
        `sleeps on word ${this.state.of(this.actor, A.sleepAddr)}, and the record lets it go on`,
      );
    this.resumeAt(step);
  }

  private expire(step: number, actor: number): void {
    const { state } = this;
    if (!state.asleep(actor))
      this.diverge(step, `the record ends a sleep of ${state.name(actor)}, which does not sleep`);
    const now = (this.floats[F.base] as number) + step * STEP_NS;
    const deadline = this.floats[F.deadline + actor] as number;
    if (deadline > now)
      this.diverge(
        step,
        `the record ends the sleep of ${state.name(actor)} at ${now} ns, its time limit is ${deadline} ns`,
      );
    state.rouse(actor, 2);
  }

  /** Does this actor stand where the one that gave its turn away did, and can the other go on? */
  private check(step: number, entry: ReturnType<typeof entryAt>): void {
    const { state } = this;
    const stands = !state.alive(this.actor)
      ? LEFT
      : state.asleep(this.actor)
        ? state.of(this.actor, A.sleepAddr)
        : RUNNABLE;
    if (entry.was !== UNKNOWN && entry.was !== stands)
      this.diverge(step, `${describe(stands)}, by the record it ${describe(entry.was)}`);
    const site = state.of(this.actor, A.site);
    if (entry.site !== UNKNOWN && stands !== LEFT && entry.site !== site)
      this.diverge(step, `stands at site ${site}, by the record at site ${entry.site}`);
    const records = this.words[W.records] as number;
    if (entry.records !== UNKNOWN && entry.records !== records)
      this.diverge(step, `there are ${records} trace records, by the record ${entry.records}`);
    if (entry.hash !== UNKNOWN) {
      const hash = hashWords(this.heap);
      if (hash !== entry.hash) this.diverge(step, `the heap has hash ${hash}, by the record ${entry.hash}`);
    }
    if (!state.alive(entry.actor))
      this.diverge(step, `the record lets ${state.name(entry.actor)} go on, which has left`);
    if (state.asleep(entry.actor))
      this.diverge(
        step,
        `the record lets ${state.name(entry.actor)} go on, which sleeps on word ${state.of(entry.actor, A.sleepAddr)}`,
      );
  }

  private give(step: number, to: number): void {
    const { words } = this;
    words[W.step] = step;
    words[W.hands] = (words[W.hands] as number) + 1;
    const turn = W.actors + to * ACTOR_WORDS + A.turn;
    const goesOn = this.state.alive(this.actor);
    Atomics.store(words, turn, 1);
    Atomics.notify(words, turn);
    if (!goesOn) return;
    this.await();
    if (words[W.generation] !== this.generation) this.unwind();
    this.resume();
  }

  private await(): void {
    const turn = this.own + A.turn;
    while (Atomics.load(this.words, turn) === 0) Atomics.wait(this.words, turn, 0);
    Atomics.store(this.words, turn, 0);
  }

  private resume(): void {
    this.resumeAt(this.words[W.step] as number);
  }

  /** To go on is an operation: the one at which it stands. */
  private resumeAt(step: number): void {
    this.until = this.next().step;
    $S[0] = this.until - step - 1;
  }

  /** The turn that was taken is the first of the next replay: it is put back for `start`. */
  private unwind(): never {
    Atomics.store(this.words, this.own + A.turn, 1);
    throw UNWIND;
  }

  private end(step: number, recorded: number): never {
    const end = this.state.endHere(step);
    const said = END_KINDS[recorded] as string;
    /* Cut off from outside: not to be seen from here. */
    if (said !== end && said !== 'cut' && said !== 'stopped') {
      const now = end === 'open' ? 'the execution can go on' : `the execution ends as ${end}`;
      this.diverge(step, `${now}, by the record it ends as ${said}`);
    }
    this.finish(step, recorded);
  }

  private diverge(step: number, what: string): never {
    writeText(this.shared, this.words, what);
    this.words[W.diverged] = 1;
    this.finish(step, END_KINDS.indexOf('cut'));
  }

  /** Tells the host, and unwinds: whoever still stands in kernel code does so when its next turn comes. */
  private finish(step: number, end: number): never {
    const { words } = this;
    words[W.endStep] = step;
    words[W.endActor] = this.actor;
    Atomics.store(words, W.end, end + 1);
    Atomics.notify(words, W.end);
    throw UNWIND;
  }
}

export const token = new TokenActor();

export function $pause(site: number): boolean {
  token.pause(site);
  return false;
}

export function $spin(site: number): boolean {
  token.spin(site);
  return false;
}

export function $at(): boolean {
  return false;
}
