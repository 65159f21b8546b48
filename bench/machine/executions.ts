// SPDX-License-Identifier: GPL-2.0-only
/** What explorations do, as contenders: one turn is one execution, its reset included. */
import { FibersMachine } from '../../src/engine/fibers/machine.js';
import type { MemoryModel } from '../../src/engine/fibers/memory_model.js';
import { ModelMachine } from '../../src/engine/fibers/model_machine.js';
import { loadModels } from '../../src/engine/fibers/model_tree.js';
import { builtTrees, loadTree } from '../../src/engine/fibers/tree.js';
import { optimiseLater } from '../../src/explore/optimise_later.js';
import { protocolNames } from '../../src/protocol/index.js';
import { forExploration } from '../../src/scenario/exploration.js';
import { loadScenario } from '../../src/scenario/load.js';
import type { Scenario } from '../../src/scenario/types.js';
import { parseScheduler, type SchedulerChoice } from '../../src/schedule/index.js';
import type { CompareOptions, Contender } from '../harness.js';
import { type Spread, scaled } from '../statistics.js';

const MAX_STEPS = 100_000;
/** Executions of which the mean length is taken. */
const SAMPLE = 200;

/** An execution of the kernel takes milliseconds at first, and hundreds of its functions have to be compiled. */
export const LONG: CompareOptions = { rounds: 60, sampleMs: 20, warmMs: 12000 };

export interface Executions {
  readonly run: Contender;
  /** Points of an execution, mean. */
  readonly points: number;
}

type Execute = (execution: number) => number;

function executions(choice: SchedulerChoice, once: (choice: SchedulerChoice) => Execute): Executions {
  const execute = once(choice);
  let all = 0;
  for (let i = 0; i < SAMPLE; i++) all += execute(i);
  let execution = 0;
  return {
    points: all / SAMPLE,
    run: (n) => {
      let steps = 0;
      for (let i = 0; i < n; i++) steps += execute(execution++);
      return steps;
    },
  };
}

/** Of a model, by name and sizes. */
export async function modelExecutions(
  scheduler: string,
  name: string,
  ...sizes: number[]
): Promise<Executions> {
  const machine = new ModelMachine((await loadModels(builtTrees, 'fast')).make(name, ...sizes));
  return executions(parseScheduler(scheduler), (choice) => (execution) => {
    const s = choice.create({ execution, seed: 1, steps: 100 });
    s.begin(machine.actors);
    return machine.execute(s).steps;
  });
}

/** Of the kernel, compiled as in the workers of a campaign; `model` null: sequential consistency. */
export async function kernelExecutions(
  scheduler: string,
  scenario: Scenario,
  model: MemoryModel | null = null,
): Promise<Executions> {
  optimiseLater();
  const tree = await loadTree(builtTrees, model === null ? 'fast' : 'modelled');
  const machine = new FibersMachine(tree, scenario);
  return executions(parseScheduler(scheduler), (choice) => (execution) => {
    const s = choice.create({ execution, seed: 1, steps: 9000 });
    s.begin(machine.plan.nrActors - 1);
    return machine.execute(s, { seed: execution, maxSteps: MAX_STEPS, model }).steps;
  });
}

/** CPUs that come and go in the middle of transitions. */
export function hotplugScenario(): Scenario {
  return forExploration(loadScenario('hotplug', {}, protocolNames));
}

/** What the bars of executions are stated for: an execution of other length counts as that part of one. */
export const STATED_POINTS = 1500;

/** One transition of one function over two CPUs and a task that calls it once: about 1,550 points. */
export function shortScenario(): Scenario {
  const whole = loadScenario('manytasks', {}, protocolNames);
  const explore = {
    ...whole.explore,
    cpus: 2,
    online: 1,
    tasks: 1,
    syscalls: 1,
    livepatch: 1,
    hotplug: 0,
    reverse: 0,
  };
  const programs = whole.programs.filter((p) => p.name === 'worker');
  const patches = whole.patches.slice(0, 1).map((p) => ({ ...p, functions: p.functions.slice(0, 1) }));
  return forExploration({ ...whole, explore, programs, patches });
}

/** `each` things take `ns`: how many a second. */
export function rate(ns: Spread, each: number): Spread {
  const perSecond = (1e9 * each) / ns.median;
  return { ...scaled(ns, perSecond / ns.median), median: perSecond };
}

/** The least that a scheduling point can cost: a countdown, a word read and a word written. One turn is a point. */
export function rawPoints(): Contender {
  const words = new Int32Array(64);
  return (n) => {
    for (let i = 0; i < n; i++) {
      words[0] = (words[0] as number) - 1;
      if ((words[0] as number) < 0) words[0] = 50;
      words[8 + (i & 31)] = (words[8 + ((i * 7) & 31)] as number) + 1;
    }
    return words[9] as number;
  };
}
