// SPDX-License-Identifier: GPL-2.0-only
/** The trace of a replay: one log in shared memory, written by whoever has the token. */
import type { Tracer } from '../../trace/ring.js';
import { SimulatorBug } from '../../util/fault.js';
import { FiberTrace } from '../fibers/trace.js';
import { RECORD_WORDS, W } from './token_words.js';

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
    let at = n * RECORD_WORDS;
    const { log } = this;
    if (at >= log.length) throw new SimulatorBug(`the trace of a replay is longer than ${n} records`);
    log[at++] = ev;
    log[at++] = this.actor;
    log[at++] = task;
    log[at++] = a;
    log[at++] = b;
    log[at++] = c;
    log[at++] = d;
    log[at++] = e;
    log[at] = this.step();
    this.words[W.records] = n + 1;
  }

  flush(): void {}
  park(): void {}
  unpark(): void {}

  roomy(): boolean {
    return true;
  }
}

/** A copy that oracles can read while the next replay goes on. */
export function copyTrace(buffer: SharedArrayBuffer, records: number): FiberTrace {
  const log = new Int32Array(buffer, 0, records * RECORD_WORDS);
  const to = new FiberTrace();
  const word = (at: number): number => log[at] as number;
  for (let at = 0; at < log.length; at += RECORD_WORDS) {
    const [a, b, c, d, e] = [word(at + 3), word(at + 4), word(at + 5), word(at + 6), word(at + 7)];
    to.add(word(at + 1), word(at + 8), word(at), word(at + 2), a, b, c, d, e);
  }
  return to;
}
