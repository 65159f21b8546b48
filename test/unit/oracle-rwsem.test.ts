// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { PHASE } from '#src/trace/events.js';
import { codesOf, TraceBuilder } from '../support/trace/builder.js';
import { judgedScenario } from '../support/trace/judged_scenario.js';

const { begin, end, wait } = PHASE;

it('accepts readers together, a reader inside itself, and writers alone', () => {
  const t = new TraceBuilder(judgedScenario())
    .reader(begin, 4)
    .reader(begin, 6)
    .writer(wait)
    .reader(begin, 4);
  t.reader(end, 4).reader(end, 6).reader(end, 4).writer(begin).writer(end).writer(begin, 6).writer(end, 6);
  expect(codesOf(t.reader(begin, 4).reader(end, 4), ['rwsem'])).toEqual([]);
});
