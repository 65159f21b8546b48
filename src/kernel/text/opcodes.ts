// SPDX-License-Identifier: GPL-2.0-only
/**
 * The instruction set of simulated text. Functions, call stacks and return addresses are real words of the heap: an
 * instruction is one word, opcode in the high byte, operand in the low 24 bits. A stack holds return addresses only,
 * so the stack check compares addresses with the range of a function, as the kernel does.
 */

/** The call site at the start of a traceable function while nothing traces it: a nop. Operand: function id. */
export const OP_FENTRY = 0x01;
/** The same site while some ftrace_ops has it: a call of ftrace_caller. */
export const OP_FENTRY_CALL = 0x02;
/** Trace: a version of a function that some patch replaces begins, ends. Operand: function id * 256 + version. */
export const OP_ENTER = 0x03;
export const OP_EXIT = 0x04;
/** Operand: text address. */
export const OP_CALL = 0x05;
export const OP_RET = 0x06;
/** Operand: loop turns of plain work. */
export const OP_WORK = 0x07;
/** Skips operand & 255 words unless a draw of 16 bits is below operand >> 8. */
export const OP_CHANCE = 0x08;
/** Interruptible and uninterruptible sleep; operand: ms, SLEEP_FOREVER. Each is followed by OP_SLEEP_END. */
export const OP_SLEEP = 0x09;
export const OP_SLEEP_D = 0x0a;
export const OP_SLEEP_END = 0x0b;
/** Sleeps on a wait channel, followed by OP_WAIT_END; wakes one sleeper of it. */
export const OP_WAIT = 0x0c;
export const OP_WAIT_END = 0x0d;
export const OP_WAKE = 0x0e;
export const OP_COND_RESCHED = 0x0f;
/** Operand: program. */
export const OP_FORK = 0x10;
/** What a system call returns to: kernel exit. */
export const OP_RET_TO_USER = 0x11;
/** User mode: enters the kernel at one of the functions of table `operand`. */
export const OP_SYSCALL_RND = 0x12;
export const OP_USER_WORK = 0x13;
export const OP_JMP = 0x14;
/** User mode: counts a life down; the last one goes to OP_EXIT_TASK, which stands next, others skip it. */
export const OP_LIFE = 0x15;
export const OP_EXIT_TASK = 0x16;
/** Loop of a kthread: its switch point; a call of one of the functions of table `operand`. */
export const OP_KTHREAD_POINT = 0x17;
export const OP_CALL_RND = 0x18;
/** Loops of kworker/N and cpuhp/N: one pass, then sleep when there is nothing to do. */
export const OP_WORKER = 0x19;
export const OP_CPUHP = 0x1a;
/** End of the idle task's pass. */
export const OP_IDLE_END = 0x1b;
/** Freed text (POISON_FREE) decodes to this. */
export const OP_POISON = 0x6b;

export const OPERAND_MASK = 0xffffff;
export const SLEEP_FOREVER = OPERAND_MASK;

export function encode(op: number, operand: number): number {
  return (op << 24) | (operand & OPERAND_MASK);
}
