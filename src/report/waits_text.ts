// SPDX-License-Identifier: GPL-2.0-only
/** Who waits for whom, as a list and as a circle. */
import type { Paint } from './paint.js';

export interface Waiting {
  readonly actor: string;
  /** The named state in which it waits: mutex_lock, rwsem_read, ... */
  readonly state: string;
  /** `klp_mutex` */
  readonly object: string;
  /** Who holds it, or waits to take it before this one; empty: nobody is known. */
  readonly by: readonly string[];
  readonly isPending: boolean;
  readonly holds: readonly { readonly lock: string; readonly by: string }[];
  /** Functions that it has called, innermost first. */
  readonly stack: readonly string[];
}

export interface WaitsFor {
  readonly waiting: readonly Waiting[];
  /** Actors and what they wait for, in turn, the first actor again at the end. Empty: there is no circle. */
  readonly circle: readonly string[];
}

export function formatWaits({ waiting, circle }: WaitsFor, paint: Paint): string[] {
  const lines = ['who waits for whom'];
  const width = Math.max(...waiting.map((w) => w.actor.length));
  for (const w of waiting) {
    const by =
      w.by.length === 0 ? 'nobody holds it' : `${w.isPending ? 'after' : 'held by'} ${w.by.join(', ')}`;
    lines.push(`  ${paint.bold(w.actor.padEnd(width))}  waits in ${w.state} for ${w.object}, ${by}`);
    const indent = ' '.repeat(width + 4);
    if (w.stack.length > 0) lines.push(`${indent}${paint.dim(w.stack.join(' < '))}`);
    if (w.holds.length > 0) {
      lines.push(`${indent}holds ${w.holds.map((h) => `${h.lock} (${h.by})`).join(', ')}`);
    }
  }
  if (circle.length > 0) lines.push(`  circle: ${paint.bold(circle.join(' -> '))}`);
  return lines;
}
