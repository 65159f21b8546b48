// SPDX-License-Identifier: GPL-2.0-only
/**
 * Worker: a control path of a running machine that enables and disables a patch when told to, and times it from
 * klp_init_transition to the end of klp_complete_transition. It retries a transition that is not complete at once,
 * as klp_transition_work would after its period, so that waiting for the period is not part of the time.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { COUNTER } from '../../src/kernel/abi/counters.js';
import {
  enabled_store,
  free_module,
  klp_enable_patch,
  klp_in_transition,
  klp_transition_work_fn,
  load_module,
} from '../../src/kernel/livepatch/core.js';
import type { Patch } from '../../src/kernel/livepatch/transition.js';
import { rcu_eqs_enter, rcu_eqs_exit } from '../../src/kernel/rcu/tree.js';
import { controlActor, kernelView, type MachineShared } from '../../src/machine/view.js';
import { NULL } from '../../src/mem/layout.js';
import { nap } from '../../src/workload/torture/pause.js';

export interface TransitionTask {
  readonly shared: MachineShared;
}

/** Transitions to make one after the other; each is enabled, disabled and removed. */
export interface TransitionOrder {
  readonly cycles: number;
}

export interface TransitionReply {
  /** ns of each enabling and of each disabling. */
  readonly patchingNs: readonly number[];
  readonly unpatchingNs: readonly number[];
  /** Attempts to complete that each took. */
  readonly attempts: readonly number[];
  /** Tasks that all of them together switched by their stacks. */
  readonly switched: number;
}

const { shared } = workerData as TransitionTask;
/* The host is this actor only while it boots the machine. */
const k = kernelView(shared, controlActor(shared.plan, 'boot'));

/** Completes what was started. Returns the attempts, with the first. */
function complete(patch: Patch): number {
  let attempts = 1;
  while (klp_in_transition(k, patch)) {
    /* Condition: the idle tasks have switched themselves. Nobody wakes us; the attempt has kicked them. */
    nap(k, 0.05);
    klp_transition_work_fn(k);
    attempts++;
  }
  return attempts;
}

function timed(start: () => number, patch: Patch, ns: number[], attempts: number[]): void {
  const since = process.hrtime.bigint();
  const errno = start();
  if (errno !== 0) throw new Error(`the transition was refused: ${errno}`);
  attempts.push(complete(patch));
  ns.push(Number(process.hrtime.bigint() - since));
}

parentPort?.on('message', ({ cycles }: TransitionOrder) => {
  const patchingNs: number[] = [];
  const unpatchingNs: number[] = [];
  const attempts: number[] = [];
  const before = k.count[COUNTER.switched_stack] as number;
  rcu_eqs_exit(k);
  for (let i = 0; i < cycles; i++) {
    const patch = load_module(k, 0);
    if (patch === NULL) throw new Error('no memory for the module');
    timed(() => klp_enable_patch(k, patch), patch, patchingNs, attempts);
    timed(() => enabled_store(k, patch, 0), patch, unpatchingNs, attempts);
    free_module(k, patch, true);
  }
  rcu_eqs_enter(k);
  const switched = (k.count[COUNTER.switched_stack] as number) - before;
  const reply: TransitionReply = { patchingNs, unpatchingNs, attempts, switched };
  parentPort?.postMessage(reply);
});
