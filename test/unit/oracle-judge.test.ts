// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { KLP_PATCHED as P, KLP_UNPATCHED as U } from '#src/kernel/abi/constants.js';
import { createOracles, Judge } from '#src/oracle/index.js';
import type { Oracle } from '#src/oracle/oracle.js';
import { EV, type EventName, type TraceRecord } from '#src/trace/events.js';
import { codesOf, quietEnd, TraceBuilder } from '../support/trace/builder.js';
import { FIRST, judgedScenario } from '../support/trace/judged_scenario.js';

function spy(id: string, events: readonly EventName[]): Oracle & { readonly seen: number[] } {
  const seen: number[] = [];
  const feed = (r: TraceRecord) => {
    seen.push(r.ev);
  };
  return { id, codes: [], events, feed, end: () => {}, violations: [], suspicions: [], seen };
}

it('feeds each oracle what it wants and nothing else, and counts that', () => {
  const text = spy('text', ['func_enter', 'func_exit', 'func_enter']);
  const states = spy('states', ['patch_state']);
  const judge = new Judge([text, states]);
  const t = new TraceBuilder(judgedScenario()).call(1, 'vfs_read', 0).selfSwitch(1, U, P);
  for (const r of t.records) judge.feed(r);
  expect(text.seen).toEqual([EV.func_enter, EV.func_exit]);
  expect(states.seen).toEqual([EV.patch_state]);
  expect(judge.judged).toEqual([
    { name: 'text', records: 2 },
    { name: 'states', records: 1 },
  ]);
  expect(judge.records).toBe(4);
});

it('judges nothing after records were lost: a gap looks like any bug', () => {
  const t = new TraceBuilder(judgedScenario()).enter(1, 'vfs_read', 0);
  const judge = new Judge(createOracles(t.scenario));
  for (const r of t.records) judge.feed(r);
  judge.lost(7);
  for (const r of new TraceBuilder(t.scenario).exit(1, 'vfs_write', 0).begin(FIRST, P).records) judge.feed(r);
  judge.end(quietEnd);
  expect(judge.violations).toEqual([]);
  expect(judge.lostRecords).toBe(7);
});

it('lists violations in the order in which they were found, so that its end is what is new', () => {
  const t = new TraceBuilder(judgedScenario());
  const judge = new Judge(createOracles(t.scenario));
  const feed = (records: readonly TraceRecord[]) => {
    for (const r of records) judge.feed(r);
  };
  t.reader(0).writer(0);
  feed(t.records.splice(0));
  expect(judge.violations.map((v) => v.code)).toEqual(['RWSEM-EXCL']);
  t.online(2, false).exit(1, 'vfs_read', 0);
  feed(t.records.splice(0));
  expect(judge.violations.map((v) => v.code)).toEqual(['RWSEM-EXCL', 'CPUHP-STRAY-CHANGE', 'TRACE-NESTING']);
});

it('keeps few of one kind and counts the rest', () => {
  const t = new TraceBuilder(judgedScenario());
  for (let i = 0; i < 50; i++) t.klp('klp_force', i, P);
  expect(codesOf(t, ['klp-order'])).toEqual(['KLP-ORDER']);
  for (let i = 0; i < 50; i++) t.emit('func_enter', 1, 1, 100 + i, 0);
  expect(codesOf(t, ['consistency']).length).toBe(20);
});
