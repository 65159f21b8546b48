// SPDX-License-Identifier: GPL-2.0-only
/** The view machine beside the axioms of LKMM, on one program: which final states each finds. */
import { eachCandidate } from '#src/litmus/axiomatic/candidates.js';
import type { Graph } from '#src/litmus/axiomatic/graph.js';
import { union } from '#src/litmus/axiomatic/relation.js';
import { valueAt } from '#src/litmus/condition.js';
import { createJudge } from '#src/litmus/lkmm/axioms.js';
import { runOperational } from '#src/litmus/operational/run.js';
import { parseLitmus } from '#src/litmus/parse.js';
import type { Program } from '#src/litmus/program.js';

export interface Comparison {
  /**
   * States that LKMM allows; and that it would allow if each store depended on all loads before it in its thread, so
   * that none overtakes a load. Load buffering is the best known of what that leaves out.
   */
  readonly lkmm: ReadonlySet<string>;
  readonly withoutOvertaking: ReadonlySet<string>;
  readonly weak: ReadonlySet<string>;
  /** Found by the machine, forbidden by the axioms: there must be none. */
  readonly unsound: readonly string[];
  /** Allowed, not found, and without overtaking. */
  readonly missed: readonly string[];
}

export function parsed(text: string): Program {
  const result = parseLitmus(text);
  if (result.kind === 'program') return result.program;
  throw new Error(`${text}\n${JSON.stringify(result.problems)}`);
}

export function compare(program: Program, found = runOperational(program, 'weak').outcomes): Comparison {
  const judge = createJudge();
  /* The control dependencies of a graph serve for nothing else. */
  const inOrder = new Map<Graph, Graph>();
  const lkmm = new Set<string>();
  const withoutOvertaking = new Set<string>();
  eachCandidate(program, (candidate) => {
    const final = { registers: candidate.traces.map((t) => t.registers), memory: candidate.memory };
    const key = program.observed.map((place) => valueAt(place, final)).join();
    if (withoutOvertaking.has(key) || !judge(candidate).allowed) return;
    lkmm.add(key);
    const { graph } = candidate;
    let strict = inOrder.get(graph);
    if (strict === undefined) {
      const { space, sets, po, ctrl } = graph;
      strict = { ...graph, ctrl: union(ctrl, space.between(sets.reads, po, sets.writes)) };
      inOrder.set(graph, strict);
    }
    if (judge({ ...candidate, graph: strict }).allowed) withoutOvertaking.add(key);
  });
  const weak = new Set(found.keys());
  const unsound = [...weak].filter((s) => !lkmm.has(s));
  const missed = [...withoutOvertaking].filter((s) => !weak.has(s));
  return { lkmm, withoutOvertaking, weak, unsound, missed };
}
