// SPDX-License-Identifier: GPL-2.0-only
/**
 * The steps in which the designs debated for idle tasks and hotplug differ. A protocol is one file under
 * src/protocol; the state machine around the steps (transition.ts) is the same for all.
 */
import type { Kernel, Task } from '../kernel.js';

/** Places that wait for livepatch's own grace period. */
export const SYNC = {
  none: 0,
  /** Unpatching, between the removal of the functions and the end of func->transition. */
  unpatched: 1,
  /** Patching, between the end of func->transition and the reset of the states. */
  patched: 2,
  /** Between the clearing of the flags and the start in the other direction. */
  reverse: 3,
} as const;

export interface Protocol {
  readonly id: string;
  readonly author: string;
  /** When it was proposed or merged. */
  readonly date: string;
  readonly source: string;
  /** What we expect of it; a hypothesis that runs decide. */
  readonly expected: string;
  /** The idea, in a sentence. */
  readonly idea: string;
  /** The objection, in a sentence. */
  readonly objection: string;

  /** 6.3 and later: cond_resched() switches a task whose stack allows it. */
  readonly cond_resched_switch: boolean;
  /** 6.3 and later: klp_reverse_transition clears flags and synchronizes before it flips the target. */
  readonly reverse_syncs_first: boolean;
  /** klp_synchronize_transition: the place whose grace period is left out. SYNC.none but in busted designs. */
  readonly omits_sync: number;

  /** klp_enable_patch and __klp_disable_patch, before klp_init_transition. 0 or -errno. */
  enter(k: Kernel): number;
  /** After klp_start_transition. */
  started(k: Kernel): void;
  /** klp_init_transition: give the idle tasks their initial state. */
  init_idle(k: Kernel, initial_state: number): void;
  /** klp_start_transition: flag the idle tasks. */
  start_idle(k: Kernel): void;
  /** klp_reverse_transition: clear the flags of the idle tasks. */
  clear_idle(k: Kernel): void;
  /** klp_try_complete_transition: try to switch the idle tasks; true if all have switched. */
  try_complete_idle(k: Kernel): boolean;
  /** All tasks have switched: last look before completion. False: not yet, retry later. */
  recheck(k: Kernel): boolean;
  /** klp_complete_transition: reset the idle tasks. */
  complete_idle(k: Kernel): void;
  /** After klp_complete_transition. */
  completed(k: Kernel): void;
  /** fork, under tasklist_lock: the child's patch_state and flag. */
  copy_process(k: Kernel, child: Task): void;
  /** A hotplug callback registered with CPUHP_FN_KLP: the CPU comes (0 or -errno) or goes. */
  cpu_coming(k: Kernel, cpu: number): number;
  cpu_going(k: Kernel, cpu: number): number;
}
