// SPDX-License-Identifier: GPL-2.0-only
/** What fork gives a child: its thread flags were copied some time before, its parent may have changed since. */
import { describe, expect, it } from 'vitest';
import { KLP_PATCHED, KLP_UNDEFINED, KLP_UNPATCHED } from '#src/kernel/abi/constants.js';
import { vmlinux } from '#src/kernel/abi/structs.js';
import { WRITE_ONCE } from '#src/mem/heap.js';
import { protocolNames } from '#src/protocol/index.js';
import { bootedMachine, tasksOf } from '../support/booted_machine.js';
import { putOnSide, type Side, sideOfTask } from '../support/protocol_steps.js';
import { tinyScenario } from '../support/tiny_scenario.js';

const asked: Side = { state: KLP_UNPATCHED, pending: true };
const switched: Side = { state: KLP_PATCHED, pending: false };
const none: Side = { state: KLP_UNDEFINED, pending: false };

function forked(protocol: string, target: number, parentSide: Side, copiedEarly: boolean): Side {
  const machine = bootedMachine(tinyScenario({ machine: { protocol } }));
  const { k } = machine;
  const [parent, child] = tasksOf(machine);
  if (parent === undefined || child === undefined) throw new Error('the scenario has two tasks');
  k.current = parent;
  WRITE_ONCE(k, k.g, vmlinux.klp_target_state, target);
  putOnSide(k, parent, parentSide);
  putOnSide(k, child, { state: KLP_UNDEFINED, pending: copiedEarly });
  k.protocol.copy_process(k, child);
  return sideOfTask(k, child);
}

const healthy = protocolNames.filter(
  (name) => !['mainline-4.12', 'fork-fix-v1', 'busted-fork-flag-only'].includes(name),
);

describe('flag and state of a child', () => {
  it.each(healthy)('%s: are those of its parent, together', (name) => {
    for (const early of [false, true]) {
      expect(forked(name, KLP_PATCHED, asked, early)).toEqual(asked);
      expect(forked(name, KLP_PATCHED, switched, early)).toEqual(switched);
      expect(forked(name, KLP_PATCHED, none, early)).toEqual(none);
    }
  });

  it('mainline-4.12: the flag is the one that was copied early', () => {
    expect(forked('mainline-4.12', KLP_PATCHED, switched, true)).toEqual({ ...switched, pending: true });
    expect(forked('mainline-4.12', KLP_UNPATCHED, switched, false)).toEqual(switched);
  });

  it('fork-fix-v1: a flag is set while a transition ends, when the states are reset and the target is not', () => {
    expect(forked('fork-fix-v1', KLP_PATCHED, asked, false)).toEqual(asked);
    expect(forked('fork-fix-v1', KLP_PATCHED, switched, true)).toEqual(switched);
    expect(forked('fork-fix-v1', KLP_PATCHED, none, false)).toEqual({ ...none, pending: true });
  });

  it('busted-fork-flag-only: there is no state', () => {
    expect(forked('busted-fork-flag-only', KLP_PATCHED, asked, false)).toEqual({ ...none, pending: true });
  });
});
