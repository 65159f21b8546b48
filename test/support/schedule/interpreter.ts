// SPDX-License-Identifier: GPL-2.0-only
/** Drives a scheduler through a program, as the engine does: it is asked before an operation only. */
import {
  ACCESS,
  CUT,
  type ExecutionEnd,
  type Operation,
  type Scheduler,
  type ScheduleView,
} from '#src/schedule/scheduler.js';
import type { Actor, Op, Program } from './program.js';

export interface Outcome extends ExecutionEnd {
  readonly words: Int32Array;
  /** Actors that had not ended; with `complete` they can never go on. */
  readonly left: number;
  readonly questions: number;
}

export interface Options {
  /** Executions end here. Default 10,000 steps. */
  readonly bound?: number;
  /** Told of each operation, before it. `previous`: the actor that could have gone on instead, -1 if it could not. */
  readonly observe?: (actor: number, op: Op, previous: number) => void;
  /** Alternatives that each read offers to `choose`; the answer is added to what it gives. Default 1: none. */
  readonly alternatives?: number;
}

export class Interpreter implements ScheduleView {
  enabled = 0;
  spinning = 0;
  waiting = 0;
  current = -1;
  step = 0;
  questions = 0;
  readonly words: Int32Array;
  private readonly actors: Actor[] = [];
  private readonly pendings: (Op | null)[] = [];
  /** Words that actors sleep on, -1: awake. */
  private readonly sleeping: number[] = [];
  private readonly operation: Operation = { access: 0, addr: 0, more: [] };
  private readonly initial: Int32Array;

  constructor(
    private readonly program: Program,
    private readonly options: Options = {},
  ) {
    this.words = Int32Array.from(program.words);
    this.initial = Int32Array.from(program.words);
  }

  readonly word = (addr: number): number => this.words[addr] as number;

  pending(actor: number): Operation {
    return this.describe(this.pendings[actor] as Op, (this.pendings[actor] as Op).access);
  }

  /** One execution. Null: the scheduler has no more. */
  run(scheduler: Scheduler): Outcome | null {
    const { program } = this;
    if (!scheduler.begin(program.actors.length)) return null;
    this.reset();
    const bound = this.options.bound ?? 10_000;
    let quantum = 0;
    let isCut = false;
    let woken = false;
    while (this.step < bound) {
      const before = this.enabled;
      this.refresh();
      woken = scheduler.asksOnWake && (this.enabled & ~before & ~(1 << this.current)) !== 0;
      if (this.enabled === 0) break;
      const previous = ((this.spinning >>> this.current) & 1) === 1 ? -1 : this.current;
      const asks = this.current < 0 || quantum === 0 || woken || ((this.spinning >>> this.current) & 1) === 1;
      if (asks) {
        this.questions++;
        const actor = scheduler.next(this);
        if (actor === CUT) {
          isCut = true;
          break;
        }
        if (((this.enabled >>> actor) & 1) === 0) throw new Error(`actor ${actor} is not enabled`);
        quantum = scheduler.quantum();
        if (quantum < 0) throw new Error(`quantum ${quantum}`);
        this.current = actor;
      } else {
        quantum--;
      }
      this.perform(scheduler, previous);
    }
    const left = this.pendings.reduce((set, op, actor) => (op === null ? set : set | (1 << actor)), 0);
    const end = { steps: this.step, complete: !isCut && this.enabled === 0 };
    scheduler.end(end);
    return { ...end, words: this.words, left, questions: this.questions };
  }

  private reset(): void {
    this.words.set(this.initial);
    this.enabled = 0;
    this.spinning = 0;
    this.waiting = 0;
    this.current = -1;
    this.step = 0;
    this.questions = 0;
    this.program.actors.forEach((start, actor) => {
      this.actors[actor] = start();
      this.sleeping[actor] = -1;
      this.advance(actor, 0);
    });
  }

  private advance(actor: number, value: number): void {
    let result = (this.actors[actor] as Actor).next(value);
    while (!result.done && result.value.kind === 'relax') {
      this.spinning |= 1 << actor;
      result = (this.actors[actor] as Actor).next(0);
    }
    this.pendings[actor] = result.done ? null : result.value;
  }

  private refresh(): void {
    this.enabled = 0;
    this.waiting = 0;
    for (let actor = 0; actor < this.actors.length; actor++) {
      const op = this.pendings[actor] as Op | null;
      if (op === null || (this.sleeping[actor] as number) >= 0) continue;
      if (op.holds === undefined || op.holds(this.word)) this.enabled |= 1 << actor;
      else this.waiting |= 1 << actor;
    }
    this.spinning &= this.enabled;
    if (((this.enabled >>> this.current) & 1) === 0) this.current = -1;
  }

  private perform(scheduler: Scheduler, previous: number): void {
    const actor = this.current;
    const op = this.pendings[actor] as Op;
    this.options.observe?.(actor, op, previous);
    this.spinning &= 1 << actor;
    const old = op.access === ACCESS.none ? 0 : (this.words[op.addr] as number);
    let { access } = op;
    if (op.kind === 'sleep') {
      if (old === op.update(old)) this.sleeping[actor] = op.addr;
    } else if (op.kind === 'wake') {
      this.sleeping.forEach((addr, other) => {
        if (addr === op.addr) this.sleeping[other] = -1;
      });
    } else if (access >= ACCESS.write) {
      const value = op.update(old);
      this.words[op.addr] = value;
      if (access === ACCESS.update && value === old) access = ACCESS.read;
    }
    this.step++;
    if (scheduler.needsOperations) scheduler.executed?.(actor, this.describe(op, access));
    this.spinning &= ~(1 << actor);
    const n = access === ACCESS.read ? (this.options.alternatives ?? 1) : 1;
    this.advance(actor, n > 1 ? old + scheduler.choose(n) : old);
  }

  private describe(op: Op, access: number): Operation {
    this.operation.access = access;
    this.operation.addr = op.addr;
    this.operation.more = op.more;
    delete this.operation.takesEffect;
    if (op.kind === 'await') {
      this.operation.takesEffect = op.holds as never;
    } else if (op.access === ACCESS.update && op.kind === 'access') {
      this.operation.takesEffect = (read) => op.update(read(op.addr)) !== read(op.addr);
    }
    return this.operation;
  }
}
