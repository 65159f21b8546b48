// SPDX-License-Identifier: GPL-2.0-only
/** Every trace event is emitted somewhere, with the payload that the table gives it. */
import { describe, expect, it } from 'vitest';
import { events, GLOBAL_BIT, PAYLOAD_WORDS } from '#src/trace/events.js';
import { emitFindings, eventTableFindings, silentEventFindings } from '../support/arch/registries.js';
import { parse, projectSources } from '../support/arch/source.js';

const emitters = projectSources('src/kernel', 'src/protocol', 'src/machine', 'src/workload');

describe('the event table', () => {
  it('has unique numbers and payloads that fit', () => {
    expect(eventTableFindings(events, PAYLOAD_WORDS, GLOBAL_BIT)).toEqual([]);
  });

  it('has no event that nothing emits', () => {
    expect(silentEventFindings(events, emitters)).toEqual([]);
  });

  it('names every payload word that is emitted', () => {
    expect(emitFindings(events, PAYLOAD_WORDS, emitters)).toEqual([]);
  });
});

const rows = [
  { nr: 1, name: 'up', fields: ['cpu', 'errno'] },
  { nr: 2, name: 'down', fields: [] },
];
const file = (text: string) => [parse('src/kernel/a.ts', text)];

describe('the check of the table', () => {
  it.each([
    ['has number 1 as up has', [{ nr: 1, name: 'down', fields: [] }]],
    ['outside 1..127', [{ nr: 128, name: 'down', fields: [] }]],
    ['a record holds 2', [{ nr: 2, name: 'down', fields: ['a', 'b', 'c'] }]],
    ['two fields of one name', [{ nr: 2, name: 'down', fields: ['a', 'a'] }]],
  ])('tells: %s', (what, more) => {
    const found = eventTableFindings([rows[0] as (typeof rows)[0], ...more], 2, 128);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(what);
  });
});

describe('the check of emitters', () => {
  it('tells an event that is only read', () => {
    const text = 'k.trace.emit(EV.up, 0, 1, 2); const wanted = EV.down; if (ev === EV.down) f();';
    expect(silentEventFindings(rows, file(text))).toEqual(['src/trace/events.ts: down: nothing emits it']);
  });

  it('counts a choice of two, and a number handed to a function', () => {
    expect(silentEventFindings(rows, file('emit(up ? EV.up : EV.down, 0);'))).toEqual([]);
    expect(silentEventFindings(rows, file('say(k, EV.up); say(k, EV.down);'))).toEqual([]);
  });
});

describe('the check of payloads', () => {
  it('tells words without a name and missing words', () => {
    expect(emitFindings(rows, 2, file('k.trace.emit(EV.up, 0, 7, 8);'))).toEqual([]);
    expect(emitFindings(rows, 2, file('k.trace.emit(EV.down, 0, 0, 0);'))).toEqual([]);
    expect(emitFindings(rows, 2, file('k.trace.emit(EV.down, 0, 7, 0);'))).toEqual([
      'src/kernel/a.ts:1: down is given 7, which is no field of it',
    ]);
    expect(emitFindings(rows, 2, file('k.trace.emit(EV.up, 0, 7);'))).toEqual([
      'src/kernel/a.ts:1: emit with 1 payload words instead of 2',
    ]);
  });
});
