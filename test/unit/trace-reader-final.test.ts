// SPDX-License-Identifier: GPL-2.0-only
/** When a record may be handed out, and when it must be. */
import { expect, it } from 'vitest';
import { EV } from '#src/trace/events.js';
import { TraceReader } from '#src/trace/reader.js';
import { createTraceBuffers, TraceWriter } from '#src/trace/ring.js';
import { Collector } from '../support/trace/collector.js';

function setUp() {
  const buffers = createTraceBuffers(2, 64);
  const [one, two] = [new TraceWriter(buffers, 0), new TraceWriter(buffers, 1)];
  return { one, two, reader: new TraceReader(buffers), out: new Collector() };
}

it('holds records back while an actor runs that may have written older ones', () => {
  const { one, two, reader, out } = setUp();
  one.unpark();
  two.unpark();
  two.flush();
  one.emit(EV.klp_try, 1, 0, 0, 0, 0, 0);
  one.emit(EV.func_enter, 1, 1, 0, 0, 0, 0);
  one.flush();
  expect(reader.poll(100, out)).toBe(0);
  two.flush();
  one.flush();
  expect(reader.poll(100, out)).toBe(2);
});

it('does not wait for an actor that is parked', () => {
  const { one, reader, out } = setUp();
  one.unpark();
  one.emit(EV.func_enter, 1, 0, 0, 0, 0, 0);
  one.park();
  expect(reader.poll(100, out)).toBe(1);
});

it('ticks the clock itself: an actor that runs without global events does not hold the others up', () => {
  const { one, two, reader, out } = setUp();
  one.unpark();
  two.unpark();
  one.emit(EV.func_enter, 1, 0, 0, 0, 0, 0);
  for (let pass = 0; pass < 2; pass++) {
    reader.poll(100, out);
    one.flush();
    two.flush();
  }
  reader.poll(100, out);
  expect(out.records.length).toBe(1);
});

it('hands out no more than it is asked for, and the rest later', () => {
  const { one, reader, out } = setUp();
  one.unpark();
  for (let i = 0; i < 10; i++) one.emit(EV.func_enter, 1, i, 0, 0, 0, 0);
  one.park();
  expect([reader.poll(4, out), reader.backlog(), reader.poll(100, out)]).toEqual([4, 6, 6]);
});

it('drains what is left of actors that have gone without a last look at the clock', () => {
  const { one, two, reader, out } = setUp();
  two.unpark();
  one.unpark();
  one.emit(EV.func_enter, 1, 0, 0, 0, 0, 0);
  one.park();
  expect(reader.poll(100, out)).toBe(0);
  expect(reader.drain(out)).toBe(1);
});
