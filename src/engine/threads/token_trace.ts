// SPDX-License-Identifier: GPL-2.0-only
/** The trace of a replay: one log in shared memory, written by whoever has the token. */
import type { Tracer } from '../../trace/ring.js';
import { SimulatorBug } from '../../util/fault.js';
import { hashWords } from '../fibers/state.js';
import { FiberTrace } from '../fibers/trace.js';
import { MAX_RECORDS, RECORD_WORDS, W } from './token_words.js';

export class TokenTracer implements Tracer {
  readonly on = true;
  private readonly log: Int32Array;

  constructor(
    buffer: SharedArrayBuffer,
    private readonly words: Int32Array,
    private readonly actor: number,
    private readonly step: () => number,
  ) {
    this.log = new Int32Array(buffer);
  }

  emit(ev: number, task: number, a: number, b: number, c: number, d: number, e: number): void {
    const n = this.words[W.records] as number;
    if (n === MAX_RECORDS) throw new SimulatorBug(`the trace of a replay is longer than ${n} records`);
    const { log } = this;
    let at = n * RECORD_WORDS;
    log[at++] = ev;
    log[at++] = this.actor;
    log[at++] = task;
    log[at++] = a;
    log[at++] = b;
    log[at++] = c;
    log[at++] = d;
    log[at] = e;
    log[MAX_RECORDS * RECORD_WORDS + n] = this.step();
    this.words[W.records] = n + 1;
  }

  flush(): void {}
  park(): void {}
  unpark(): void {}

  roomy(): boolean {
    return true;
  }
}

/** The log as it stands, for oracles to read when the next replay may be on its way. */
export class TraceCopy {
  private readonly log: Int32Array;
  private readonly steps: Int32Array;
  private made: FiberTrace | null = null;

  constructor(all: Int32Array, records: number) {
    this.log = all.slice(0, records * RECORD_WORDS);
    this.steps = all.slice(MAX_RECORDS * RECORD_WORDS, MAX_RECORDS * RECORD_WORDS + records);
  }

  /** As FiberTrace.hash. */
  hash(): number {
    return hashWords(this.log);
  }

  get trace(): FiberTrace {
    this.made ??= this.make();
    return this.made;
  }

  private make(): FiberTrace {
    const trace = new FiberTrace();
    const word = (at: number): number => this.log[at] as number;
    for (const [i, step] of this.steps.entries()) {
      const at = i * RECORD_WORDS;
      const [a, b, c, d, e] = [word(at + 3), word(at + 4), word(at + 5), word(at + 6), word(at + 7)];
      trace.add(word(at + 1), step, word(at), word(at + 2), a, b, c, d, e);
    }
    return trace;
  }
}
