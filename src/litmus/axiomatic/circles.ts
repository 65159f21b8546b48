// SPDX-License-Identifier: GPL-2.0-only
/**
 * Words that threads may copy to each other in a circle, so that a value could come out of thin air. Only circles with
 * a plain access are of interest: one of marked accesses is forbidden by every model here, since each store depends
 * on the load before it.
 */
import { ORDER } from '../../engine/fibers/memory_model.js';
import { ADDRESS_BASE, type Expression, type Program, type Thread } from '../program.js';

interface Copy {
  readonly from: number;
  readonly to: number;
  readonly plain: boolean;
}

/** Registers that may hold, unchanged, what was loaded from somewhere; `plain`: by a plain load. */
interface Held {
  readonly word: number | null;
  readonly plain: boolean;
}

/** Word of an address that is a parameter, null if it is computed: then it may be any word. */
function wordOf(thread: Thread, address: Expression): number | null {
  if (address.kind !== 'register') return null;
  const assigned = thread.code.some((i) => 'target' in i && i.target === address.reg);
  const word = (thread.registers[address.reg]?.initial ?? 0) - ADDRESS_BASE;
  return assigned || word < 0 ? null : word;
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

function copiesOf(thread: Thread, words: number): Copy[] {
  const held: Held[][] = thread.registers.map(() => []);
  const copies: Copy[] = [];
  for (const i of thread.code) {
    if (i.op === 'load' || (i.op === 'rmw' && i.change.kind === 'exchange')) {
      held[i.target]?.push({ word: wordOf(thread, i.address), plain: i.order === ORDER.plain });
    }
    if (i.op === 'assign' && i.value.kind === 'register')
      held[i.target]?.push(...(held[i.value.reg] as Held[]));
    if (i.op !== 'store' && !(i.op === 'rmw' && i.change.kind === 'exchange')) continue;
    const value = i.op === 'store' ? i.value : (i.change as { readonly value: Expression }).value;
    if (value.kind !== 'register') continue;
    const target = wordOf(thread, i.address);
    for (const h of held[value.reg] as Held[]) {
      const plain = h.plain || i.order === ORDER.plain;
      for (const from of h.word === null ? range(words) : [h.word]) {
        for (const to of target === null ? range(words) : [target]) copies.push({ from, to, plain });
      }
    }
  }
  return copies;
}

/** Words on a circle of copies that has a plain access. */
export function copyCircles(program: Program): number[] {
  const n = program.words.length;
  const copies = program.threads.flatMap((t) => copiesOf(t, n));
  const reaches: boolean[][] = range(n).map((a) => range(n).map((b) => a === b));
  for (const c of copies) (reaches[c.from] as boolean[])[c.to] = true;
  for (const k of range(n)) {
    for (const a of range(n)) {
      if (!reaches[a]?.[k]) continue;
      for (const b of range(n)) if (reaches[k]?.[b]) (reaches[a] as boolean[])[b] = true;
    }
  }
  const circles = copies.filter((c) => c.plain && reaches[c.to]?.[c.from]);
  return range(n).filter((w) => circles.some((c) => reaches[c.from]?.[w] && reaches[w]?.[c.from]));
}
