// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { FibersMachine } from '#src/engine/fibers/machine.js';
import { builtTrees, loadTree } from '#src/engine/fibers/tree.js';
import { TsoModel } from '#src/engine/fibers/weak/tso.js';
import { ViewModel } from '#src/engine/fibers/weak/view.js';
import { protocolNames } from '#src/protocol/index.js';
import { forExploration } from '#src/scenario/exploration.js';
import { loadScenario } from '#src/scenario/load.js';
import { parseScheduler } from '#src/schedule/index.js';

const EXECUTIONS = 12;

/** Hash of all that it is asked for, orders included: few executions depend on what LKMM knows of locks. */
class Asked extends ViewModel {
  asked = 0;

  private note(actor: number, addr: number, order: number): void {
    this.asked = (Math.imul(this.asked, 31) + actor + 64 * addr + order) | 0;
  }

  override load(actor: number, addr: number, order: number): number {
    this.note(actor, addr, order);
    return super.load(actor, addr, order);
  }

  override store(actor: number, addr: number, value: number, order: number): void {
    this.note(actor, addr, order);
    super.store(actor, addr, value, order);
  }

  override rmw(actor: number, addr: number, by: (old: number) => number | null, order: number): number {
    this.note(actor, addr, order);
    return super.rmw(actor, addr, by, order);
  }
}

async function executions(which: 'observed' | 'modelled', scenario: string, memory: 'weak' | 'tso') {
  const tree = await loadTree(builtTrees, which);
  const machine = new FibersMachine(tree, forExploration(loadScenario(scenario, {}, protocolNames)));
  const model = memory === 'weak' ? new Asked({ persists: true, patience: 8 }) : new TsoModel();
  return Array.from({ length: EXECUTIONS }, (_, i) => {
    const scheduler = parseScheduler(i % 2 === 0 ? 'random' : 'pct(3)').create({
      execution: i,
      seed: 1,
      steps: 3000,
    });
    scheduler.begin(machine.plan.nrActors - 1);
    const { end, steps, decisions } = machine.execute(scheduler, { seed: i, maxSteps: 60_000, model });
    return {
      end,
      steps,
      choices: decisions.choices,
      hash: machine.stateHash(),
      asked: model instanceof Asked ? model.asked : 0,
    };
  });
}

it.each([
  ['hotplug', 'weak'],
  ['hotplug', 'tso'],
  ['forkstorm', 'weak'],
] as const)('does in %s under %s what the observed build does', async (scenario, memory) => {
  const modelled = await executions('modelled', scenario, memory);
  expect(modelled).toEqual(await executions('observed', scenario, memory));
  expect(modelled.some((e) => e.choices.length > 0)).toBe(true);
});
