// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { EBUSY, KLP_PATCHED as P, KLP_UNPATCHED as U, WARN } from '#src/kernel/abi/constants.js';
import { codesOf, judge, TraceBuilder } from '../support/trace/builder.js';
import { FIRST, judgedScenario, SECOND } from '../support/trace/judged_scenario.js';

const trace = () => new TraceBuilder(judgedScenario());
const only = ['klp-order'];

it('catches a transition inside another', () => {
  const t = trace().begin(FIRST, P).klp('klp_init', SECOND, P);
  expect(judge(t, only).violations).toMatchObject([
    { code: 'KLP-ORDER', summary: 'klp_init of second came in the transition of first' },
  ]);
});

it('catches a completion before all tasks have switched', () => {
  const t = trace().begin(FIRST, P).klp('klp_try', FIRST, 2, 0).klp('klp_complete', FIRST, P);
  expect(judge(t, only).violations[0]?.summary).toBe(
    'klp_complete of first came before all tasks had switched',
  );
});

it('catches a retry that goes on after the transition has ended', () => {
  expect(codesOf(trace().begin(FIRST, P).complete(FIRST, P).klp('klp_try', FIRST, 0, 2), only)).toEqual([
    'KLP-ORDER',
  ]);
});

it('catches flags that are set before the states', () => {
  expect(codesOf(trace().klp('klp_start', FIRST, P), only)).toEqual(['KLP-ORDER']);
});

it('catches a reversal or force while nothing runs', () => {
  expect(codesOf(trace().klp('klp_force', FIRST, P), only)).toEqual(['KLP-ORDER']);
  expect(codesOf(trace().klp('klp_reverse', FIRST, P, U), only)).toEqual(['KLP-ORDER']);
});

it('catches a reversal that does not turn round', () => {
  const t = trace().begin(FIRST, P).klp('klp_reverse', FIRST, P, U);
  expect(judge(t.klp('klp_start', FIRST, P), only).violations).toMatchObject([
    { code: 'KLP-TARGET', summary: 'klp_start of first is for PATCHED in a transition to UNPATCHED' },
  ]);
});

it('catches an older patch that a module coming late puts over a newer one', () => {
  const t = trace().begin(FIRST, P).complete(FIRST, P).begin(SECOND, P).complete(SECOND, P);
  t.unpatchFunc('vfs_read', FIRST);
  expect(codesOf(t, only)).toEqual([]);
  expect(judge(t.patchFunc('vfs_read', FIRST), only).violations).toMatchObject([
    {
      code: 'KLP-STACK-ORDER',
      summary: 'vfs_read of first was put over that of second, which was enabled later',
    },
  ]);
});

it('catches a function that is published before any state is set', () => {
  expect(codesOf(trace().patchFunc('vfs_read', FIRST), only)).toEqual(['KLP-ORDER']);
});

it('catches a function that is taken off twice', () => {
  const t = trace().begin(FIRST, P).reverse(FIRST, P, U).complete(FIRST, U).unpatchFunc('vfs_read', FIRST);
  expect(codesOf(t, only)).toEqual(['KLP-ORDER']);
});

it('passes on what livepatch warned of', () => {
  expect(codesOf(trace().klp('warn', WARN.target_undefined, -1), only)).toEqual(['KLP-ORDER']);
});

it('catches a function that was forgotten, and one that was left behind', () => {
  const t = trace().klp('klp_init', FIRST, P).klp('klp_start', FIRST, P);
  expect(codesOf(t, only)).toEqual(['KLP-FUNCS']);
  const u = trace().begin(FIRST, P).complete(FIRST, P).begin(FIRST, U);
  u.klp('klp_try', FIRST, 0, 1).klp('klp_complete', FIRST, U).klp('klp_completed', FIRST, U);
  expect(judge(u, only).violations).toMatchObject([
    {
      code: 'KLP-FUNCS',
      summary: expect.stringContaining('is still on its func_stack after the unpatching of first'),
    },
  ]);
});

it('catches an enabling that is given up for nothing', () => {
  const t = trace().klp('klp_init', FIRST, P).patchFunc('vfs_read', FIRST).unpatchFunc('vfs_read', FIRST);
  t.klp('klp_cancel', FIRST).klp('klp_complete', FIRST, U).klp('klp_completed', FIRST, U);
  expect(judge(t, only).violations).toMatchObject([
    {
      code: 'KLP-SPURIOUS-REFUSAL',
      summary: 'enabling first was given up though nobody else has one of its functions',
    },
  ]);
});

it('catches a refusal while no transition runs, and none inside one', () => {
  const t = trace().begin(FIRST, P).complete(FIRST, P).klp('klp_refused', SECOND, -EBUSY);
  expect(codesOf(t, only)).toEqual(['KLP-SPURIOUS-REFUSAL']);
  expect(codesOf(trace().begin(FIRST, P).klp('klp_refused', SECOND, -EBUSY), only)).toEqual([]);
});
