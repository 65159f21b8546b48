// SPDX-License-Identifier: GPL-2.0-only
/** One thread plays all actors, step by step in random order, so every published state of the rings is met. */
import { expect, it } from 'vitest';
import { EV, type TraceRecord } from '#src/trace/events.js';
import { TraceReader } from '#src/trace/reader.js';
import { createTraceBuffers, TraceWriter } from '#src/trace/ring.js';
import { Rng } from '#src/util/rng.js';
import { Collector, orderFaults } from '../support/trace/collector.js';

const ACTORS = 5;

function play(seed: number, clock: number): { records: TraceRecord[]; written: number; losses: number } {
  const rng = new Rng(seed);
  const buffers = createTraceBuffers(ACTORS, 1024);
  new Int32Array(buffers.clock)[0] = clock;
  const writers = Array.from({ length: ACTORS }, (_, a) => new TraceWriter(buffers, a));
  const parked = writers.map(() => true);
  const numbers = writers.map(() => 0);
  const reader = new TraceReader(buffers);
  const out = new Collector();
  let written = 0;
  for (let step = 0; step < 4000; step++) {
    const a = rng.below(ACTORS);
    const writer = writers[a] as TraceWriter;
    const what = rng.below(20);
    if (what === 0) {
      if (parked[a]) writer.unpark();
      else writer.park();
      parked[a] = !parked[a];
    } else if (what === 1) {
      if (!parked[a]) writer.flush();
    } else if (what === 2) {
      reader.poll(1 + rng.below(100), out);
    } else if (!parked[a] && writer.room() > 0) {
      const number = numbers[a] as number;
      numbers[a] = number + 1;
      writer.emit(rng.chance(0.2) ? EV.klp_try : EV.func_enter, a + 1, number, 0, 0, 0, -number);
      written++;
    }
  }
  for (const [a, writer] of writers.entries()) if (!parked[a]) writer.park();
  reader.drain(out);
  return { records: out.records, written, losses: out.losses.length };
}

it('hands out every record once, in an order that agrees with the clock', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const { records, written, losses } = play(seed, 0);
    expect(orderFaults(records)).toEqual([]);
    expect([records.length, losses]).toEqual([written, 0]);
    expect(records.filter((r) => r.task !== r.actor + 1 || r.e !== 0 - r.a)).toEqual([]);
  }
});

it('keeps that order when the clock wraps, at either end of its sign', () => {
  for (let seed = 1; seed <= 10; seed++) {
    for (const clock of [0x7fffff80, -0x80, -1]) {
      const { records, written } = play(seed, clock);
      expect(orderFaults(records)).toEqual([]);
      expect(records.length).toBe(written);
    }
  }
});
