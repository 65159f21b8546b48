// SPDX-License-Identifier: GPL-2.0-only
/** Real locks of one process under lockdep: the lab's actors take turns in this thread, as coroutines would. */
import type { Kernel } from '#src/kernel/kernel.js';
import { Lockdep } from '#src/oracle/lockdep.js';
import { createLab, type Lab, labKernel } from './locking/lab.js';

export interface LockdepLab {
  readonly lab: Lab;
  readonly lockdep: Lockdep;
  /** Handles by actor. */
  readonly k: readonly Kernel[];
  codes(): string[];
}

/** The same lockdep may watch several labs, one execution after the other. */
export function lockdepLab(lockdep: Lockdep = new Lockdep()): LockdepLab {
  const lab = createLab({ actors: 3, refcount: true });
  const k = [0, 1, 2].map((actor) => ({ ...labKernel(lab, actor), lockdep: lockdep.tracker(actor) }));
  lockdep.reset();
  return { lab, lockdep, k, codes: () => lockdep.violations.map((v) => v.code) };
}
