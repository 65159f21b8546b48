// SPDX-License-Identifier: GPL-2.0-only
/** A violation in the form that can be acted on: what, by which task, the places in trace order, and where to look. */
import type { Violation } from '../oracle/violation.js';
import type { Paint } from './paint.js';
import { formatPlural } from './units.js';

/** Gives an actor's name: cpu1, or the control path. */
export type ActorName = (actor: number) => string;

/** Names from the actors of a run; one that is not among them is taken for a CPU. */
export function actorNames(actors: readonly { readonly actor: number; readonly name: string }[]): ActorName {
  const names = new Map(actors.map((a) => [a.actor, a.name]));
  return (actor) => names.get(actor) ?? `cpu${actor}`;
}

/** Tasks of the trace: pids above 0, swapper/N is -(1+N), the control path of actor n is -(100+n). */
export function taskName(pid: number, nameOf: ActorName): string {
  if (pid > 0) return `task ${pid}`;
  if (pid <= -100) return nameOf(-pid - 100);
  return pid < 0 ? `swapper/${-pid - 1}` : 'no task';
}

/** Lines: code and summary, the sites indented, then the hint and how often it was seen. */
export function formatViolation(v: Violation, nameOf: ActorName, paint: Paint): string[] {
  const lines = [`${paint.bold(paint.red(v.code))} ${who(v, nameOf)}${v.summary}`];
  const labelWidth = Math.max(0, ...v.sites.map((s) => s.label.length));
  const seqWidth = Math.max(0, ...v.sites.map((s) => String(s.seq).length));
  const several = new Set(v.sites.map((s) => s.execution)).size > 1;
  for (const site of v.sites) {
    const seq = ' '.repeat(seqWidth - String(site.seq).length) + paint.cyan(`#${site.seq}`);
    const where = several ? `, in execution ${site.execution}` : '';
    lines.push(
      `  ${site.label.padEnd(labelWidth)}  ${seq} ${nameOf(site.actor)} ${site.text}${where}`.trimEnd(),
    );
    if (site.stack !== undefined && site.stack.length > 0) {
      lines.push(
        `  ${' '.repeat(labelWidth)}  ${' '.repeat(seqWidth + 1)} ${paint.dim(site.stack.join(' < '))}`,
      );
    }
  }
  if (v.hint !== undefined) lines.push(`  hint: ${v.hint}`);
  if (v.count > 1) lines.push(`  seen ${formatPlural(v.count, 'time', 'times')}; this is the first`);
  return lines;
}

/** `task 12 (cpu1) `: what the summary goes on from. */
function who(v: Violation, nameOf: ActorName): string {
  if (v.task === null) return '';
  const task = taskName(v.task, nameOf);
  return v.cpu === null ? `${task} ` : `${task} (${nameOf(v.cpu)}) `;
}
