// SPDX-License-Identifier: GPL-2.0-only
/** Where everything lies in the heap: nothing overlaps, what CPUs write apart lies on lines apart. */
import { describe, expect, it } from 'vitest';
import { CONTROL_ROLES } from '#src/kernel/abi/actors.js';
import { dyn_ftrace, percpu, task_struct, vmlinux } from '#src/kernel/abi/structs.js';
import { actorName, type Plan, planMachine } from '#src/machine/plan.js';
import { CACHE_LINE_WORDS } from '#src/mem/layout.js';
import { protocolNames } from '#src/protocol/index.js';
import { loadScenario } from '#src/scenario/load.js';
import { presetNames } from '#src/scenario/presets.js';
import type { Scenario } from '#src/scenario/types.js';
import { fn, tinyScenario, work } from '../support/tiny_scenario.js';

const scenarios: [string, Scenario][] = [
  ['tiny', tinyScenario()],
  ['no patches', tinyScenario({ patches: [] })],
  ['32 CPUs', tinyScenario({ machine: { cpus: 32, online: 16 }, idleCalls: ['vfs_read'] })],
  ...presetNames().map((name): [string, Scenario] => [name, loadScenario(name, {}, protocolNames)]),
];

interface Region {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

function regionsOf(scenario: Scenario, plan: Plan): Region[] {
  const { config, slabs, nrCpus } = plan;
  const region = (name: string, from: number, words: number): Region => ({ name, from, to: from + words });
  return [
    region('NULL', 0, 1),
    region('vmlinux', plan.g, vmlinux.$words),
    region('percpu', plan.percpuBase, percpu.$words * plan.nrActors),
    region('dyn_ftrace', config.dyn_ftrace_base, dyn_ftrace.$words * scenario.functions.length),
    region('text', plan.textBase, plan.text.words.length),
    region('boot tasks', plan.bootTasks, task_struct.$words * (3 * nrCpus + CONTROL_ROLES.length)),
    region('boot stacks', plan.bootStackBase, config.stack_words * 3 * nrCpus),
    region('stacks', config.stack_base, config.stack_words * slabs.task.count),
    ...Object.entries(slabs).flatMap(([name, s]) => [
      region(`${name} slab`, s.base, s.words * s.count),
      region(`${name} ring`, s.ring, s.count),
    ]),
  ];
}

describe.each(scenarios)('the plan of %s', (_, scenario) => {
  const plan = planMachine(scenario);
  const regions = regionsOf(scenario, plan).sort((a, b) => a.from - b.from);

  it('has regions that do not overlap, inside the heap', () => {
    for (const [i, r] of regions.entries()) {
      const next = regions[i + 1];
      if (next !== undefined)
        expect(r.to, `${r.name} ends before ${next.name}`).toBeLessThanOrEqual(next.from);
    }
    expect(regions.at(-1)?.to).toBeLessThanOrEqual(plan.heapWords);
  });

  it('gives each percpu area and each region cache lines of its own', () => {
    expect(percpu.$words % CACHE_LINE_WORDS).toBe(0);
    for (const r of regions) if (r.name !== 'NULL') expect(r.from % CACHE_LINE_WORDS, r.name).toBe(0);
  });

  it('keeps all text, that of modules too, where 24-bit operands reach it', () => {
    const { module } = plan.slabs;
    expect(plan.textBase + plan.text.words.length).toBeLessThan(2 ** 24);
    expect(module.base + module.words * module.count).toBeLessThan(2 ** 24);
  });

  it('has a slab object for the largest module, and room for more modules than patches', () => {
    for (const m of plan.text.modules) expect(m.image.length).toBeLessThanOrEqual(plan.slabs.module.words);
    expect(plan.slabs.module.count).toBeGreaterThan(scenario.patches.length);
    expect(plan.slabs.klpPatch.count).toBeGreaterThan(scenario.patches.length);
  });

  it('has room for the tasks of the scenario and the spare ones', () => {
    const started = scenario.programs.reduce((n, p) => n + p.tasks, 0);
    expect(plan.slabs.task.count).toBe(started + scenario.machine.spareTasks);
  });
});

describe('the size of the heap', () => {
  it('is at most 512 MiB for a million sleepers', () => {
    const scenario = tinyScenario({
      programs: [{ kind: 'sleeper', name: 's', tasks: 1_000_000, stack: ['sys_read', 'vfs_read'] }],
    });
    expect(planMachine(scenario).heapWords * 4).toBeLessThanOrEqual(512 * 2 ** 20);
  });

  it('of more than a GiB is refused', () => {
    const scenario = tinyScenario({ machine: { spareTasks: 10_000_000 } });
    expect(() => planMachine(scenario)).toThrow(/MiB of heap, more than 1024/);
  });

  it('is refused if text does not fit in 24 bits: here the images of modules do not', () => {
    const body = Array.from({ length: 4200 }, () => work(1));
    const functions = Array.from({ length: 60 }, (_, i) => fn(`f${i}`, body));
    const all = functions.map((f) => ({ fn: f.name, body: null }));
    const patches = Array.from({ length: 16 }, (_, i) => ({ name: `p${i}`, functions: i === 0 ? all : [] }));
    expect(() => planMachine(tinyScenario({ functions, patches }))).toThrow(/24-bit/);
  });
});

describe('actors', () => {
  it('are the CPUs, then the control paths in the order of their roles', () => {
    const plan = planMachine(tinyScenario());
    expect(plan.nrActors).toBe(2 + CONTROL_ROLES.length);
    const names = Array.from({ length: plan.nrActors + 1 }, (_, a) => actorName(plan, a));
    expect(names).toEqual(['cpu0', 'cpu1', ...CONTROL_ROLES, `actor${plan.nrActors}`]);
  });
});
