// SPDX-License-Identifier: GPL-2.0-only
import { UNMAPPED_WORDS } from '../mem/layout.js';

/** Thrown out of kernel code: an access to a word that the machine does not have, in the words of an Oops. */
export function pageFault(addr: number): never {
  const hex = Number.isInteger(addr) ? `0x${((addr * 4) >>> 0).toString(16).padStart(8, '0')}` : '?';
  throw new Error(
    addr >= 0 && addr < UNMAPPED_WORDS
      ? `BUG: kernel NULL pointer dereference, address: ${hex}`
      : `BUG: unable to handle page fault for address: ${hex}`,
  );
}
