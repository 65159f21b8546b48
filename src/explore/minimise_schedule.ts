// SPDX-License-Identifier: GPL-2.0-only
/**
 * A schedule with fewer preemptions that shows the same violation.
 *
 * Delta debugging over the segments of a record (Zeller, Hildebrandt, "Simplifying and isolating failure-inducing
 * input", IEEE TSE 28(2), 2002), and moves of single segments to where their actor's neighbouring one is, which takes
 * a preemption away (Jalbert, Sen, "A trace simplification technique for effective debugging of concurrent programs",
 * FSE 2010). What a replay cannot follow it leaves out, so the record of each success is made anew.
 */
import type { Decisions } from '../engine/fibers/runtime.js';
import { WAIT } from '../schedule/scheduler.js';
import { type Bench, type Reproduction, simpler } from './bench.js';

export function minimiseSchedule(
  bench: Bench,
  start: Reproduction,
  onProgress: (best: Reproduction) => void,
): Reproduction {
  let best = start;
  const attempt = (decisions: Decisions): boolean => {
    const again = bench.replay(best.seed, decisions, best);
    if (again === null || !simpler(again, best)) return false;
    best = again;
    onProgress(best);
    return true;
  };
  /* Time that passed by decision is seldom needed, and keeps preemptions that are. */
  if (start.decisions.actors.includes(WAIT))
    attempt(pick(start.decisions, (i) => start.decisions.actors[i] !== WAIT));
  for (;;) {
    const before = best;
    shortest(attempt, () => best.decisions);
    removePreemptions(attempt, () => best);
    removeChunks(attempt, () => best.decisions);
    moveSegments(attempt, () => best);
    if (best === before || bench.spent) return best;
  }
}

/** More operations than an execution has. */
const ENDLESS = 0x3fffffff;

type Attempt = (decisions: Decisions) => boolean;

function pick(d: Decisions, keep: (i: number) => boolean): Decisions {
  const actors = d.actors.filter((_, i) => keep(i));
  const points = d.points.filter((_, i) => keep(i));
  return { actors, points, choices: d.choices };
}

/** The shortest part of the record that is enough: after it nobody is preempted. */
function shortest(attempt: Attempt, now: () => Decisions): void {
  if (attempt(pick(now(), () => false))) return;
  let lo = 0;
  let hi = now().actors.length;
  while (lo + 1 < hi) {
    const mid = (lo + hi) >> 1;
    /* The record made anew may be longer: what follows the kept part is in it, too. */
    if (attempt(pick(now(), (i) => i < mid))) hi = Math.min(mid, now().actors.length);
    else lo = mid;
  }
}

/** Many at once, then fewer: who was preempted does at once what it did in its next segment. */
function removePreemptions(attempt: Attempt, now: () => Reproduction): void {
  for (let size = now().preemptions.length; size >= 1; size >>= 1) {
    for (let at = now().preemptions.length - size; at > -size; ) {
      const { decisions, preemptions } = now();
      const chunk = preemptions.slice(Math.max(at, 0), at + size);
      const ends = new Set(chunk.map((p) => segmentBefore(decisions, p.step)));
      if (attempt(joinedAt(decisions, ends))) at = Math.min(at, now().preemptions.length - size);
      else at -= size;
    }
  }
}

/** Segments in `ends` are joined with the next ones of their actors. */
function joinedAt(d: Decisions, ends: ReadonlySet<number>): Decisions {
  const points = [...d.points];
  const into = new Map<number, number>();
  const gone = new Set<number>();
  d.actors.forEach((actor, i) => {
    const first = into.get(actor);
    if (first !== undefined) {
      points[first] = (points[first] as number) + (d.points[i] as number);
      gone.add(i);
    }
    if (!ends.has(i)) into.delete(actor);
    else if (first === undefined) into.set(actor, i);
  });
  return pick({ ...d, points }, (i) => !gone.has(i));
}

function removeChunks(attempt: Attempt, now: () => Decisions): void {
  for (let size = now().actors.length >> 1; size >= 1; size >>= 1) {
    for (let at = now().actors.length - size; at > -size; ) {
      const from = Math.max(at, 0);
      const removed = (i: number) => i >= from && i < from + size;
      if (attempt(pick(now(), (i) => !removed(i)))) at = Math.min(at, now().actors.length - size);
      else at -= size;
    }
  }
}

/** Lets each actor that was preempted go on at once, until it waits, or only run later as a whole. */
function moveSegments(attempt: Attempt, now: () => Reproduction): void {
  for (let back = 1; back <= now().preemptions.length; back++) {
    const { decisions, preemptions } = now();
    const preempted = preemptions[preemptions.length - back];
    if (preempted === undefined) continue;
    const i = segmentBefore(decisions, preempted.step);
    if (i < 0) continue;
    const j = decisions.actors.indexOf(preempted.from, i + 1);
    if (j < 0 ? attempt(endless(decisions, i)) : joined(attempt, decisions, i, j)) back = 0;
  }
}

function joined(attempt: Attempt, d: Decisions, i: number, j: number): boolean {
  return attempt(moved(d, j, i + 1)) || attempt(moved(d, i, j - 1)) || attempt(endless(d, i));
}

/** Segment `i` goes on until its actor waits. */
function endless(d: Decisions, i: number): Decisions {
  return { ...d, points: d.points.map((n, k) => (k === i ? ENDLESS : n)) };
}

/** Index of the segment that ends at a step; -1 if none does. */
function segmentBefore(d: Decisions, step: number): number {
  let at = 0;
  return d.points.findIndex((n) => {
    at += n;
    return at === step;
  });
}

function moved(d: Decisions, from: number, to: number): Decisions {
  const order = d.actors.map((_, i) => i);
  order.splice(to, 0, ...order.splice(from, 1));
  return {
    actors: order.map((i) => d.actors[i] as number),
    points: order.map((i) => d.points[i] as number),
    choices: d.choices,
  };
}
