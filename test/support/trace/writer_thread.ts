// SPDX-License-Identifier: GPL-2.0-only
/**
 * A thread that writes records and passes a token around: it waits until the shared turn is its own, does its part,
 * and gives the turn to the next. What it does in its turn happens before what the next one does.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { EV } from '#src/trace/events.js';
import { type TraceBuffers, TraceWriter } from '#src/trace/ring.js';

export interface WriterThreadData {
  readonly buffers: TraceBuffers;
  readonly shared: SharedArrayBuffer;
  readonly actor: number;
  readonly actors: number;
  readonly rounds: number;
  /** Local records before and after the global one of a turn. */
  readonly locals: number;
}

/** Word of the shared memory that says whose turn it is. */
export const TURN = 0;

function run({ buffers, shared, actor, actors, rounds, locals }: WriterThreadData): void {
  const words = new Int32Array(shared);
  const writer = new TraceWriter(buffers, actor);
  let number = 0;
  const emit = (ev: number, turn: number) => {
    while (!writer.roomy(1)) {
      writer.flush();
      Atomics.wait(words, 1, 0, 0.1);
    }
    writer.emit(ev, actor + 1, number++, turn, 0, 0, 0);
  };
  writer.unpark();
  for (let round = 0; round < rounds; round++) {
    const turn = round * actors + actor;
    /* Records of no turn: they race with those of the others. */
    for (let i = 0; i < locals; i++) emit(EV.func_enter, -1);
    writer.park();
    for (let now = Atomics.load(words, TURN); now !== turn; now = Atomics.load(words, TURN)) {
      Atomics.wait(words, TURN, now);
    }
    writer.unpark();
    emit(EV.func_enter, turn);
    emit(EV.klp_try, turn);
    emit(EV.func_exit, turn);
    Atomics.store(words, TURN, turn + 1);
    Atomics.notify(words, TURN);
  }
  writer.park();
}

run(workerData as WriterThreadData);
parentPort?.postMessage('done');
