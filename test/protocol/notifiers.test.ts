// SPDX-License-Identifier: GPL-2.0-only
/** Hotplug in an open transition: the callback of notifiers puts idle tasks right, and hotplug-disabled refuses. */
import { expect, it } from 'vitest';
import {
  CPUHP_BP_PREPARE_DYN,
  EBUSY,
  KLP_PATCHED,
  KLP_UNDEFINED,
  KLP_UNPATCHED,
} from '#src/kernel/abi/constants.js';
import { _THIS_IP_ } from '#src/kernel/abi/lock_classes.js';
import { vmlinux } from '#src/kernel/abi/structs.js';
import { CPUHP_FN_KLP, CPUHP_FN_NONE } from '#src/kernel/cpu/callbacks.js';
import { cpu_down, cpu_up } from '#src/kernel/cpu/hotplug.js';
import type { Kernel } from '#src/kernel/kernel.js';
import { mutex_lock } from '#src/kernel/locking/mutex.js';
import { idle_task } from '#src/kernel/sched/rq.js';
import { READ_ONCE, WRITE_ONCE } from '#src/mem/heap.js';
import { element, embedded } from '#src/mem/layout.js';
import { drive } from '../support/driven_machine.js';
import { ends, idleMachine, opened, reversed } from '../support/open_transition.js';
import { beforeInit, idleSide, OFFLINE, putOnSide, type Side } from '../support/protocol_steps.js';

const asked: Side = { state: KLP_UNPATCHED, pending: true };

function registered(k: Kernel): number {
  return READ_ONCE(k, k.g, element(vmlinux.cpuhp_callbacks, CPUHP_BP_PREPARE_DYN));
}

it('notifiers: registered for as long as a transition runs; an offline idle task follows a reversal', async () => {
  await drive(idleMachine('notifiers'), (k) => {
    expect(registered(k)).toBe(CPUHP_FN_NONE);
    const patch = opened(k);
    expect(registered(k)).toBe(CPUHP_FN_KLP);
    expect(cpu_down(k, 1)).toBe(0);
    expect(idleSide(k, 1)).toEqual({ state: KLP_PATCHED, pending: false });
    expect(reversed(k, patch)).toBe(0);
    expect(idleSide(k, 1)).toEqual({ state: KLP_UNPATCHED, pending: false });
    expect(cpu_up(k, 1)).toBe(0);
    expect(ends(k, patch)).toBe(true);
    expect(registered(k)).toBe(CPUHP_FN_NONE);
  });
});

it.each([
  ['notifiers', { state: KLP_PATCHED, pending: false }],
  ['mainline-6.12', asked],
])('%s: what the callback does to the idle task of a CPU that comes or goes', (name, after) => {
  const k = beforeInit(name);
  for (const step of [k.protocol.cpu_coming, k.protocol.cpu_going]) {
    putOnSide(k, idle_task(k, OFFLINE), asked);
    expect(step(k, OFFLINE)).toBe(0);
    expect(idleSide(k, OFFLINE)).toEqual(after);
  }
});

it('notifiers: the callback leaves idle tasks alone while there is no target', () => {
  const k = beforeInit('notifiers');
  WRITE_ONCE(k, k.g, vmlinux.klp_target_state, KLP_UNDEFINED);
  expect(k.protocol.cpu_going(k, OFFLINE)).toBe(0);
  expect(idleSide(k, OFFLINE)).toEqual({ state: KLP_UNDEFINED, pending: false });
});

it('the callback can run while klp_mutex is held; that of busted-notifiers-klp-mutex cannot', () => {
  const held = (name: string) => {
    const k = beforeInit(name);
    mutex_lock(k, embedded(k.g, vmlinux.klp_mutex), _THIS_IP_.test);
    return k;
  };
  const k = held('notifiers');
  expect(k.protocol.cpu_going(k, OFFLINE)).toBe(0);
  const busted = held('busted-notifiers-klp-mutex');
  expect(() => busted.protocol.cpu_going(busted, OFFLINE)).toThrow(/klp_mutex .* a second time/);
});

it('hotplug-disabled: -EBUSY while the transition is open, and not afterwards', async () => {
  await drive(idleMachine('hotplug-disabled'), (k) => {
    const patch = opened(k);
    expect([cpu_down(k, 1), cpu_up(k, 1)]).toEqual([-EBUSY, -EBUSY]);
    expect(ends(k, patch)).toBe(true);
    expect(cpu_down(k, 1)).toBe(0);
    expect(cpu_up(k, 1)).toBe(0);
  });
});
