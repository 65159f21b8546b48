// SPDX-License-Identifier: GPL-2.0-only
/**
 * A machine whose CPUs are real threads and whose operations the test makes itself, as a control path on its own
 * thread: nothing happens but what it calls.
 */
import { createThreadsMachine, type ThreadsMachine } from '#src/engine/threads/machine.js';
import type { Kernel } from '#src/kernel/kernel.js';
import { rcu_eqs_enter, rcu_eqs_exit } from '#src/kernel/rcu/tree.js';
import type { Scenario } from '#src/scenario/types.js';
import { preset } from './soaking.js';

const NEVER: readonly [number, number] = [1e9, 1e9];

/** The named preset with all control paths at rest. */
export function quiet(name: string, machine: Partial<Scenario['machine']>): Scenario {
  const s = preset(name, machine);
  return {
    ...s,
    control: {
      livepatch: { pauseMs: NEVER, reverse: 0, force: 0, operations: 0 },
      hotplug: null,
      stutter: null,
      shuffle: null,
      wakers: null,
      readers: null,
    },
  };
}

export async function drive(
  scenario: Scenario,
  run: (k: Kernel, machine: ThreadsMachine) => void,
): Promise<void> {
  const machine = createThreadsMachine(scenario, { trace: 'off', lockStat: false });
  await machine.ready();
  machine.start();
  rcu_eqs_exit(machine.k);
  try {
    run(machine.k, machine);
  } finally {
    rcu_eqs_enter(machine.k);
    machine.stop();
    await machine.controlsDone;
    machine.halt();
    await machine.allDone;
    await machine.dispose();
  }
}

/** Waits on shared words, with a limit that no healthy machine reaches. `what` names the condition. */
export function awaitWord(what: string, condition: () => boolean): void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (let turns = 0; turns < 100_000; turns++) {
    if (condition()) return;
    Atomics.wait(cell, 0, 0, 0.2);
  }
  throw new Error(`never: ${what}`);
}
