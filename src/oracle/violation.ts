// SPDX-License-Identifier: GPL-2.0-only
/** What oracles find: plain data, never an exception. */

/** One place in the trace. */
export interface Site {
  /** What happened there, in the reader's terms: `new g`, `switched`. */
  readonly label: string;
  /** Trace clock. */
  readonly seq: number;
  readonly actor: number;
  /** The event in words. */
  readonly text: string;
  /** Functions that had been called, innermost first, where that is known. */
  readonly stack?: readonly string[];
  /** Number of the execution, where it may be another one than that of the finding. */
  readonly execution?: number;
}

export interface Violation {
  /** KLP-MIX, CPUHP-OVERLAP, ...: the rule. */
  readonly code: string;
  /** What the task did, as the rest of a sentence that begins with its name; names functions, patches and tasks. */
  readonly summary: string;
  /** In trace order. */
  readonly sites: readonly Site[];
  /** Pid as in the trace; null if no task is to be named. */
  readonly task: number | null;
  /** Actor on which it happened; null if that says nothing. */
  readonly cpu: number | null;
  /** Trace clock at which it was certain. */
  readonly seq: number;
  readonly hint?: string;
  /** How often this one was seen; the rest of the record is of the first time. */
  readonly count: number;
}

/**
 * Why a task may hold a transition up: it was about to switch; it got no turn; it stays in a function that is replaced;
 * it is a kthread that sleeps, or that runs, away from switch points; it is another task away from them.
 */
export type Excuse = 'switching' | 'no-turn' | 'in-function' | 'kthread-asleep' | 'kthread-running' | 'away';

/** Something that breaks no rule by itself. */
export interface Suspicion {
  readonly code: string;
  readonly text: string;
  readonly count: number;
  /** True: with this a run cannot be a pass. */
  readonly doubt: boolean;
  /** Of those who hold a transition up, where it is that. */
  readonly excuses?: readonly Excuse[];
}

/** Different violations of one code that are kept; more are only counted. */
export const MAX_PER_CODE = 20;

type Counted = { -readonly [K in keyof Violation]: Violation[K] };

/** Collects violations: one record for each code and signature, with a count. */
export class Findings {
  readonly list: Counted[] = [];
  /** Violations that were not kept since their code had too many different ones. */
  suppressed = 0;
  private readonly bySignature = new Map<string, Counted>();
  private readonly perCode = new Map<string, number>();

  /**
   * `signature` tells apart what a reader would take for different findings: functions and patches, but not task ids.
   * `build` is called for the first of its kind only.
   */
  add(code: string, signature: string, build: () => Omit<Violation, 'code' | 'count'>): void {
    const key = `${code} ${signature}`;
    const known = this.bySignature.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    const ofCode = this.perCode.get(code) ?? 0;
    if (ofCode >= MAX_PER_CODE) {
      this.suppressed++;
      return;
    }
    this.perCode.set(code, ofCode + 1);
    const violation = { code, ...build(), count: 1 };
    this.bySignature.set(key, violation);
    this.list.push(violation);
  }
}
