// SPDX-License-Identifier: GPL-2.0-only
/**
 * Known concurrency bugs of the livepatch protocol and its neighbours, as single changes of the sources: what each needs
 * to show, where, and what is to be seen. The other half are changes that no tool may report.
 */
import type { Overrides } from '#src/scenario/overrides.js';
import type { Scenario } from '#src/scenario/types.js';
import { equivalents } from './bugs/equivalent.js';
import { forkBugs } from './bugs/fork.js';
import { idleBugs } from './bugs/idle.js';
import { livepatchBugs } from './bugs/livepatch.js';
import { lockingBugs } from './bugs/locking.js';
import { ownBugs } from './bugs/own.js';
import { weakBugs } from './bugs/weak.js';

/** The weakest machine that shows it: interleaving, store buffers, reordering of two writes or reads; none does. */
export type Needs = 'sc' | 'tso' | 'weak' | 'none';

export interface KnownBug {
  readonly id: string;
  /** Other names of the same change. */
  readonly also?: readonly string[];
  readonly title: string;
  readonly needs: Needs;
  /** A file of patches/ by its id, or a protocol that has the mistake. */
  readonly change: { readonly patch: string } | { readonly protocol: string };
  readonly scenario: {
    /** Name of a preset, or a file of scenarios/ by its name. */
    readonly name: string;
    readonly overrides?: Overrides;
    /** What is explored of it where that differs from what the scenario says. */
    readonly explore?: Partial<Scenario['explore']>;
  };
  /** What finds it where the default mix does not. */
  readonly scheduler?: string;
  /** Violations, any of which means that it was caught; the usual one first. Empty: there must be none. */
  readonly expected: readonly string[];
  /** What must be suspected where it breaks no rule. */
  readonly suspicion?: string;
  /** The kernel code may fail in a way that ends the machine before an oracle can tell; what it then says. */
  readonly fault?: RegExp;
  /** Caught by a soak of a few seconds on real threads; the others want a search. */
  readonly soaks: boolean;
  /** Commit, mail, or the part of the code that is missing. */
  readonly source: string;
}

export const bugs: readonly KnownBug[] = [
  ...livepatchBugs,
  ...idleBugs,
  ...forkBugs,
  ...lockingBugs,
  ...weakBugs,
  ...ownBugs,
  ...equivalents,
];

/** Known bugs that cannot be made here, and why. */
export const inexpressible: readonly { readonly id: string; readonly why: string }[] = [
  { id: 'E10', why: 'No atomic replace yet, so no function is ever a nop.' },
  {
    id: 'module-coming-going-klp-alive',
    why: 'No modules but those of livepatches: nothing comes or goes under a patch.',
  },
  { id: 'shadow-var-publish-before-init', why: 'No shadow variables yet.' },
  {
    id: 'N1',
    why: 'text_mutex has one user, ftrace under ftrace_lock: there is no second path (kprobes) to take the two in the other order.',
  },
  {
    id: 'tasklist-lock-hold-hardlockup',
    why: 'It is what mainline does, not a change of it; the hold times are in lock_stat, and no oracle has a budget for them.',
  },
  { id: 'vcpu-never-exits', why: 'No guest mode.' },
  {
    id: 'force-then-next-patch',
    why: 'By design: after force the oracles waive consistency until the next clean state.',
  },
];
