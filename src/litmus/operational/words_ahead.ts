// SPDX-License-Identifier: GPL-2.0-only
/** Which words a thread may still access, from each place of its code on. Code goes forwards only. */
import { ADDRESS_BASE, type Thread } from '../program.js';

export type Ahead = ReadonlySet<number> | 'any';

/** For each instruction, and for the end. */
export function wordsAhead(thread: Thread): Ahead[] {
  const assigned = new Set(thread.code.flatMap((i) => ('target' in i ? [i.target] : [])));
  const ahead: Ahead[] = [new Set()];
  for (const i of [...thread.code].reverse()) {
    const later = ahead[0] as Ahead;
    if (later === 'any' || !('address' in i)) ahead.unshift(later);
    else if (i.address.kind !== 'register' || assigned.has(i.address.reg)) ahead.unshift('any');
    else ahead.unshift(new Set([...later, (thread.registers[i.address.reg]?.initial ?? 0) - ADDRESS_BASE]));
  }
  return ahead;
}
