// SPDX-License-Identifier: GPL-2.0-only
/** The disassembler that the tests of the linker read text with. */
import { expect, it } from 'vitest';
import { POISON_FREE } from '#src/kernel/abi/constants.js';
import { encode, OP_CALL, OP_POISON, OP_RET, OPERAND_MASK } from '#src/kernel/text/opcodes.js';
import { decode, disassemble } from '../support/disassemble.js';

it('names opcodes and prints operands that are not 0', () => {
  expect(disassemble([encode(OP_CALL, 120), encode(OP_RET, 0)])).toEqual(['CALL 120', 'RET']);
  expect(decode(encode(OP_CALL, OPERAND_MASK))).toEqual({ op: 'CALL', operand: OPERAND_MASK });
});

it('shows words that are no instruction', () => {
  expect(decode(-1).op).toBe('0xff');
  expect(decode(0).op).toBe('0x0');
});

it('reads freed memory as poison', () => {
  expect(decode(POISON_FREE).op).toBe('POISON');
  expect(OP_POISON).toBe(POISON_FREE >>> 24);
});
