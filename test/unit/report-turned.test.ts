// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { formatTurned, type TurnedPair } from '#src/report/turned_text.js';

const at = (actor: string, word: string, step: number) => ({ actor, word, step, fn: 'f', place: 'f.ts:1' });
const messages: TurnedPair = {
  shape: 'messages',
  first: at('cpu0', 'data', 1),
  second: at('cpu0', 'flag', 2),
  third: at('cpu1', 'flag', 3),
  fourth: at('cpu1', 'data', 4),
  writerAlone: false,
  readerAlone: false,
};
const last = (p: TurnedPair) => formatTurned(p, '').at(-1);

it('tells who saw the second and not the first', () => {
  expect(formatTurned(messages, '  ')).toEqual([
    '  turned round: cpu0 WRITE data (step 1, f, f.ts:1)',
    '    before WRITE flag (step 2, f, f.ts:1),',
    '    but cpu1 has read the second (step 3, f, f.ts:1) and not the first',
    '    tried in this schedule: it goes away with smp_wmb() between the two writes and smp_rmb() between the two reads; with one of them it still comes',
  ]);
});

it('tells which side lacks its barrier', () => {
  expect(last({ ...messages, writerAlone: true })).toContain(
    'with smp_wmb() between the two writes; with smp_rmb() between the two reads alone it still comes',
  );
  expect(last({ ...messages, readerAlone: true })).toContain(
    'with smp_rmb() between the two reads; with smp_wmb() between the two writes alone it still comes',
  );
  expect(last({ ...messages, writerAlone: true, readerAlone: true })).toContain(', and with smp_rmb()');
});

it('tells of a store and a load on each side', () => {
  const buffers: TurnedPair = { ...messages, shape: 'buffers' };
  expect(formatTurned(buffers, '')).toContain('  both reads missed what the other side had written');
  expect(last(buffers)).toContain('it goes away with smp_mb() between the two of each side');
  expect(last({ ...buffers, readerAlone: true })).toContain(
    'it goes away with smp_mb() between the two in cpu1',
  );
});
