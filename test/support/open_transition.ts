// SPDX-License-Identifier: GPL-2.0-only
/**
 * A transition on real CPUs that goes on only when the test makes an attempt: the retry work is armed for the far
 * future. The machine has no tasks but those of its CPUs, which sleep, so only idle tasks have to switch.
 */
import type { Kernel } from '#src/kernel/kernel.js';
import {
  enabled_store,
  klp_enable_patch,
  klp_in_transition,
  klp_transition_work_fn,
  load_module,
} from '#src/kernel/livepatch/core.js';
import type { Patch } from '#src/kernel/livepatch/transition.js';
import type { Scenario } from '#src/scenario/types.js';
import { tinyScenario } from './tiny_scenario.js';

const NEVER: readonly [number, number] = [1e9, 1e9];

function patch(name: string): Scenario['patches'][number] {
  return { name, functions: [{ fn: 'vfs_read', body: null }] };
}

/** Two patches for one function. */
export function idleMachine(protocol: string): Scenario {
  return tinyScenario({
    machine: { protocol, retryMs: 1e9 },
    programs: [],
    patches: [patch('fix_read'), patch('fix_read_again')],
    control: {
      livepatch: { pauseMs: NEVER, reverse: 0, force: 0, operations: 0 },
      hotplug: null,
      stutter: null,
      shuffle: null,
      wakers: null,
      readers: null,
    },
  });
}

/** Attempts needed at the most: each kicks the idle CPUs, which then switch in their loops. */
const ATTEMPTS = 2000;

/** Enables the patch. The first attempt finds the CPUs in their idle tasks, so the transition is open. */
export function opened(k: Kernel, id = 0): Patch {
  const patch = load_module(k, id);
  const ret = klp_enable_patch(k, patch);
  if (ret !== 0) throw new Error(`klp_enable_patch: ${ret}`);
  if (!klp_in_transition(k, patch)) throw new Error('the transition was over at once');
  return patch;
}

/** Attempts until the transition ends; false: it has not ended after so many. */
export function ends(k: Kernel, patch: Patch, most = ATTEMPTS): boolean {
  for (let n = 0; n < most; n++) {
    klp_transition_work_fn(k);
    if (!klp_in_transition(k, patch)) return true;
    pause();
  }
  return false;
}

/** So that the CPUs, which may have to share a core with the test, come to run. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

export function reversed(k: Kernel, patch: Patch): number {
  return enabled_store(k, patch, 0);
}
