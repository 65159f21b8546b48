// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { KLP_PATCHED as P, KLP_UNPATCHED as U } from '#src/kernel/abi/constants.js';
import { HOW, SWITCH_POINT } from '#src/trace/events.js';
import { codesOf, idle, TraceBuilder } from '../support/trace/builder.js';
import { FIRST, judgedScenario, SECOND } from '../support/trace/judged_scenario.js';

const trace = (machine = {}) => new TraceBuilder(judgedScenario(machine));

it('accepts a transition in which tasks switch at kernel exit and by their stacks', () => {
  const t = trace().load(FIRST).enter(1, 'vfs_read', 0).sched(1, 1, 2).begin(FIRST, P);
  t.call(2, 'vfs_write', 0).selfSwitch(2, U, P).syscallExit(2, P).call(2, 'vfs_write', 1);
  /* Task 1 is asleep in old vfs_read; it is switched once it has left it and sleeps elsewhere. */
  t.sched(1, 2, 1).exit(1, 'vfs_read', 0).sched(1, 1, 2).switched(1, U, P).sched(1, 2, 1);
  t.enter(1, 'vfs_write', 1).exit(1, 'vfs_write', 1).syscallExit(1, P).complete(FIRST, P);
  t.call(1, 'vfs_read', 1).call(3, 'vfs_read', 1);
  expect(codesOf(t, ['consistency'])).toEqual([]);
});

it('accepts a system call that sees both versions, with the task off its CPU between', () => {
  const t = trace().load(FIRST).begin(FIRST, P).call(1, 'vfs_read', 0).sched(1, 1, 2);
  t.switched(1, U, P).sched(1, 2, 1).call(1, 'vfs_write', 1);
  expect(codesOf(t, ['consistency'])).toEqual([]);
});

it('accepts a switch whose event comes before that of the context switch which made it possible', () => {
  const t = trace().load(FIRST).begin(FIRST, P).call(1, 'vfs_read', 0);
  t.switched(1, U, P).sched(1, 1, 2).sched(1, 2, 1).call(1, 'vfs_write', 1);
  expect(codesOf(t, ['consistency'])).toEqual([]);
});

it('accepts a reversal: some tasks go there and back, some never go', () => {
  const t = trace()
    .load(FIRST)
    .enter(1, 'vfs_read', 0)
    .begin(FIRST, P)
    .selfSwitch(2, U, P)
    .call(2, 'vfs_read', 1);
  t.reverse(FIRST, P, U)
    .selfSwitch(2, P, U)
    .call(2, 'vfs_read', 0)
    .call(1, 'vfs_write', 0)
    .exit(1, 'vfs_read', 0);
  t.complete(FIRST, U).call(1, 'vfs_read', 0).call(2, 'vfs_read', 0).free(FIRST);
  expect(codesOf(t, ['consistency'])).toEqual([]);
});

it('accepts the removal of a patch from under another one', () => {
  const t = trace().load(FIRST).begin(FIRST, P).selfSwitch(1, U, P).selfSwitch(2, U, P).complete(FIRST, P);
  t.load(SECOND).begin(SECOND, P).selfSwitch(1, U, P).selfSwitch(2, U, P).complete(SECOND, P);
  /* vfs_read is the second patch's and stays so for both sides; vfs_write goes back. */
  t.begin(FIRST, U).enter(1, 'vfs_read', 2).call(1, 'vfs_write', 1).exit(1, 'vfs_read', 2);
  t.selfSwitch(1, P, U).enter(1, 'vfs_read', 2).call(1, 'vfs_write', 0).exit(1, 'vfs_read', 2);
  t.enter(2, 'vfs_read', 2).switched(2, P, U).exit(2, 'vfs_read', 2).complete(FIRST, U);
  t.begin(SECOND, U).call(1, 'vfs_read', 2).selfSwitch(1, P, U).call(1, 'vfs_read', 0);
  expect(codesOf(t, ['consistency'])).toEqual([]);
});

it('accepts a forced transition, what was on stacks then, and the call that was under way', () => {
  const t = trace().load(FIRST).enter(1, 'vfs_read', 0).begin(FIRST, P).klp('klp_force', FIRST, P);
  t.switched(1, U, P, HOW.force).switched(2, U, P, HOW.force).call(1, 'vfs_write', 1).complete(FIRST, P);
  t.call(2, 'vfs_write', 0).call(2, 'vfs_write', 1).call(1, 'vfs_write', 1);
  /* The old frame stays where it is through the next transition. */
  t.load(SECOND)
    .begin(SECOND, P)
    .sched(1, 1, 2)
    .switched(1, U, P)
    .call(1, 'pipe_read', 2)
    .exit(1, 'vfs_read', 0);
  expect(codesOf(t, ['consistency'])).toEqual([]);
});

it('accepts a child that is born on the side of its parent', () => {
  const t = trace().load(FIRST).begin(FIRST, P).selfSwitch(1, U, P).forked(1, 9, P).forked(2, 10, U, 1);
  t.call(9, 'vfs_read', 1)
    .call(10, 'vfs_read', 0)
    .selfSwitch(10, U, P)
    .complete(FIRST, P)
    .call(10, 'vfs_read', 1);
  expect(codesOf(t, ['consistency'])).toEqual([]);
});

it('accepts an idle task that is switched while its CPU is dead', () => {
  const t = trace({ reliableStacks: false })
    .load(FIRST)
    .begin(FIRST, P)
    .call(idle(2), 'do_idle_work', 0)
    .down(2);
  t.switched(idle(2), U, P, HOW.offline_idle).up(2).call(idle(2), 'do_idle_work', 1);
  expect(codesOf(t, ['consistency'])).toEqual([]);
});

it('accepts, without reliable stacks, tasks that switch at their own switch points', () => {
  const t = trace({ reliableStacks: false })
    .load(FIRST)
    .begin(FIRST, P)
    .call(1, 'vfs_read', 0)
    .call(1, 'vfs_write', 0);
  t.selfSwitch(1, U, P).syscallExit(1, P).call(1, 'vfs_write', 1).call(2, 'vfs_read', 0);
  t.selfSwitch(2, U, P, SWITCH_POINT.kthread).call(2, 'vfs_read', 1);
  expect(codesOf(t, ['consistency'])).toEqual([]);
});

it('gives up the stack of a task that cannot go on', () => {
  const t = trace().enter(1, 'vfs_read', 0).emit('oops', 1, 1, 2, 99).call(1, 'vfs_write', 0);
  expect(codesOf(t, ['consistency'])).toEqual([]);
});
