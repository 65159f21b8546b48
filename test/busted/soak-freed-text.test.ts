// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import type { ThreadsMachine } from '#src/engine/threads/machine.js';
import { POISON_FREE } from '#src/kernel/abi/constants.js';
import { klp_patch, vmlinux } from '#src/kernel/abi/structs.js';
import { preset, soakUntil } from '../support/soaking.js';

/** Poisons the text of the first enabled patch, as a module freed too early would be. True when there was one. */
function poisonFirstModule({ k }: ThreadsMachine): boolean {
  const head = k.g + vmlinux.klp_patches;
  const first = Atomics.load(k.i32, head);
  if (first === head || Atomics.load(k.i32, k.g + vmlinux.klp_transition_patch) !== 0) return false;
  const patch = first - klp_patch.list;
  const text = Atomics.load(k.i32, patch + klp_patch.text);
  k.i32.fill(POISON_FREE, text, text + Atomics.load(k.i32, patch + klp_patch.text_words));
  return true;
}

it('text that is freed while in use is caught on real threads as KLP-UAF', async () => {
  let machine: ThreadsMachine | null = null;
  let poisoned = false;
  const result = await soakUntil(preset('default', {}), {
    code: 'KLP-UAF',
    onMachine: (m) => {
      machine = m;
    },
    enough: ({ counts }) => {
      if (!poisoned && counts.completed > 0 && machine !== null) poisoned = poisonFirstModule(machine);
      return false;
    },
  });
  expect(poisoned).toBe(true);
  expect(result.verdict).toBe('fail');
  expect(result.violations.map((v) => v.code)).toContain('KLP-UAF');
});
