// SPDX-License-Identifier: GPL-2.0-only
/** The trace of an execution of coroutines: one log in the order in which things happened, which nobody drains meanwhile. */
import { KLP_PATCHED } from '../../kernel/abi/constants.js';
import { EV, type TraceRecord } from '../../trace/events.js';
import type { Tracer } from '../../trace/ring.js';
import { rt } from './runtime.js';
import { hashWords } from './state.js';
import { DIRECTION } from './weak/drops.js';

const WORDS = 8;

export class FiberTrace {
  private words = new Int32Array(WORDS * 4096);
  /** Records. */
  length = 0;
  /** Called for each record of event `tripEvent` whose third payload word is above `tripLimit`. */
  trip: (() => void) | null = null;
  tripEvent = 0;
  tripLimit = 0;
  /** Step of the runtime at which a record was made. */
  private steps = new Int32Array(4096);

  add(
    actor: number,
    step: number,
    ev: number,
    task: number,
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
  ): void {
    let at = this.length * WORDS;
    if (at === this.words.length) this.grow();
    this.steps[this.length++] = step;
    const w = this.words;
    w[at++] = ev;
    w[at++] = actor;
    w[at++] = task;
    w[at++] = a;
    w[at++] = b;
    w[at++] = c;
    w[at++] = d;
    w[at] = e;
    if (ev === this.tripEvent && c > this.tripLimit) this.trip?.();
    if (ev === EV.klp_init) rt.direction = b === KLP_PATCHED ? DIRECTION.enable : DIRECTION.disable;
    else if (ev === EV.klp_reverse) rt.direction = DIRECTION.reverse;
  }

  private grow(): void {
    const words = new Int32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
    const steps = new Int32Array(this.steps.length * 2);
    steps.set(this.steps);
    this.steps = steps;
  }

  /** Fills `r` with record `i`; its seq is i. */
  read(i: number, r: TraceRecord): void {
    const w = this.words;
    let at = i * WORDS;
    r.seq = i;
    r.ev = w[at++] as number;
    r.actor = w[at++] as number;
    r.task = w[at++] as number;
    r.a = w[at++] as number;
    r.b = w[at++] as number;
    r.c = w[at++] as number;
    r.d = w[at++] as number;
    r.e = w[at] as number;
  }

  stepOf(i: number): number {
    return this.steps[i] as number;
  }

  /** Of the records; their steps do not count. */
  hash(): number {
    return hashWords(this.words, 0, this.length * WORDS);
  }

  /** The end of one actor. */
  tracer(actor: number, step: () => number): Tracer {
    return new FiberTracer(this, actor, step);
  }
}

class FiberTracer implements Tracer {
  readonly on = true;

  constructor(
    private readonly log: FiberTrace,
    private readonly actor: number,
    private readonly step: () => number,
  ) {}

  emit(ev: number, task: number, a: number, b: number, c: number, d: number, e: number): void {
    this.log.add(this.actor, this.step(), ev, task, a, b, c, d, e);
  }

  flush(): void {}
  park(): void {}
  unpark(): void {}

  roomy(): boolean {
    return true;
  }
}
