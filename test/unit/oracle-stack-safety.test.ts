// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { KLP_PATCHED as P, KLP_UNPATCHED as U } from '#src/kernel/abi/constants.js';
import { codesOf, TraceBuilder, textOf } from '../support/trace/builder.js';
import { FIRST, judgedScenario } from '../support/trace/judged_scenario.js';

const trace = () => new TraceBuilder(judgedScenario());
const only = ['stack-safety'];

it('accepts a patch that is removed when nobody is in it, and loaded again elsewhere', () => {
  const t = trace().load(FIRST).begin(FIRST, P).handler(1, 'vfs_read', 1, 1, P).call(1, 'vfs_read', 1);
  t.complete(FIRST, P)
    .enter(1, 'vfs_read', 1)
    .begin(FIRST, U)
    .exit(1, 'vfs_read', 1)
    .complete(FIRST, U)
    .free(FIRST);
  t.klp('mod_load', FIRST, 0x9000, 0x100)
    .begin(FIRST, P)
    .enter(1, 'vfs_read', 1, 0x9010)
    .exit(1, 'vfs_read', 1);
  expect(codesOf(t, only)).toEqual([]);
});

it('accepts a task that stays in a patch whose removal was forced, as long as the module stays', () => {
  const t = trace().load(FIRST).begin(FIRST, P).complete(FIRST, P).enter(1, 'vfs_read', 1).begin(FIRST, U);
  t.klp('klp_force', FIRST, U).complete(FIRST, U).enter(2, 'vfs_write', 1).exit(1, 'vfs_read', 1);
  expect(codesOf(t, only)).toEqual([]);
});

it('accepts a module whose patch was never enabled', () => {
  expect(codesOf(trace().load(FIRST).free(FIRST), only)).toEqual([]);
});

it('forgets what a task held when it ends or cannot go on', () => {
  const t = trace().load(FIRST).begin(FIRST, P).enter(1, 'vfs_read', 1).emit('oops', 1, 1, 3, textOf(FIRST));
  t.enter(2, 'vfs_read', 1).taskExit(2).reverse(FIRST, P, U).complete(FIRST, U).free(FIRST);
  expect(codesOf(t, only)).toEqual(['KLP-OOPS']);
});
