// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { KLP_PATCHED as P, KLP_UNPATCHED as U } from '#src/kernel/abi/constants.js';
import { HOW, SWITCH_POINT } from '#src/trace/events.js';
import { codesOf, idle, judge, TraceBuilder } from '../support/trace/builder.js';
import { FIRST, judgedScenario, SECOND } from '../support/trace/judged_scenario.js';

const trace = (machine = {}) => new TraceBuilder(judgedScenario(machine));
const only = ['consistency'];

it('catches a switch with the old version on the stack, and the mixture that comes of it', () => {
  const t = trace().load(FIRST).enter(1, 'vfs_read', 0).begin(FIRST, P).sched(1, 1, 2).switched(1, U, P);
  expect(codesOf(t, only)).toEqual(['KLP-SWITCH-ON-STACK']);
  t.sched(1, 2, 1).call(1, 'vfs_write', 1);
  expect(codesOf(t, only)).toEqual(['KLP-SWITCH-ON-STACK', 'KLP-MIX']);
});

it('tells which functions met, where, and what changed between', () => {
  const t = trace().load(FIRST).enter(1, 'vfs_read', 0).begin(FIRST, P).sched(1, 1, 2).switched(1, U, P);
  t.sched(1, 2, 1).call(1, 'vfs_write', 1);
  const [onStack, mix] = judge(t, only).violations;
  expect(onStack?.summary).toBe(
    'was switched to PATCHED by stack_check while old vfs_read (original) was on its stack',
  );
  expect(mix).toMatchObject({
    summary: 'ran new vfs_write (first) while old vfs_read (original) was on its stack',
    task: 1,
    cpu: 1,
    hint: 'patch_state last changed at #10 by livepatch (stack_check)',
  });
  expect(mix?.sites.map((s) => s.label)).toEqual(['old vfs_read', 'switched', 'new vfs_write']);
});

it('catches a switch back with the new version on the stack', () => {
  const t = trace()
    .load(FIRST)
    .begin(FIRST, P)
    .selfSwitch(1, U, P)
    .enter(1, 'vfs_read', 1)
    .reverse(FIRST, P, U);
  t.sched(1, 1, 2).switched(1, P, U);
  expect(codesOf(t, only)).toEqual(['KLP-SWITCH-ON-STACK']);
});

it('catches a switch to a patch over another with the version of the lower one on the stack', () => {
  const t = trace()
    .load(FIRST)
    .begin(FIRST, P)
    .selfSwitch(1, U, P)
    .complete(FIRST, P)
    .enter(1, 'vfs_read', 1);
  t.load(SECOND).begin(SECOND, P).sched(1, 1, 2).switched(1, U, P);
  expect(codesOf(t, only)).toEqual(['KLP-SWITCH-ON-STACK']);
});

it('catches old code inside new code when nobody has switched the task', () => {
  const t = trace()
    .load(FIRST)
    .begin(FIRST, P)
    .selfSwitch(1, U, P)
    .enter(1, 'vfs_read', 1)
    .call(1, 'vfs_write', 0);
  expect(codesOf(t, only)).toEqual(['KLP-MIX']);
});

it('catches the new version in a task that has not switched', () => {
  const t = trace().load(FIRST).begin(FIRST, P).call(1, 'vfs_read', 1);
  expect(codesOf(t, only)).toEqual(['KLP-WRONG-VERSION']);
});

it('catches both versions in one system call with no switch point between', () => {
  const t = trace().load(FIRST).begin(FIRST, P).call(1, 'vfs_write', 0).call(1, 'vfs_read', 1);
  expect(codesOf(t, only)).toEqual(['KLP-MIX-UNIT']);
});

it('catches an idle task that is switched in the middle of a pass', () => {
  const t = trace().load(FIRST).begin(FIRST, P).up(3).call(idle(3), 'do_idle_work', 0);
  t.switched(idle(3), U, P, HOW.offline_idle).call(idle(3), 'do_idle_work', 1);
  expect(codesOf(t, only)).toEqual(['KLP-MIX-UNIT']);
});

it('catches, without reliable stacks, a switch inside a system call', () => {
  const t = trace({ reliableStacks: false })
    .load(FIRST)
    .begin(FIRST, P)
    .call(1, 'vfs_read', 0)
    .sched(1, 1, 2);
  t.switched(1, U, P).sched(1, 2, 1).switchPoint(1, P, SWITCH_POINT.cond_resched).call(1, 'vfs_write', 1);
  expect(codesOf(t, only)).toEqual(['KLP-MIX-UNIT']);
});

it('catches an old version after the transition has ended', () => {
  const t = trace().load(FIRST).begin(FIRST, P).selfSwitch(1, U, P).complete(FIRST, P).call(2, 'vfs_read', 0);
  expect(codesOf(t, only)).toEqual(['KLP-WRONG-VERSION']);
});

it('catches the lower of two patches where the upper one is due', () => {
  const t = trace()
    .load(FIRST)
    .begin(FIRST, P)
    .complete(FIRST, P)
    .load(SECOND)
    .begin(SECOND, P)
    .complete(SECOND, P);
  expect(codesOf(t.call(1, 'vfs_read', 1), only)).toEqual(['KLP-WRONG-VERSION']);
});

it('catches a mixture again once a forced transition is over and its frames are gone', () => {
  const t = trace().load(FIRST).enter(1, 'vfs_read', 0).begin(FIRST, P).klp('klp_force', FIRST, P);
  t.switched(1, U, P, HOW.force).complete(FIRST, P).exit(1, 'vfs_read', 0).call(1, 'vfs_read', 1);
  expect(codesOf(t, only)).toEqual([]);
  expect(codesOf(t.enter(1, 'vfs_read', 1).call(1, 'vfs_write', 0), only)).toEqual(['KLP-MIX']);
});

it('catches calls and returns that do not fit', () => {
  expect(codesOf(trace().exit(1, 'vfs_read', 0), only)).toEqual(['TRACE-NESTING']);
  expect(codesOf(trace().enter(1, 'vfs_read', 0).exit(1, 'vfs_write', 0), only)).toEqual(['TRACE-NESTING']);
});
