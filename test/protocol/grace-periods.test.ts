// SPDX-License-Identifier: GPL-2.0-only
/** Where each design waits for livepatch's own grace period, and when a reversal changes the target. */
import { expect, it } from 'vitest';
import type { ThreadsMachine } from '#src/engine/threads/machine.js';
import { ACTOR_STATE } from '#src/kernel/abi/constants.js';
import { delayed_work, percpu, vmlinux } from '#src/kernel/abi/structs.js';
import { type Kernel, per_cpu } from '#src/kernel/kernel.js';
import { enabled_store } from '#src/kernel/livepatch/core.js';
import { klp_target_state } from '#src/kernel/livepatch/transition.js';
import { controlActor } from '#src/machine/view.js';
import { READ_ONCE } from '#src/mem/heap.js';
import { embedded } from '#src/mem/layout.js';
import { EV, PHASE } from '#src/trace/events.js';
import { awaitWord, drive } from '../support/driven_machine.js';
import { ends, idleMachine, opened, reversed } from '../support/open_transition.js';

const NAMES: ReadonlyMap<number, string> = new Map([
  [EV.klp_reverse, 'reverse'],
  [EV.klp_sync, 'sync'],
  [EV.klp_start, 'start'],
  [EV.klp_complete, 'complete'],
  [EV.klp_completed, 'completed'],
]);

/** Enables, disables, reverses once, and returns the steps in their order, with the target at each clearing of flags. */
async function steps(protocol: string): Promise<string[]> {
  const seen: string[] = [];
  await drive(idleMachine(protocol), (original, machine) => {
    const k = watched(original, seen);
    const patch = opened(k);
    ends(k, patch);
    seen.push('|');
    enabled_store(k, patch, 0);
    ends(k, patch);
    freed(k, machine);
    seen.push('|');
    const again = opened(k);
    reversed(k, again);
    ends(k, again);
  });
  return seen;
}

/**
 * The module of a patch that is disabled is freed by the kworker, which runs the transition work in the same turn: it
 * must be asleep again before the next transition is opened, or it may complete that one.
 */
function freed(k: Kernel, { shared }: ThreadsMachine): void {
  const kworker = per_cpu(k, controlActor(shared.plan, 'kworker'));
  const work = embedded(k.g, vmlinux.klp_transition_work);
  awaitWord(
    'the kworker sleeps with nothing to do',
    () =>
      READ_ONCE(k, work, delayed_work.pending) === 0 &&
      READ_ONCE(k, kworker, percpu.state) === ACTOR_STATE.delayed_work,
  );
}

function watched(k: Kernel, seen: string[]): Kernel {
  const trace = Object.create(k.trace);
  trace.emit = (ev: number, _task: number, phase: number) => {
    const name = NAMES.get(ev);
    if (name !== undefined && !(ev === EV.klp_sync && phase === PHASE.end)) seen.push(name);
  };
  const clear_idle = (kernel: Kernel) => {
    seen.push(`clear with target ${klp_target_state(kernel)}`);
    k.protocol.clear_idle(kernel);
  };
  return { ...k, trace, protocol: { ...k.protocol, clear_idle } };
}

const enable = ['start', 'complete', 'sync', 'completed', '|'];
const disable = ['start', 'complete', 'sync', 'completed', '|'];
const reverse = ['start', 'reverse', 'clear with target 1', 'sync', 'start', 'complete', 'sync', 'completed'];

const without = (list: string[], at: number) => list.filter((_, i) => i !== at);

it.each([
  ['mainline-6.12', [...enable, ...disable, ...reverse]],
  ['mainline-6.1', [...enable, ...disable, ...reverse.with(2, 'clear with target 0')]],
  ['busted-no-sync-patched', [...without(enable, 2), ...disable, ...reverse]],
  ['busted-no-sync-unpatched', [...enable, ...without(disable, 2), ...without(reverse, 6)]],
  ['busted-no-sync-reverse', [...enable, ...disable, ...without(reverse, 3)]],
])('%s', async (name, expected) => {
  expect(await steps(name)).toEqual(expected);
});
