// SPDX-License-Identifier: GPL-2.0-only
/**
 * Wakeup trees: the beginnings of executions that are still to be explored from a state. Abdulla, Aronis, Jonsson,
 * Sagonas, "Source sets: a foundation for optimal dynamic partial order reduction", JACM 64(4), 2017, section 6.
 */
import { dependent, type Footprint } from './operations.js';

/** A step of a beginning, and those that may follow it, in the order in which they are explored. */
export interface Branch extends Footprint {
  readonly actor: number;
  access: number;
  readonly addr: number;
  readonly more: readonly number[];
  children: Branch[];
}

const NO = -2;
const ABSENT = -1;

/**
 * Adds `sequence` below `level` unless a beginning there already leads to an equivalent execution. The first `skip`
 * branches of the level are left alone. `sequence` is used up. True if something was added.
 */
export function insert(level: Branch[], skip: number, sequence: Branch[]): boolean {
  let branches = level;
  let from = skip;
  for (;;) {
    const found = descend(branches, from, sequence);
    if (found === null) break;
    if (found.children.length === 0) return false;
    branches = found.children;
    from = 0;
  }
  for (let i = 0; i + 1 < sequence.length; i++) {
    (sequence[i] as Branch).children = [sequence[i + 1] as Branch];
  }
  branches.push(sequence[0] as Branch);
  return true;
}

/** The first branch that can be the beginning of something equivalent to `sequence`; it is taken out of that. */
function descend(branches: readonly Branch[], from: number, sequence: Branch[]): Branch | null {
  for (let i = from; i < branches.length; i++) {
    const branch = branches[i] as Branch;
    const place = initial(branch, sequence);
    if (place === NO) continue;
    if (place !== ABSENT) sequence.splice(place, 1);
    return branch;
  }
  return null;
}

/** Place in `sequence` of the step of this branch if nothing before is dependent; ABSENT if nothing there is. */
function initial(branch: Branch, sequence: readonly Branch[]): number {
  for (let i = 0; i < sequence.length; i++) {
    const step = sequence[i] as Branch;
    if (step.actor === branch.actor) {
      for (let j = 0; j < i; j++) if (dependent(sequence[j] as Branch, step)) return NO;
      return i;
    }
  }
  for (const step of sequence) if (dependent(step, branch)) return NO;
  return ABSENT;
}
