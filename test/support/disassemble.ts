// SPDX-License-Identifier: GPL-2.0-only
/** Text as words → as mnemonics, one per word: `CALL 120`. */
import * as opcodes from '#src/kernel/text/opcodes.js';

const names = new Map<number, string>();
for (const [name, value] of Object.entries(opcodes)) {
  if (name.startsWith('OP_') && typeof value === 'number') names.set(value, name.slice('OP_'.length));
}

export interface Instruction {
  readonly op: string;
  readonly operand: number;
}

export function decode(word: number): Instruction {
  const op = word >>> 24;
  return { op: names.get(op) ?? `0x${op.toString(16)}`, operand: word & opcodes.OPERAND_MASK };
}

/** Operands that only mark, and have no meaning of their own, are 0 and are left out. */
export function disassemble(words: readonly number[]): string[] {
  return words.map((word) => {
    const { op, operand } = decode(word);
    return operand === 0 ? op : `${op} ${operand}`;
  });
}
