// SPDX-License-Identifier: GPL-2.0-only
/** Where each design waits for livepatch's own grace period, and when a reversal changes the target. */
import { expect, it } from 'vitest';
import type { Kernel } from '#src/kernel/kernel.js';
import { enabled_store } from '#src/kernel/livepatch/core.js';
import { klp_target_state } from '#src/kernel/livepatch/transition.js';
import { EV, PHASE } from '#src/trace/events.js';
import { drive } from '../support/driven_machine.js';
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
  let told = 0;
  await drive(idleMachine(protocol), (original) => {
    const k = watched(original, seen);
    const patch = opened(k);
    ends(k, patch);
    seen.push('|');
    enabled_store(k, patch, 0);
    ends(k, patch);
    seen.push('|');
    const again = opened(k);
    reversed(k, again);
    /* The rest may also be made by the kworker, which a reversal wakes. */
    told = seen.length;
    ends(k, again);
  });
  return seen.slice(0, told);
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
const reverse = ['start', 'reverse', 'clear with target 1', 'sync', 'start'];

const without = (list: string[], at: number) => list.filter((_, i) => i !== at);

it.each([
  ['mainline-6.12', [...enable, ...disable, ...reverse]],
  ['mainline-6.1', [...enable, ...disable, ...reverse.with(2, 'clear with target 0')]],
  ['busted-no-sync-patched', [...without(enable, 2), ...disable, ...reverse]],
  ['busted-no-sync-unpatched', [...enable, ...without(disable, 2), ...reverse]],
  ['busted-no-sync-reverse', [...enable, ...disable, ...without(reverse, 3)]],
])('%s', async (name, expected) => {
  expect(await steps(name)).toEqual(expected);
});
