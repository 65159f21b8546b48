// SPDX-License-Identifier: GPL-2.0-only
/** All candidate executions of a program that a judge allows, by their final states. */
import { type Final, holds, valueAt } from '../condition.js';
import type { Exploration, State } from '../models.js';
import type { Program } from '../program.js';
import { type Candidate, eachCandidate } from './candidates.js';
import { Unfit } from './trace.js';

/** Minutes of work. */
const MAX_CANDIDATES = 300_000;

export interface Verdict {
  readonly allowed: boolean;
  readonly flags: readonly string[];
}

/** As Judge of lkmm/axioms; one without `canBe` is asked of whole executions only. */
export interface ExecutionJudge {
  (candidate: Candidate): Verdict;
  readonly canBe?: (part: Candidate) => boolean;
}

export function exploreAxiomatic(program: Program, judge: ExecutionJudge): Exploration {
  const states = new Map<string, { -readonly [K in keyof State]: State[K] }>();
  const flags = new Set<string>();
  let candidates = 0;
  const look = (candidate: Candidate): void => {
    if (++candidates > MAX_CANDIDATES) throw new Unfit('too many executions');
    const { allowed, flags: raised } = judge(candidate);
    if (!allowed) return;
    const final: Final = { registers: candidate.traces.map((t) => t.registers), memory: candidate.memory };
    if (program.filter !== null && !holds(program.filter, final)) return;
    for (const flag of raised) flags.add(flag);
    const values = program.observed.map((place) => valueAt(place, final));
    const key = values.join();
    const state = states.get(key);
    if (state === undefined) states.set(key, { values, count: 1, positive: holds(program.condition, final) });
    else state.count++;
  };
  eachCandidate(program, look, judge.canBe);
  let [positive, negative] = [0, 0];
  for (const state of states.values()) {
    if (state.positive) positive += state.count;
    else negative += state.count;
  }
  return { states, positive, negative, flags: [...flags].sort(), candidates };
}
