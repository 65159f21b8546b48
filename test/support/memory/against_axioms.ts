// SPDX-License-Identifier: GPL-2.0-only
/** The view machine beside the axioms of LKMM, on one program: which final states each finds. */
import { eachCandidate } from '#src/litmus/axiomatic/candidates.js';
import { union } from '#src/litmus/axiomatic/relation.js';
import { valueAt } from '#src/litmus/condition.js';
import { createJudge } from '#src/litmus/lkmm/axioms.js';
import { runOperational } from '#src/litmus/operational/run.js';
import { parseLitmus } from '#src/litmus/parse.js';
import type { Program } from '#src/litmus/program.js';

export interface Comparison {
  /** States that LKMM allows; of these, the ones that have an execution without a cycle of po and rf. */
  readonly lkmm: ReadonlySet<string>;
  readonly withoutLoadBuffering: ReadonlySet<string>;
  readonly weak: ReadonlySet<string>;
  /** Found by the machine, forbidden by the axioms: there must be none. */
  readonly unsound: readonly string[];
  /** Allowed, not found, and no load buffering. */
  readonly missed: readonly string[];
}

export function parsed(text: string): Program {
  const result = parseLitmus(text);
  if (result.kind === 'program') return result.program;
  throw new Error(`${text}\n${JSON.stringify(result.problems)}`);
}

export function compare(program: Program): Comparison {
  const judge = createJudge();
  const lkmm = new Set<string>();
  const withoutLoadBuffering = new Set<string>();
  eachCandidate(program, (candidate) => {
    const final = { registers: candidate.traces.map((t) => t.registers), memory: candidate.memory };
    const key = program.observed.map((place) => valueAt(place, final)).join();
    if (withoutLoadBuffering.has(key) || !judge(candidate).allowed) return;
    lkmm.add(key);
    const { space, po } = candidate.graph;
    if (space.isAcyclic(union(po, candidate.rf))) withoutLoadBuffering.add(key);
  });
  const weak = runOperational(program, 'weak').outcomes;
  const unsound = [...weak].filter((s) => !lkmm.has(s));
  const missed = [...withoutLoadBuffering].filter((s) => !weak.has(s));
  return { lkmm, withoutLoadBuffering, weak, unsound, missed };
}
