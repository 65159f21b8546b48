// SPDX-License-Identifier: GPL-2.0-only
/** What stood still, where every actor was, and who held which lock: the part of the report about hangs. */
import { patchStateName } from '../kernel/abi/constants.js';
import type { HungFinding, PendingTask } from '../oracle/oracle.js';
import { formatTable, type Paint } from './paint.js';
import { formatCount, formatElapsed } from './units.js';

/** One actor at the time of the findings. */
export interface ActorSnapshot {
  readonly actor: number;
  /** cpu0, or the control path: livepatch. */
  readonly name: string;
  /** The state it published before it waited: spin_lock, synchronize_rcu, ... */
  readonly state: string;
  /** What it works on or waits for, as a symbol; empty if nothing. */
  readonly object: string;
  /** How long it has made no progress; null if not known. */
  readonly stuckSeconds: number | null;
  /** The task it runs: swapper/0, task 12; empty for a control path. */
  readonly task: string;
}

export interface WatchdogResult {
  readonly findings: readonly HungFinding[];
  /** All actors of the machine, not only those that stand still. */
  readonly actors: readonly ActorSnapshot[];
  /** Who holds which lock: `klp_mutex: livepatch`. */
  readonly owners: readonly string[];
}

/** The text names so many tasks of a hung transition; the JSON has them all. */
const TASKS_SHOWN = 10;

export function watchdogSection(w: WatchdogResult | null, paint: Paint): string[] {
  if (w === null) return [];
  const lines = ['Watchdog', ...w.findings.flatMap((f) => formatFinding(f, paint))];
  if (w.actors.length > 0) {
    const head = ['actor', 'state', 'on', 'for', 'task'];
    const rows = w.actors.map((a) => [a.name, a.state, a.object, formatElapsed(a.stuckSeconds), a.task]);
    lines.push(...formatTable({ head, words: [0, 1, 2, 4] }, rows, paint));
  }
  lines.push(`  locks held: ${w.owners.join(', ') || 'none'}`);
  return lines;
}

function formatFinding(f: HungFinding, paint: Paint): string[] {
  const where = f.state === '' ? '' : ` in ${f.state}`;
  const object = f.object === '' ? '' : ` on ${f.object}`;
  const lines = [
    `  ${paint.yellow(`hung ${f.kind}`)} ${f.name}${where}${object} for ${formatElapsed(f.sinceMs / 1000)}`,
  ];
  if (f.owners.length > 0) lines.push(`    held by: ${f.owners.join(', ')}`);
  for (const task of f.pendingTasks.slice(0, TASKS_SHOWN))
    lines.push(`    not switched: ${formatPending(task)}`);
  const more = f.pendingTasks.length - TASKS_SHOWN;
  if (more > 0) lines.push(`    not switched: ${formatCount(more)} more`);
  return lines;
}

function formatPending(t: PendingTask): string {
  const flag = t.pending ? 'TIF_PATCH_PENDING' : 'no TIF_PATCH_PENDING';
  const words = [`state ${t.state}`, patchStateName(t.patchState), flag];
  if (t.onCpu !== null) words.push(`on cpu${t.onCpu}`);
  if (t.blockingFunction !== null) words.push(`in ${t.blockingFunction}`);
  return `${t.name} (${words.join(', ')})`;
}
