// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { KLP_PATCHED as P, KLP_UNPATCHED as U } from '#src/kernel/abi/constants.js';
import { judge, TraceBuilder } from '../support/trace/builder.js';
import { hung, hungEnd, pendingTask } from '../support/trace/hung.js';
import { FIRST, judgedScenario } from '../support/trace/judged_scenario.js';

const only = ['progress'];
const HUNG = 'PROG-HUNG-TRANSITION';
const started = (tries: number) => {
  const t = new TraceBuilder(judgedScenario()).begin(FIRST, P);
  for (let i = 0; i < tries; i++) t.klp('klp_try', FIRST, 1, i);
  return t;
};
const findings = (t: TraceBuilder, ...h: Parameters<typeof hungEnd>) =>
  judge(t, only, hungEnd(...h)).violations;

it('catches an idle task that nobody kicks', () => {
  const swapper = pendingTask(-4, { name: 'swapper/3', idle: true, kthread: true, state: 'R', onCpu: 3 });
  const [found] = findings(started(5), hung({ pendingTasks: [swapper] }));
  expect(found).toMatchObject({ code: HUNG, task: -4, cpu: 3 });
  expect(found?.summary).toBe(
    'is still UNPATCHED in the transition of first after 15 s and 5 tries: swapper/3 never came to its switch point in the idle loop',
  );
});

it('does not blame an idle task whose CPU got no turn', () => {
  const swapper = pendingTask(-4, { idle: true, state: 'R', onCpu: 3, starved: true });
  const judged = judge(started(45), only, hungEnd(hung({ pendingTasks: [swapper] })));
  expect(judged.violations).toEqual([]);
  expect(judged.suspicions[0]?.text).toContain('got no turn (on cpu3)');
});

it('catches a transition that nobody will try to end, whoever blocks it', () => {
  const pendingTasks = [pendingTask(7, { blockingFunction: 'vfs_read' })];
  const [found] = findings(started(3), hung({ pendingTasks, abandoned: true }));
  expect(found).toMatchObject({ code: HUNG, task: null });
  expect(found?.summary).toContain('nobody will try again');
});

it('catches a task without a flag, be it blocked or not', () => {
  const pendingTasks = [pendingTask(7, { pending: false, blockingFunction: 'vfs_read' })];
  expect(findings(started(5), hung({ pendingTasks }))).toMatchObject([{ code: HUNG, task: 7 }]);
});

it('catches a task that passes switch points and does not switch', () => {
  const t = started(5).syscallExit(7, U).syscallExit(7, U).syscallExit(7, U);
  const [found] = findings(t, hung({ pendingTasks: [pendingTask(7, { blockingFunction: 'vfs_read' })] }));
  expect(found?.summary).toContain('passed 3 switch points and did not switch');
});

it('catches a sleeper that its stack would let go, and a retry that never comes', () => {
  const [sleeper] = findings(started(5), hung({ pendingTasks: [pendingTask(7)] }));
  expect(sleeper?.summary).toContain('sleeps with nothing of the patch on its stack and was not switched');
  const [alone] = findings(started(1), hung({ pendingTasks: [pendingTask(7)] }));
  expect(alone?.summary).toContain('could be switched by its stack, but nobody tries');
});

it('catches a user task that two rounds of signals do not wake, and no other', () => {
  const asleep = { blockingFunction: 'vfs_read', state: 'S' } as const;
  const after = (tries: number, more = {}) =>
    findings(started(tries), hung({ pendingTasks: [pendingTask(7, { ...asleep, ...more })] }));
  expect(after(40)[0]?.summary).toContain(
    'sleeps interruptibly in vfs_read, and no signal has woken it in 40 attempts',
  );
  for (const more of [{ state: 'D' }, { kthread: true }, { onCpu: 1 }] as const)
    expect(after(40, more)).toEqual([]);
  expect(after(20)).toEqual([]);
});

it('catches a transition that does not end though all tasks have switched', () => {
  expect(findings(started(5), hung())).toMatchObject([{ code: HUNG, task: null }]);
});

it('catches CPUs and control paths that wait for ever, and says who holds what', () => {
  const owners = ['klp_mutex: livepatch'];
  const cpu = hung({ kind: 'cpu', actor: 1, name: 'cpu1', state: 'spin_lock', object: 'tasklist_lock' });
  const control = hung({ kind: 'control', actor: 5, name: 'hotplug', state: 'rwsem_write', owners });
  expect(findings(started(0), cpu, control)).toMatchObject([
    {
      code: 'PROG-HUNG-CPU',
      cpu: 1,
      summary: 'cpu1 has made no progress in spin_lock (tasklist_lock) for 15 s',
    },
    { code: 'PROG-HUNG-CONTROL', hint: 'locks held: klp_mutex: livepatch' },
  ]);
});

it('catches a lost wake-up', () => {
  const lost = hung({
    kind: 'lost-wakeup',
    actor: 5,
    name: 'hotplug',
    state: 'rcuwait',
    object: 'cpu_hotplug_lock',
  });
  expect(findings(started(0), lost)).toMatchObject([{ code: 'PROG-LOST-WAKEUP' }]);
});
