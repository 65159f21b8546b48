// SPDX-License-Identifier: GPL-2.0-only
/** What each design does to the idle tasks of an online and of an offline CPU, step by step. */
import { describe, expect, it } from 'vitest';
import { KLP_PATCHED, KLP_UNDEFINED, KLP_UNPATCHED } from '#src/kernel/abi/constants.js';
import { idle_task } from '#src/kernel/sched/rq.js';
import { protocolNames } from '#src/protocol/index.js';
import { beforeInit, idleSide, OFFLINE, putOnSide, type Side } from '../support/protocol_steps.js';

const asked: Side = { state: KLP_UNPATCHED, pending: true };
const forgotten: Side = { state: KLP_UNPATCHED, pending: false };
const switched: Side = { state: KLP_PATCHED, pending: false };
const reset: Side = { state: KLP_UNDEFINED, pending: false };

/** The idle task of the offline CPU where a design differs from mainline. */
interface Difference {
  /** After klp_init_transition and klp_start_transition. */
  readonly started?: Side;
  /** After an attempt, the online ones having switched themselves before; and whether that was taken for all. */
  readonly tried?: Side;
  readonly all?: false;
  /** After klp_complete_transition. */
  readonly completed?: Side;
}

const differences: Readonly<Record<string, Difference>> = {
  'online-only': { started: forgotten, tried: forgotten },
  'offline-auto': { started: switched },
  'hotplug-disabled': { started: switched },
  'possible-stack': { tried: asked, all: false },
  compromise: { started: switched },
  notifiers: { started: switched },
  'busted-init-online': { started: { state: KLP_UNDEFINED, pending: true } },
  'busted-start-online': { started: forgotten },
  'busted-try-online': { tried: asked, completed: { state: KLP_UNDEFINED, pending: true } },
  'busted-complete-online': { completed: switched },
  'busted-no-recheck': { started: switched },
  'busted-notifiers-klp-mutex': { started: switched },
};

describe.each(protocolNames)('%s', (name) => {
  const { started = asked, tried = switched, all = true, completed = reset } = differences[name] ?? {};

  it('starts, tries and completes', () => {
    const k = beforeInit(name);
    const p = k.protocol;
    p.init_idle(k, KLP_UNPATCHED);
    p.start_idle(k);
    expect([idleSide(k, 0), idleSide(k, 1), idleSide(k, OFFLINE)]).toEqual([asked, asked, started]);

    /* Both CPUs that are online are in their idle tasks, so nobody else may switch these. */
    if (name !== 'busted-switch-running') {
      expect(p.try_complete_idle(k)).toBe(false);
      expect([idleSide(k, 0), idleSide(k, 1)]).toEqual([asked, asked]);
    }

    for (const cpu of [0, 1]) putOnSide(k, idle_task(k, cpu), switched);
    expect(p.try_complete_idle(k)).toBe(all);
    expect(idleSide(k, OFFLINE)).toEqual(tried);

    p.complete_idle(k);
    const left = all ? completed : { ...reset, pending: true };
    expect([idleSide(k, 0), idleSide(k, OFFLINE)]).toEqual([reset, left]);
  });
});

describe('busted-switch-running', () => {
  it('switches the idle tasks of CPUs that run in them', () => {
    const k = beforeInit('busted-switch-running');
    k.protocol.init_idle(k, KLP_UNPATCHED);
    k.protocol.start_idle(k);
    expect(k.protocol.try_complete_idle(k)).toBe(true);
    expect([idleSide(k, 0), idleSide(k, OFFLINE)]).toEqual([switched, switched]);
  });
});

describe('the flags that a reversal clears', () => {
  it.each(protocolNames)('%s', (name) => {
    const k = beforeInit(name);
    for (const cpu of [0, 1, OFFLINE]) putOnSide(k, idle_task(k, cpu), asked);
    k.protocol.clear_idle(k);
    const offline = name === 'busted-clear-online' ? asked : forgotten;
    expect([idleSide(k, 0), idleSide(k, 1), idleSide(k, OFFLINE)]).toEqual([forgotten, forgotten, offline]);
  });
});
