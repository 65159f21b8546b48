// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { EV } from '#src/trace/events.js';
import { TraceReader } from '#src/trace/reader.js';
import { createTraceBuffers, TraceWriter } from '#src/trace/ring.js';
import { Collector } from '../support/trace/collector.js';

it('counts what did not fit, and announces it before any record that was written after the gap', () => {
  const buffers = createTraceBuffers(1, 16);
  const writer = new TraceWriter(buffers, 0);
  const reader = new TraceReader(buffers);
  const out = new Collector();
  writer.unpark();
  for (let i = 0; i < 20; i++) writer.emit(EV.func_enter, 1, i, 0, 0, 0, 0);
  writer.park();
  expect(reader.dropped()).toBe(4);
  reader.poll(10, out);
  writer.unpark();
  for (let i = 20; i < 24; i++) writer.emit(EV.func_enter, 1, i, 0, 0, 0, 0);
  writer.park();
  reader.drain(out);
  expect(out.losses).toEqual([{ at: 0, records: 4 }]);
  expect(out.records.map((r) => r.a)).toEqual([...Array(16).keys(), 20, 21, 22, 23]);
});
