// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { KLP_PATCHED as P, KLP_UNPATCHED as U, WARN } from '#src/kernel/abi/constants.js';
import { OOPS } from '#src/trace/events.js';
import { codesOf, judge, quietEnd, TraceBuilder, textOf } from '../support/trace/builder.js';
import { FIRST, judgedScenario } from '../support/trace/judged_scenario.js';

/** A patch that was enabled and is being removed. */
const trace = () =>
  new TraceBuilder(judgedScenario()).load(FIRST).begin(FIRST, P).complete(FIRST, P).begin(FIRST, U);
const only = ['stack-safety'];

it('catches a completion while a task is in the removed code, and the free after it', () => {
  const t = trace().enter(1, 'vfs_read', 1).enter(2, 'vfs_write', 1).complete(FIRST, U).free(FIRST);
  const { violations } = judge(t, only);
  expect(violations.map((v) => v.code)).toEqual(['KLP-HELD', 'KLP-UAF']);
  expect(violations[1]?.summary).toMatch(/^had vfs_\w+ \(first\) on its stack when its module was freed$/);
  expect(violations[1]?.hint).toBe('1 more tasks had it too');
});

it('catches a free while a task is in the code of a forced removal', () => {
  const t = trace().enter(1, 'vfs_read', 1).klp('klp_force', FIRST, U).complete(FIRST, U).free(FIRST);
  expect(codesOf(t, only)).toEqual(['KLP-UAF']);
});

it('catches a task that runs in text that was freed', () => {
  const t = trace().complete(FIRST, U).free(FIRST).enter(1, 'vfs_read', 1);
  expect(codesOf(t, only)).toEqual(['KLP-UAF']);
});

it('catches a task that runs in the old text of a patch that was loaded again', () => {
  const t = trace().complete(FIRST, U).free(FIRST).klp('mod_load', FIRST, 0x9000, 0x100).begin(FIRST, P);
  expect(codesOf(t.enter(1, 'vfs_read', 1), only)).toEqual(['KLP-UAF']);
});

it('catches poison that was executed, and says whose it was', () => {
  const t = trace()
    .complete(FIRST, U)
    .free(FIRST)
    .emit('oops', 1, 1, OOPS.poison, textOf(FIRST) + 8);
  expect(judge(t, only).violations).toMatchObject([
    { code: 'KLP-UAF', summary: 'executed the freed text of first' },
  ]);
});

it('catches a task that cannot go on in text that is there', () => {
  const t = trace().enter(1, 'vfs_read', 1).emit('oops', 1, 1, OOPS.bad_opcode, textOf(FIRST));
  expect(codesOf(t, only)).toEqual(['KLP-OOPS']);
});

it('catches a handler that chooses what was unpatched, and an entry into it', () => {
  const t = trace().complete(FIRST, U).handler(1, 'vfs_read', 1, 0, -2);
  expect(codesOf(t, only)).toEqual(['KLP-REMOVED']);
  expect(codesOf(trace().complete(FIRST, U).enter(1, 'vfs_read', 1), only)).toEqual(['KLP-REMOVED']);
});

it('catches a module that is freed while its patch is enabled', () => {
  expect(codesOf(trace().free(FIRST), only)).toEqual(['KLP-UAF']);
});

it('catches that the last reference to a module is dropped while its patch is enabled', () => {
  expect(codesOf(trace().klp('mod_put', FIRST), only)).toEqual(['KLP-UAF']);
  expect(codesOf(trace().complete(FIRST, U).klp('mod_put', FIRST).free(FIRST), only)).toEqual([]);
});

it('catches the module of a forced removal that may be removed', () => {
  const t = trace().klp('klp_force', FIRST, U).complete(FIRST, U);
  expect(judge(t.klp('mod_put', FIRST), only).violations).toMatchObject([
    { code: 'KLP-UAF', summary: expect.stringContaining('though its removal was forced') },
  ]);
});

it('catches a module that is never removed, but for one whose removal was forced', () => {
  const end = { ...quietEnd, settled: true };
  expect(codesOf(trace().complete(FIRST, U), only, end)).toEqual(['KLP-LEAK']);
  expect(codesOf(trace().klp('klp_force', FIRST, U).complete(FIRST, U), only, end)).toEqual([]);
  expect(codesOf(trace().complete(FIRST, U).free(FIRST), only, end)).toEqual([]);
});

it('passes on the use of a freed task', () => {
  expect(codesOf(trace().klp('warn', WARN.freed_task, 9), only)).toEqual(['KLP-UAF']);
});
