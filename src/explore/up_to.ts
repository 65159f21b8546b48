// SPDX-License-Identifier: GPL-2.0-only
import type { Decisions } from '../engine/fibers/runtime.js';

/** The decisions up to an operation; a replay goes on from there without preemption. */
export function upTo(decisions: Decisions, step: number): Decisions {
  const actors: number[] = [];
  const points: number[] = [];
  let at = 0;
  for (let i = 0; i < decisions.actors.length && at <= step; i++) {
    const n = Math.min(decisions.points[i] as number, step + 1 - at);
    actors.push(decisions.actors[i] as number);
    points.push(n);
    at += n;
  }
  return { actors, points, choices: decisions.choices };
}
