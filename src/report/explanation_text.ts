// SPDX-License-Identifier: GPL-2.0-only
/** Why a violation comes, in sentences: which accesses, in which order, and whether another order is right. */
import type { Paint } from './paint.js';
import { formatTimeline, type Timeline } from './timeline_text.js';
import { formatWaits, type WaitsFor } from './waits_text.js';

export interface ExplainedAccess {
  /** Place in the story, from 1. */
  readonly nr: number;
  readonly step: number;
  readonly actor: string;
  /** `READ cpu_online_mask = {0}` */
  readonly what: string;
  readonly word: string;
  readonly fn: string;
  /** `idle_steps.ts:30` */
  readonly place: string;
}

/** How many of so many random schedules show the violation. */
export interface Rate {
  readonly fails: number;
  readonly of: number;
}

/** `first` comes before `second`: numbers of accesses. */
export interface Constraint {
  readonly first: number;
  readonly second: number;
  readonly word: string;
  /** With this order turned round and the others kept. */
  readonly turned: Rate;
}

export interface Explanation {
  readonly code: string;
  readonly summary: string;
  /** The rule that is broken, in a sentence. */
  readonly rule: string;
  /**
   * orders: it takes the constraints. always: nearly every schedule shows it. unknown: no small set decides; the
   * constraints are those of the set that came nearest, if one came near.
   */
  readonly verdict: 'orders' | 'always' | 'unknown';
  readonly constraints: readonly Constraint[];
  readonly accesses: readonly ExplainedAccess[];
  /** In random schedules without any order kept, and with all of them kept. */
  readonly free: Rate;
  readonly together: Rate;
  /** Sets of orders that were tried. */
  readonly sets: number;
  /** Operations up to which all those schedules were as the one that is shown. */
  readonly from: number;
  /** Executions that the explanation took. */
  readonly executions: number;
  readonly timeline: Timeline;
  /** At the end, where nobody can go on; null otherwise. */
  readonly waits: WaitsFor | null;
}

export function formatExplanation(e: Explanation, paint: Paint, width = 110): string[] {
  const waits = e.waits === null ? [] : [...formatWaits(e.waits, paint), ''];
  return [...waits, ...formatReason(e, paint, width), '', ...formatTimeline(e.timeline, paint, width)];
}

function formatReason(e: Explanation, paint: Paint, width: number): string[] {
  const which = e.from > 0 ? `random schedules from operation ${e.from} on` : 'random schedules';
  if (e.verdict === 'always') {
    const every = e.free.fails === e.free.of ? 'every schedule shows it' : 'nearly every schedule shows it';
    return [`why: ${every}: ${rate(e.free)} ${which}`];
  }
  const unknown = `why: no few orders decide; ${rate(e.free)} ${which} show it; ${e.sets} sets of orders were tried`;
  if (e.verdict === 'unknown' && e.constraints.length === 0) return [unknown];
  const lines =
    e.verdict === 'unknown' ? [unknown, '  this one came nearest:'] : ['why: it takes this order'];
  const actorWidth = Math.max(...e.accesses.map((a) => a.actor.length)) + 1;
  for (const a of e.accesses) {
    const line = `  ${`${a.nr}.`} ${`${a.actor}:`.padEnd(actorWidth)} ${a.what}`;
    const place = `(${a.fn}, ${a.place})`;
    const fits = line.length + place.length + 2 <= width;
    lines.push(...(fits ? [`${line}  ${place}`] : [line, `${' '.repeat(actorWidth + 6)}${place}`]));
  }
  const turned = e.constraints
    .filter((c) => c.turned.of > 0)
    .map((c) => `${rate(c.turned)} with ${c.second} before ${c.first}`);
  const parts = [
    `${paint.bold(`${chain(e.constraints)}: ${rate(e.together)} ${which} fail`)}`,
    ...turned,
    `${rate(e.free)} without any order kept`,
  ];
  return [...lines, ...filled(parts, width)];
}

/** `1 before 2 before 3, 4 before 5` */
function chain(constraints: readonly Constraint[]): string {
  const chains: number[][] = [];
  for (const { first, second } of constraints) {
    const longer = chains.find((c) => c.at(-1) === first);
    if (longer === undefined) chains.push([first, second]);
    else longer.push(second);
  }
  return chains.map((c) => c.join(' before ')).join(', ');
}

/** Parts with commas between them, on as few lines as they take. */
function filled(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length + 3 <= width)
      lines[lines.length - 1] = `${last}; ${part}`;
    else lines.push(`  ${part}`);
  }
  return lines;
}

/** `20 of 20` */
function rate({ fails, of }: Rate): string {
  return `${fails} of ${of}`;
}
