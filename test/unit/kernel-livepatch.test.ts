// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { EBUSY, EINVAL } from '#src/kernel/abi/constants.js';
import { klp_patch, vmlinux } from '#src/kernel/abi/structs.js';
import type { Kernel } from '#src/kernel/kernel.js';
import {
  enabled_store,
  force_store,
  free_module,
  klp_enable_patch,
  klp_in_transition,
  load_module,
} from '#src/kernel/livepatch/core.js';
import type { Patch } from '#src/kernel/livepatch/transition.js';
import { load, READ_ONCE, WRITE_ONCE } from '#src/mem/heap.js';
import { awaitWord, drive, quiet } from '../support/driven_machine.js';
import { ends, idleMachine, opened } from '../support/open_transition.js';

function settled(k: Kernel, patch: Patch): void {
  awaitWord('the transition ends', () => !klp_in_transition(k, patch));
}

describe('livepatch on real threads', () => {
  it('enables two patches on one function and disables the lower one first', async () => {
    await drive(quiet('default', {}), (k) => {
      const one = load_module(k, 0);
      const two = load_module(k, 1);
      expect(klp_enable_patch(k, one)).toBe(0);
      settled(k, one);
      expect(klp_enable_patch(k, two)).toBe(0);
      settled(k, two);
      expect(enabled_store(k, one, 1)).toBe(-EINVAL);
      expect(enabled_store(k, one, 0)).toBe(0);
      settled(k, one);
      expect(free_module(k, one, true)).toBe(true);
      expect(enabled_store(k, two, 0)).toBe(0);
      settled(k, two);
      expect(free_module(k, two, true)).toBe(true);
    });
  });

  it('refuses a second transition, reverses the first, and cannot force what is not in transition', async () => {
    /* Retries far apart, so that the transition lasts as long as the test needs. */
    await drive(quiet('default', { retryMs: 200 }), (k) => {
      const one = load_module(k, 0);
      const two = load_module(k, 1);
      expect(force_store(k, one)).toBe(-EINVAL);
      let reversed = 0;
      for (let round = 0; round < 200 && reversed === 0; round++) {
        const patch = round === 0 ? one : load_module(k, 0);
        expect(klp_enable_patch(k, patch)).toBe(0);
        if (klp_in_transition(k, patch)) {
          expect(klp_enable_patch(k, two)).toBe(-EBUSY);
          expect(enabled_store(k, patch, 0)).toBe(0);
          expect(load(k, patch, klp_patch.enabled)).toBe(0);
          reversed++;
        } else {
          expect(enabled_store(k, patch, 0)).toBe(0);
        }
        settled(k, patch);
        expect(free_module(k, patch, true)).toBe(true);
      }
      expect(reversed).toBe(1);
    });
  });

  it('never enables a disabled patch again, and disables none while another is in transition', async () => {
    await drive(idleMachine('mainline-6.12'), (k) => {
      const one = opened(k, 0);
      expect(ends(k, one)).toBe(true);
      const two = opened(k, 1);
      expect(enabled_store(k, one, 0)).toBe(-EBUSY);
      expect(ends(k, two)).toBe(true);
      expect(enabled_store(k, one, 0)).toBe(0);
      expect(ends(k, one)).toBe(true);
      expect(enabled_store(k, two, 0)).toBe(0);
      expect(enabled_store(k, one, 1)).toBe(-EINVAL);
      expect(ends(k, two)).toBe(true);
    });
  });

  it('keeps the module of a patch whose removal was forced', async () => {
    await drive(quiet('default', { retryMs: 200 }), (k) => {
      let forced = false;
      for (let round = 0; round < 200 && !forced; round++) {
        const patch = load_module(k, 0);
        expect(klp_enable_patch(k, patch)).toBe(0);
        settled(k, patch);
        expect(enabled_store(k, patch, 0)).toBe(0);
        if (klp_in_transition(k, patch)) forced = force_store(k, patch) === 0;
        settled(k, patch);
        expect(free_module(k, patch, true)).toBe(!forced);
      }
      expect(forced).toBe(true);
    });
  });

  it('cancels an enabling that ftrace refuses, and leaves nothing behind', async () => {
    await drive(quiet('default', {}), (k) => {
      WRITE_ONCE(k, k.g, vmlinux.ftrace_enabled, 0);
      const patch = load_module(k, 0);
      expect(klp_enable_patch(k, patch)).toBe(-EBUSY);
      expect(READ_ONCE(k, k.g, vmlinux.klp_transition_patch)).toBe(0);
      expect(free_module(k, patch, false)).toBe(true);
      WRITE_ONCE(k, k.g, vmlinux.ftrace_enabled, 1);
      const again = load_module(k, 0);
      expect(klp_enable_patch(k, again)).toBe(0);
      settled(k, again);
    });
  });
});
