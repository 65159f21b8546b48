// SPDX-License-Identifier: GPL-2.0-only
/**
 * A litmus test as a program: what every engine runs, whether it enumerates executions or steps through them.
 *
 * A thread is a list of instructions over registers. Expressions have no side effects and read registers only: each
 * access to memory inside a C expression has become an instruction of its own that fills a temporary register.
 * Control flow is `branch` and `jump`, forwards only, so a thread always ends.
 *
 * Values are integers. The address of word `i` is `ADDRESS_BASE + i`; the words of an array follow each other, so
 * pointer arithmetic is plain arithmetic. 0 is the null pointer.
 */
import { FENCE } from '../engine/fibers/memory_model.js';

/** High enough that no integer of a test is taken for an address. */
export const ADDRESS_BASE = 0x4000_0000;

/**
 * A value out of thin air: what loads and stores hold that only copy it from each other, in a circle. herd7 keeps such
 * executions, with a value that equals nothing but itself.
 */
export const THIN_AIR = 2 ** 48;

export const LITMUS_FENCE = {
  ...FENCE,
  /** barrier(): the compiler's only. */
  compiler: 7,
  after_srcu_unlock: 8,
  rcu_lock: 9,
  rcu_unlock: 10,
  /** synchronize_rcu() and its expedited form. */
  rcu_sync: 11,
} as const;
export type LitmusFence = (typeof LITMUS_FENCE)[keyof typeof LITMUS_FENCE];

export const binaryOperators = [
  '+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>', '==', '!=', '<', '>', '<=', '>=', '&&', '||',
] as const; // biome-ignore format: one row
export type BinaryOperator = (typeof binaryOperators)[number];

export type Expression =
  | { readonly kind: 'constant'; readonly value: number }
  /** `reg` is an index into the thread's registers. */
  | { readonly kind: 'register'; readonly reg: number }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    };

/** What a read-modify-write does with the value it read. */
export type Change =
  | { readonly kind: 'exchange'; readonly value: Expression }
  | { readonly kind: 'arithmetic'; readonly operator: BinaryOperator; readonly operand: Expression }
  /** Writes `value` if the word is `expected`. */
  | { readonly kind: 'compare'; readonly expected: Expression; readonly value: Expression }
  /** Adds `operand` unless the word is `limit`. */
  | { readonly kind: 'add_unless'; readonly operand: Expression; readonly limit: Expression };

interface Common {
  /** Line in the file, for messages. */
  readonly line: number;
  /**
   * Number of the C statement that this is part of. Instructions of one statement are in program order only as far
   * as one uses what another fetched; statements are in program order.
   */
  readonly statement: number;
}

export type Instruction = Common &
  (
    | { readonly op: 'assign'; readonly target: number; readonly value: Expression }
    /** `order`: plain, once, acquire, dereference of ORDER (engine/fibers/memory_model). */
    | { readonly op: 'load'; readonly target: number; readonly address: Expression; readonly order: number }
    /** `order`: plain, once, release. */
    | {
        readonly op: 'store';
        readonly address: Expression;
        readonly value: Expression;
        readonly order: number;
      }
    /**
     * `result`: what `target` gets: the value before, the one after, or whether the word was changed; none for the
     * forms that return nothing, whose read smp_rmb does not order. `order`: once, acquire, release, full; a `compare`
     * or `add_unless` that changes nothing is `once`.
     */
    | {
        readonly op: 'rmw';
        readonly target: number;
        readonly address: Expression;
        readonly change: Change;
        readonly result: 'old' | 'new' | 'changed' | 'none';
        readonly order: number;
      }
    | { readonly op: 'fence'; readonly fence: LitmusFence }
    | { readonly op: 'lock' | 'unlock'; readonly address: Expression }
    /** 1 in `target`: taken, resp. it is locked; else 0. */
    | { readonly op: 'trylock' | 'is_locked'; readonly target: number; readonly address: Expression }
    /** `target` gets the number to be passed to the unlock. */
    | { readonly op: 'srcu_lock'; readonly target: number; readonly address: Expression }
    | { readonly op: 'srcu_unlock'; readonly address: Expression; readonly index: Expression }
    | { readonly op: 'srcu_sync'; readonly address: Expression }
    /**
     * Goes on at the next instruction if `condition` is not 0, else at `otherwise`. Both ways meet at `join`: what
     * stands before it depends on the condition, what stands from there on does not (herd's rule for structured ifs).
     */
    | {
        readonly op: 'branch';
        readonly condition: Expression;
        readonly otherwise: number;
        readonly join: number;
      }
    | { readonly op: 'jump'; readonly to: number }
  );

export interface Register {
  readonly name: string;
  /** Value at the start; parameters hold the address of the word of their name. */
  readonly initial: number;
  /** Filled by a part of an expression and not named in the test. */
  readonly temporary: boolean;
}

export interface Thread {
  readonly index: number;
  readonly registers: readonly Register[];
  readonly code: readonly Instruction[];
}

/** A word of shared memory. */
export interface Word {
  /** `x`, or `a[1]`. */
  readonly name: string;
  readonly initial: number;
}

/** What a condition speaks of: a word of memory, or a register of a thread (-1: one that the thread does not have). */
export type Place =
  | { readonly kind: 'word'; readonly word: number; readonly text: string }
  | { readonly kind: 'register'; readonly thread: number; readonly reg: number; readonly text: string };

export type Condition =
  | { readonly kind: 'true' | 'false' }
  | { readonly kind: 'equal' | 'differ'; readonly left: Place; readonly right: Place | number }
  | { readonly kind: 'not'; readonly inner: Condition }
  | { readonly kind: 'and' | 'or' | 'implies'; readonly left: Condition; readonly right: Condition };

export type Quantifier = 'exists' | '~exists' | 'forall';

/** What the header says that herd7 finds. */
export type Expected = 'Never' | 'Sometimes' | 'Always' | 'DEADLOCK' | 'DATARACE' | 'Maybe';

export interface Program {
  readonly name: string;
  readonly expected: Expected | null;
  /** The header says that there is a data race. */
  readonly expectsRace: boolean;
  readonly words: readonly Word[];
  readonly threads: readonly Thread[];
  readonly quantifier: Quantifier;
  readonly condition: Condition;
  /** Executions whose end does not satisfy it are not looked at. */
  readonly filter: Condition | null;
  /** What a final state is told by: the condition's places and those of `locations`, in the order of the text. */
  readonly observed: readonly Place[];
}
