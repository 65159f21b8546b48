// SPDX-License-Identifier: GPL-2.0-only
/** Real threads write; a token passes between them, so that what they do in their turns is ordered. */
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { EV, type TraceRecord } from '#src/trace/events.js';
import { TraceReader } from '#src/trace/reader.js';
import { createTraceBuffers } from '#src/trace/ring.js';
import { Collector, orderFaults } from '../support/trace/collector.js';
import type { WriterThreadData } from '../support/trace/writer_thread.js';

const script = new URL('../../dist/test/support/trace/writer_thread.js', import.meta.url);

async function record(actors: number, rounds: number, locals: number, clock: number): Promise<Collector> {
  const buffers = createTraceBuffers(actors, 256);
  new Int32Array(buffers.clock)[0] = clock;
  const shared = new SharedArrayBuffer(64);
  const reader = new TraceReader(buffers);
  const out = new Collector();
  let alive = actors;
  for (let actor = 0; actor < actors; actor++) {
    const workerData: WriterThreadData = { buffers, shared, actor, actors, rounds, locals };
    new Worker(script, { workerData }).once('exit', () => alive--);
  }
  while (alive > 0) {
    reader.poll(1000, out);
    await new Promise((resolve) => setImmediate(resolve));
  }
  reader.drain(out);
  return out;
}

/** What each turn did, in the order of the trace. */
function turns(records: readonly TraceRecord[]): number[] {
  return records
    .filter((r) => r.b >= 0)
    .map((r) => r.b * 10 + [EV.func_enter, EV.klp_try, EV.func_exit].indexOf(r.ev));
}

it('merges what threads wrote: nothing lost, each in its order, turns after one another', async () => {
  const [actors, rounds, locals] = [4, 300, 20];
  const { records, losses } = await record(actors, rounds, locals, -1000);
  expect(losses).toEqual([]);
  expect(records.length).toBe(actors * rounds * (locals + 3));
  expect(orderFaults(records)).toEqual([]);
  /* The global record of a turn stands between its local ones, and after all of the turn before. */
  const due = Array.from({ length: actors * rounds }, (_, t) => [10 * t, 10 * t + 1, 10 * t + 2]);
  const seen = turns(records);
  const globals = seen.filter((s) => s % 10 === 1);
  expect(globals).toEqual(due.map((d) => d[1]));
  for (let t = 0; t < due.length; t++) {
    const [enter, global, exit] = (due[t] as number[]).map((s) => seen.indexOf(s));
    expect((enter as number) < (global as number) && (global as number) < (exit as number)).toBe(true);
  }
});
