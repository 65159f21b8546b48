// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { EBUSY, KLP_PATCHED as P, KLP_UNPATCHED as U } from '#src/kernel/abi/constants.js';
import { codesOf, TraceBuilder } from '../support/trace/builder.js';
import { FIRST, judgedScenario, SECOND } from '../support/trace/judged_scenario.js';

const trace = () => new TraceBuilder(judgedScenario());
const only = ['klp-order'];

it('accepts transitions with reversals, force, signals and several tries', () => {
  const t = trace()
    .begin(FIRST, P)
    .klp('klp_try', FIRST, 3, 0)
    .klp('klp_signals', FIRST, 15)
    .reverse(FIRST, P, U);
  t.klp('klp_try', FIRST, 1, 1).reverse(FIRST, U, P).klp('klp_force', FIRST, P).complete(FIRST, P);
  t.begin(SECOND, P)
    .complete(SECOND, P)
    .begin(FIRST, U)
    .complete(FIRST, U)
    .begin(FIRST, P)
    .complete(FIRST, P);
  expect(codesOf(t, only)).toEqual([]);
});

it('accepts an enabling that is cancelled when a function cannot be patched', () => {
  const t = trace().tracer('vfs_read', true).klp('klp_init', FIRST, P);
  t.klp('klp_cancel', FIRST).klp('klp_complete', FIRST, U).klp('klp_completed', FIRST, U);
  t.tracer('vfs_read', false).klp('klp_refused', FIRST, -EBUSY);
  expect(codesOf(t.begin(SECOND, P).complete(SECOND, P), only)).toEqual([]);
});
