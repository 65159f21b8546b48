// SPDX-License-Identifier: GPL-2.0-only
/** The presets load, and are what their names promise. */
import { describe, expect, it } from 'vitest';
import { loadScenario } from '#src/scenario/load.js';
import { presetNames } from '#src/scenario/presets.js';
import type { FunctionSpec, Scenario } from '#src/scenario/types.js';
import { PROTOCOLS } from '../support/scenario_text.js';

const load = (name: string) => loadScenario(name, {}, PROTOCOLS);

interface Calls {
  readonly traced: number;
  readonly patched: number;
}

/** Expected calls of traceable and of patched functions in a call of `name`, old bodies. */
function callsOf(s: Scenario): (name: string) => Calls {
  const patched = new Set(s.patches.flatMap((p) => p.functions.map((f) => f.fn)));
  const functions = new Map(s.functions.map((f) => [f.name, f]));
  const known = new Map<string, Calls>();
  const measure = (name: string): Calls => {
    const seen = known.get(name);
    if (seen !== undefined) return seen;
    const fn = functions.get(name) as FunctionSpec;
    let sum: Calls = { traced: fn.traceable ? 1 : 0, patched: patched.has(name) ? 1 : 0 };
    for (const step of fn.body) {
      if (step.op !== 'call') continue;
      const below = measure(step.fn);
      sum = {
        traced: sum.traced + step.chance * below.traced,
        patched: sum.patched + step.chance * below.patched,
      };
    }
    known.set(name, sum);
    return sum;
  };
  return measure;
}

/** The same of a system call of an average user task. */
function averageSyscall(s: Scenario): Calls {
  const measure = callsOf(s);
  let traced = 0;
  let patched = 0;
  let tasks = 0;
  for (const p of s.programs) {
    if (p.kind !== 'user') continue;
    const total = p.syscalls.reduce((n, { weight }) => n + weight, 0);
    for (const { fn, weight } of p.syscalls) {
      const calls = measure(fn);
      traced += (p.tasks * weight * calls.traced) / total;
      patched += (p.tasks * weight * calls.patched) / total;
    }
    tasks += p.tasks;
  }
  return { traced: traced / tasks, patched: patched / tasks };
}

it('are the eight, the default first', () => {
  expect(presetNames()).toEqual([
    'default',
    'busy',
    'drivers',
    'forced',
    'forkstorm',
    'hotplug',
    'manytasks',
    'unreliable',
  ]);
});

describe.each(presetNames())('%s', (name) => {
  const s = load(name);

  it('is named after its file and described', () => {
    expect(s.name).toBe(name);
    expect(s.description.length).toBeGreaterThan(20);
  });

  it('has two patches that stack on one function', () => {
    const counts = new Map<string, number>();
    for (const { fn } of s.patches.flatMap((p) => p.functions)) counts.set(fn, (counts.get(fn) ?? 0) + 1);
    expect(Math.max(...counts.values())).toBeGreaterThanOrEqual(2);
  });

  it('leaves most traced calls unpatched', () => {
    const { traced, patched } = averageSyscall(s);
    expect(patched / traced).toBeGreaterThan(0.1);
    expect(patched / traced).toBeLessThan(0.35);
  });

  it('uses every function and every program', () => {
    const used = new Set([...s.idleCalls, ...s.patches.flatMap((p) => p.functions.map((f) => f.fn))]);
    const forked = new Set<string>();
    for (const p of s.programs) {
      const entries =
        p.kind === 'user' ? p.syscalls : p.kind === 'kthread' ? p.calls : p.stack.map((fn) => ({ fn }));
      for (const { fn } of entries) used.add(fn);
    }
    for (const step of s.functions.flatMap((f) => f.body)) {
      if (step.op === 'call') used.add(step.fn);
      if (step.op === 'fork') forked.add(step.program);
    }
    expect(s.functions.map((f) => f.name).filter((fn) => !used.has(fn))).toEqual([]);
    expect(s.programs.filter((p) => p.tasks === 0 && !forked.has(p.name))).toEqual([]);
  });

  it('has no sleeper that would hold a transition up for good', () => {
    const patched = new Set(s.patches.flatMap((p) => p.functions.map((f) => f.fn)));
    const stacks = s.programs.flatMap((p) => (p.kind === 'sleeper' ? p.stack : []));
    expect(stacks.filter((fn) => patched.has(fn))).toEqual([]);
  });
});

it('default: system calls of 8 to 15 calls, idle is patched, all control paths on', () => {
  const s = load('default');
  expect(averageSyscall(s).traced).toBeGreaterThan(8);
  expect(averageSyscall(s).traced).toBeLessThan(15);
  const patched = s.patches.flatMap((p) => p.functions.map((f) => f.fn));
  expect(s.idleCalls.some((fn) => patched.includes(fn))).toBe(true);
  const { wakers, ...paths } = s.control;
  expect(wakers).toBeNull();
  expect(Object.values(paths)).not.toContain(null);
  const switchPoints = s.programs.flatMap((p) => (p.kind === 'kthread' ? [p.switchPoint] : []));
  expect(new Set(switchPoints)).toEqual(new Set([true, false]));
});

it('hotplug: idle tasks run patched functions, CPUs come and go often', () => {
  const s = load('hotplug');
  const patched = s.patches.flatMap((p) => p.functions.map((f) => f.fn));
  expect(s.idleCalls.filter((fn) => patched.includes(fn)).length).toBeGreaterThanOrEqual(2);
  expect(s.control.hotplug?.pauseMs[1]).toBeLessThanOrEqual(10);
  expect(s.machine.online).toBeLessThan(s.machine.cpus);
});

it('unreliable: every kthread has a switch point, every sleep ends by a signal', () => {
  const s = load('unreliable');
  expect(s.machine.reliableStacks).toBe(false);
  expect(s.programs.every((p) => p.kind !== 'kthread' || p.switchPoint)).toBe(true);
  expect(s.programs.some((p) => p.kind === 'sleeper')).toBe(false);
  const bodies = [
    ...s.functions.map((f) => f.body),
    ...s.patches.flatMap((p) => p.functions.map((f) => f.body ?? [])),
  ];
  expect(bodies.flat().filter((step) => step.op === 'sleep' && !step.interruptible)).toEqual([]);
});

it('manytasks: a hundred thousand', () => {
  const s = load('manytasks');
  expect(s.programs.reduce((n, { tasks }) => n + tasks, 0)).toBeGreaterThanOrEqual(100_000);
});
