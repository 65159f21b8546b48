// SPDX-License-Identifier: GPL-2.0-only
/** The designs that disable hotplug: when, that every disable has its enable, and what their last look finds. */
import { describe, expect, it } from 'vitest';
import { KLP_PATCHED, KLP_UNPATCHED } from '#src/kernel/abi/constants.js';
import { vmlinux } from '#src/kernel/abi/structs.js';
import type { Kernel } from '#src/kernel/kernel.js';
import { idle_task } from '#src/kernel/sched/rq.js';
import { load } from '#src/mem/heap.js';
import { beforeInit, idleSide, OFFLINE, putOnSide, type Side } from '../support/protocol_steps.js';

const asked: Side = { state: KLP_UNPATCHED, pending: true };
const switched: Side = { state: KLP_PATCHED, pending: false };

function disabled(k: Kernel): number {
  return load(k, k.g, vmlinux.cpu_hotplug_disabled);
}

describe.each([
  ['hotplug-disabled', [1, 1, 1, 1, 0]],
  ['compromise', [1, 1, 0, 1, 0]],
  ['notifiers', [1, 1, 0, 1, 0]],
  ['busted-no-recheck', [1, 1, 0, 0, 0]],
  ['mainline-6.12', [0, 0, 0, 0, 0]],
])('%s', (name, expected) => {
  it('disables hotplug for its parts of a transition, and enables it again', () => {
    const k = beforeInit(name);
    const p = k.protocol;
    const seen: number[] = [];
    expect(p.enter(k)).toBe(0);
    seen.push(disabled(k));
    p.init_idle(k, KLP_UNPATCHED);
    p.start_idle(k);
    seen.push(disabled(k));
    p.started(k);
    seen.push(disabled(k));
    for (const cpu of [0, 1]) putOnSide(k, idle_task(k, cpu), switched);
    expect(p.try_complete_idle(k)).toBe(true);
    expect(p.recheck(k)).toBe(true);
    seen.push(disabled(k));
    p.complete_idle(k);
    p.completed(k);
    seen.push(disabled(k));
    expect(seen).toEqual(expected);
  });

  it('enables it again when enabling is cancelled, and after a reversal', () => {
    const k = beforeInit(name);
    k.protocol.enter(k);
    k.protocol.init_idle(k, KLP_UNPATCHED);
    k.protocol.completed(k);
    expect(disabled(k)).toBe(0);
    k.protocol.clear_idle(k);
    k.protocol.start_idle(k);
    expect(disabled(k)).toBe(0);
  });
});

describe('the last look of compromise', () => {
  const allButOne = (name: string) => {
    const k = beforeInit(name);
    putOnSide(k, idle_task(k, 0), switched);
    for (const cpu of [1, OFFLINE]) putOnSide(k, idle_task(k, cpu), asked);
    return k;
  };

  it('finds the idle task of a CPU that came up, and lets hotplug go', () => {
    const k = allButOne('compromise');
    expect(k.protocol.recheck(k)).toBe(false);
    expect([disabled(k), idleSide(k, OFFLINE)]).toEqual([0, asked]);
  });

  it('switches the idle task of a CPU that went down, when all others have switched', () => {
    const k = allButOne('compromise');
    putOnSide(k, idle_task(k, 1), switched);
    expect(k.protocol.recheck(k)).toBe(true);
    expect([disabled(k), idleSide(k, OFFLINE)]).toEqual([1, switched]);
  });

  it('busted-no-recheck: finds neither', () => {
    const k = allButOne('busted-no-recheck');
    expect(k.protocol.recheck(k)).toBe(true);
    expect([idleSide(k, 1), idleSide(k, OFFLINE)]).toEqual([asked, asked]);
  });
});
