// SPDX-License-Identifier: GPL-2.0-only
/** When two violations are the same finding although one comes from a smaller scenario, or from a later transition. */
import { DATA_RACE_CODES } from '../oracle/data_race.js';
import { LOCKDEP_CODES } from '../oracle/lockdep.js';
import { SLAB_CODES } from '../oracle/slab.js';
import type { Violation } from '../oracle/violation.js';
import type { Scenario } from '../scenario/types.js';

const checked: ReadonlySet<string> = new Set([...LOCKDEP_CODES, ...DATA_RACE_CODES, ...SLAB_CODES]);

/** The signature without the names of patches and functions, and without which side a task was on. */
export function kindOf(violation: Violation, scenario: Scenario): string {
  const names = [
    ...scenario.patches.map((p) => p.name),
    ...scenario.functions.map((f) => f.name),
    'original',
  ];
  const known = new Set(names);
  return `${violation.code} ${violation.summary}`
    .replace(/[A-Za-z_][\w-]*/g, (word) => (known.has(word) ? '<name>' : word))
    .replace(/\b(UN)?PATCHED\b/g, '<state>')
    .replace(/\b(new|old)\b/g, '<side>')
    .replace(/\d+(\.\d+)?/g, '#');
}

/** Found by what looks at every access or lock, not by an oracle over the trace. */
export function isChecked(code: string): boolean {
  return checked.has(code);
}

/** Its place in the trace is not the place at which it became certain: it takes the whole execution. */
export function isOfTheEnd(code: string): boolean {
  return isChecked(code) || /^(PROG|EXPLORE|KERNEL)-/.test(code);
}

/** Somebody does not get on: a rule that was broken says more than a hang that came of it. */
export function isHang(code: string): boolean {
  return code.startsWith('PROG-');
}
