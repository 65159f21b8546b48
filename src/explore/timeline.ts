// SPDX-License-Identifier: GPL-2.0-only
/** From an execution of thousands of operations to the two dozen rows that tell what led to a violation. */
import type { ExplainedAccess } from '../report/explanation_text.js';
import type { Timeline, TimelineRow } from '../report/timeline_text.js';
import type { Access } from './accesses.js';
import { RANK } from './conflicts.js';
import type { ToldEvent } from './naming.js';
import type { Recorded } from './recorded.js';

export interface Told extends Recorded {
  readonly told: ReadonlyMap<number, Omit<ExplainedAccess, 'nr'>>;
  /** The accesses of the explanation, in order; those that count as one together. */
  readonly story: readonly (readonly Access[])[];
}

/** Rows without folds. */
const ROWS = 15;
/** Rows of one event, those nearest to the violation. */
const SAME = 2;
/** Preemptions that are shown, the last ones. */
const PREEMPTED = 4;
/** Operations left out that are worth a row. */
const WORTH_FOLDING = 40;

type Shown = Exclude<TimelineRow, { kind: 'fold' }>;

interface Candidate {
  readonly row: Shown;
  /** Least first. */
  readonly weight: number;
}

export function timelineOf(t: Told): Timeline {
  const since = startOf(t);
  const last = Math.max(t.steps, ...t.story.map(([a]) => (a as Access).step));
  const candidates = [...accessRows(t), ...eventRows(t), ...preemptedRows(t)].filter(
    (c) => c.weight <= 1 || (c.row.step >= since && c.row.step <= last),
  );
  const kept = candidates
    .map((c, i) => ({ ...c, i }))
    .sort((a, b) => a.weight - b.weight || b.row.step - a.row.step)
    .slice(0, ROWS);
  const violation = violationRow(t);
  const shown = [...kept, { row: violation, i: candidates.length }]
    .sort((a, b) => a.row.step - b.row.step || a.i - b.i)
    .map((c) => c.row);
  const steps = new Set(shown.map((r) => r.step));
  const rows = folded(
    shown.map((r) => (r.kind === 'access' && !steps.has(r.partner) ? { ...r, partner: -1 } : r)),
  );
  const actors = new Set(shown.map((r) => r.actor));
  const columns = [...actors].sort((a, b) => a - b).map((actor) => ({ actor, name: t.naming.actor(actor) }));
  return { columns, rows };
}

/** The last beginning of a transition before the story and the violation's places. */
function startOf({ events, story, steps }: Told): number {
  return beginOf(events, story[0]?.[0]?.step ?? steps);
}

/** The last beginning of a transition before an operation; 0: there is none. */
export function beginOf(events: readonly ToldEvent[], until: number): number {
  let start = 0;
  for (const e of events) if (/^klp_(init|start|reverse)$/.test(e.name) && e.step <= until) start = e.step;
  return start;
}

function accessRows({ conflicts, told, story, violation, naming }: Told): Candidate[] {
  const all = story.flat();
  const words = new Set(all.map((a) => a.addr));
  const subject = violation.task === null ? '' : naming.task(violation.task);
  const rows = new Map<number, Candidate>();
  const add = (a: Access, partner: Access, weight: number): void => {
    const known = rows.get(a.nr);
    const text = told.get(a.nr);
    if (text === undefined || (known !== undefined && known.weight <= weight)) return;
    const nr = story.findIndex(([first]) => first === a) + 1;
    const place = `${text.fn}, ${text.place}`;
    rows.set(a.nr, {
      row: {
        kind: 'access',
        step: a.step,
        actor: a.actor,
        text: text.what,
        place,
        nr,
        partner: nr > 0 ? -1 : partner.step,
      },
      weight: nr > 0 ? 0 : weight,
    });
  };
  for (const c of conflicts) {
    const mine = words.has(c.first.addr) || (subject !== '' && c.word.startsWith(`${subject}.`));
    if (!all.includes(c.first) && (!mine || c.rank > RANK.tasks)) continue;
    const weight = 4 + c.rank;
    add(c.second, c.first, weight);
    if (all.includes(c.first)) add(c.first, c.second, 0);
  }
  return [...rows.values()];
}

function eventRows({ events, steps }: Told): Candidate[] {
  const seen = new Map<string, number>();
  const rows: Candidate[] = [];
  for (const e of [...events].reverse()) {
    if (e.step > steps && !e.isSite) continue;
    const n = (seen.get(e.name) ?? 0) + 1;
    seen.set(e.name, n);
    if (!e.isSite && n > SAME) continue;
    rows.push({
      row: { kind: 'event', step: e.step, actor: e.actor, text: e.text },
      weight: e.isSite ? 1 : e.weight,
    });
  }
  return rows.reverse();
}

function preemptedRows({ preemptions: all, steps }: Told): Candidate[] {
  const last = all.filter((p) => p.step <= steps).slice(-PREEMPTED);
  return last.map((p) => ({ row: { kind: 'preempted', step: p.step, actor: p.from }, weight: 2 }));
}

function violationRow({ violation, steps, naming }: Told): Shown {
  const actor = violation.sites.at(-1)?.actor ?? violation.cpu ?? 0;
  const task = violation.task === null ? '' : `${naming.task(violation.task)} `;
  return { kind: 'violation', step: steps, actor, text: `${violation.code}: ${task}${violation.summary}` };
}

function folded(rows: readonly Shown[]): TimelineRow[] {
  const all: TimelineRow[] = [];
  let last = rows[0]?.step ?? 0;
  for (const row of rows) {
    if (row.step - last > WORTH_FOLDING) all.push({ kind: 'fold', operations: row.step - last - 1 });
    all.push(row);
    last = row.step;
  }
  return all;
}
