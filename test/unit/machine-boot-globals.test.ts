// SPDX-License-Identifier: GPL-2.0-only
/** What boot writes beside tasks: text, call sites, masks, the state of CPUs; and that it loses no trace. */
import { describe, expect, it } from 'vitest';
import { CPUHP_OFFLINE, CPUHP_ONLINE, KLP_UNDEFINED, MACHINE_BOOTING } from '#src/kernel/abi/constants.js';
import { dyn_ftrace, percpu, vmlinux } from '#src/kernel/abi/structs.js';
import { per_cpu } from '#src/kernel/kernel.js';
import { load } from '#src/mem/heap.js';
import { embedded, NULL, type Ptr } from '#src/mem/layout.js';
import { list_empty } from '#src/mem/list.js';
import { protocolNames } from '#src/protocol/index.js';
import { loadScenario } from '#src/scenario/load.js';
import { presetNames } from '#src/scenario/presets.js';
import { RingView } from '#src/trace/ring.js';
import { bootedMachine, tasksOf } from '../support/booted_machine.js';
import { fn, tinyScenario } from '../support/tiny_scenario.js';

const machine = bootedMachine(
  tinyScenario({
    machine: { cpus: 3, online: 2 },
    functions: [fn('a'), fn('b', [], false), fn('c')],
    patches: [],
  }),
);
const { k, plan } = machine;

describe('text', () => {
  it('is in the heap, word for word', () => {
    const { words } = plan.text;
    expect([...k.i32.slice(plan.textBase, plan.textBase + words.length)]).toEqual(words);
  });

  it('has a call site record for each function, empty for notrace ones', () => {
    const records = plan.text.functions.map((f) => {
      const rec = (plan.config.dyn_ftrace_base + f.id * dyn_ftrace.$words) as Ptr<'dyn_ftrace'>;
      expect(load(k, rec, dyn_ftrace.ops)).toBe(NULL);
      return [load(k, rec, dyn_ftrace.func_id), load(k, rec, dyn_ftrace.ip)];
    });
    const [a, , c] = plan.text.functions;
    expect(records).toEqual([
      [0, a?.entry],
      [1, 0],
      [2, c?.entry],
    ]);
  });
});

describe('the CPUs', () => {
  it('are all possible and present, and those of the scenario online and active', () => {
    expect(load(k, k.g, vmlinux.cpu_possible_mask)).toBe(0b111);
    expect(load(k, k.g, vmlinux.cpu_present_mask)).toBe(0b111);
    expect(load(k, k.g, vmlinux.cpu_online_mask)).toBe(0b011);
    expect(load(k, k.g, vmlinux.cpu_active_mask)).toBe(0b011);
  });

  it('are at the end of their hotplug states, or at the beginning', () => {
    const states = [0, 1, 2].map((cpu) => load(k, per_cpu(k, cpu), percpu.cpuhp_state));
    expect(states).toEqual([CPUHP_ONLINE, CPUHP_ONLINE, CPUHP_OFFLINE]);
  });

  it('of a machine with 32 are all in the masks, the sign bit too', () => {
    const big = bootedMachine(tinyScenario({ machine: { cpus: 32, online: 32 } }));
    expect(load(big.k, big.k.g, vmlinux.cpu_online_mask)).toBe(-1);
  });
});

describe('livepatch', () => {
  it('has no patch and no transition', () => {
    expect(load(k, k.g, vmlinux.klp_transition_patch)).toBe(NULL);
    expect(load(k, k.g, vmlinux.klp_target_state)).toBe(KLP_UNDEFINED);
    expect(list_empty(k, embedded(k.g, vmlinux.klp_patches))).toBe(true);
    expect(list_empty(k, embedded(k.g, vmlinux.klp_ops))).toBe(true);
  });
});

describe('boot', () => {
  it('lets no CPU go: the host does', () => {
    expect(load(k, k.g, vmlinux.machine_state)).toBe(MACHINE_BOOTING);
  });

  it('touches word 0 of the heap in no way: NULL points there', () => {
    expect(k.i32[0]).toBe(0);
  });

  it.each(presetNames())('of the scenario %s starts all its tasks and drops no trace record', (name) => {
    const scenario = loadScenario(name, {}, protocolNames);
    const booted = bootedMachine(scenario);
    const ring = new RingView(booted.shared.trace.rings[booted.k.actor] as SharedArrayBuffer);
    expect(ring.dropped()).toBe(0);
    const started = scenario.programs.reduce((n, p) => n + p.tasks, 0);
    expect(load(booted.k, booted.k.g, vmlinux.nr_threads)).toBe(started + 2 * booted.plan.nrCpus);
    expect(tasksOf(booted, started + 2 * booted.plan.nrCpus)).toHaveLength(started + 2 * booted.plan.nrCpus);
  });
});
