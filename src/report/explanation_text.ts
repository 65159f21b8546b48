// SPDX-License-Identifier: GPL-2.0-only
/** Why a violation comes, in sentences: which accesses, in which order, and whether another order is right. */
import type { Paint } from './paint.js';
import { formatTimeline, type Timeline } from './timeline_text.js';
import { formatPlural } from './units.js';

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

/** `first` comes before `second`: numbers of accesses. Turned round, the violation does not come. */
export interface Constraint {
  readonly first: number;
  readonly second: number;
  readonly word: string;
}

export interface Explanation {
  readonly code: string;
  readonly summary: string;
  /** The rule that is broken, in a sentence. */
  readonly rule: string;
  /** order: it takes the constraints. always: every schedule that was tried shows it. unknown: no single order decides. */
  readonly verdict: 'order' | 'always' | 'unknown';
  readonly constraints: readonly Constraint[];
  readonly accesses: readonly ExplainedAccess[];
  /** Orders that could be turned round, and those of them without which the violation went away. */
  readonly turned: number;
  readonly decisive: number;
  /** Executions that the explanation took. */
  readonly executions: number;
  readonly timeline: Timeline;
}

export function formatExplanation(e: Explanation, paint: Paint, width = 110): string[] {
  return [...formatReason(e, paint), '', ...formatTimeline(e.timeline, paint, width)];
}

function formatReason(e: Explanation, paint: Paint): string[] {
  const head = `${paint.bold(paint.red(e.code))}: `;
  const rule = `  rule: ${e.rule}`;
  if (e.verdict === 'always')
    return [
      `${head}every schedule shows it: ${formatPlural(e.executions, 'was tried', 'were tried')}.`,
      rule,
    ];
  if (e.verdict === 'unknown') {
    return [
      `${head}no order that could be turned round decides: ${formatPlural(e.turned, 'was tried', 'were tried')}, and the violation stayed.`,
      rule,
    ];
  }
  const lines = [`${head}it takes this order:`];
  const actorWidth = Math.max(...e.accesses.map((a) => a.actor.length)) + 1;
  for (const a of e.accesses) {
    lines.push(
      `  ${paint.bold(`${a.nr}.`)} ${`${a.actor}:`.padEnd(actorWidth)} ${a.what}  (${a.fn}, ${a.place})`,
    );
  }
  for (const c of e.constraints)
    lines.push(`  ${c.first} before ${c.second}: turned round, the violation goes away.`);
  return [...lines, rule];
}
