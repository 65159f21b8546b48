// SPDX-License-Identifier: GPL-2.0-only
/** "Did you mean": the known name nearest to a mistyped one. */
import { distance } from 'fastest-levenshtein';

/** Longer inputs are not looked at: nobody mistyped a name of 200 letters. */
const MAX_LENGTH = 100;
/** Names listed after "known:". */
const MAX_LISTED = 12;

/** The known name nearest to `name`, if it is near enough to be meant. */
export function nearest(name: string, known: Iterable<string>): string | null {
  if (name.length === 0 || name.length > MAX_LENGTH) return null;
  const wanted = name.toLowerCase();
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const other = candidate.toLowerCase();
    /* A beginning of at least three letters counts as one slip: "main" is "mainline-6.12". */
    const isStart = wanted.length >= 3 && other.startsWith(wanted);
    /* So do its letters in another order: "soka" is "soak". */
    const isOneSlip = isStart || (wanted.length === other.length && sorted(wanted) === sorted(other));
    const d = isOneSlip ? Math.min(1, distance(wanted, other)) : distance(wanted, other);
    if (d < bestDistance) {
      bestDistance = d;
      best = candidate;
    }
  }
  /* One letter that differs is not near: nothing of it is left. */
  const allowed = wanted.length < 2 ? 0 : Math.max(1, Math.floor(wanted.length / 3));
  return bestDistance <= allowed ? best : null;
}

function sorted(name: string): string {
  return [...name].sort().join('');
}

/** `: did you mean "x"? known: x, y`, to be put after "unknown thing "z"". Empty if nothing is known. */
export function suggestion(name: string, known: Iterable<string>): string {
  const names = [...known];
  const near = nearest(name, names);
  const listed = names.slice(0, MAX_LISTED).join(', ');
  const more = names.length > MAX_LISTED ? `, and ${names.length - MAX_LISTED} more` : '';
  if (names.length === 0) return ': there are none';
  if (near !== null && names.length > MAX_LISTED) return `: did you mean "${near}"?`;
  return near === null ? `; known: ${listed}${more}` : `: did you mean "${near}"? known: ${listed}${more}`;
}
