// SPDX-License-Identifier: GPL-2.0-only
/**
 * Which loads of a thread give an address to a later load. LKMM orders the two; a machine that runs in program order
 * has to be told (stores after a load come after it anyhow). Registers are followed through the code without looking
 * at conditions, so that rather too many are found than too few.
 */
import type { Expression, Instruction, Thread } from '../program.js';

function registersOf(expression: Expression, into: Set<number>): Set<number> {
  if (expression.kind === 'register') into.add(expression.reg);
  else if (expression.kind === 'binary') {
    registersOf(expression.left, into);
    registersOf(expression.right, into);
  }
  return into;
}

const reads = new Set(['load', 'rmw', 'lock', 'trylock', 'is_locked', 'srcu_lock']);
const fills = new Set(['load', 'rmw', 'trylock', 'is_locked', 'srcu_lock']);

/** Of each instruction: whether it reads a word and an address of a later read is computed from that. */
export function addressDependencies(thread: Thread): boolean[] {
  /* For each register the reads that its value may come from. */
  const from = thread.registers.map(() => new Set<number>());
  const found = thread.code.map(() => false);
  const branches = thread.code.some((i) => i.op === 'branch');
  const origins = (expression: Expression): Set<number> => {
    const all = new Set<number>();
    for (const reg of registersOf(expression, new Set())) for (const read of from[reg] ?? []) all.add(read);
    return all;
  };
  const give = (target: number, origin: Set<number>): void => {
    const before = from[target];
    if (before === undefined) return;
    from[target] = branches ? new Set([...before, ...origin]) : origin;
  };
  thread.code.forEach((i: Instruction, at) => {
    if (reads.has(i.op) && 'address' in i) for (const read of origins(i.address)) found[read] = true;
    if (i.op === 'assign') give(i.target, origins(i.value));
    else if (fills.has(i.op) && 'target' in i) give(i.target, new Set([at]));
  });
  return found;
}
