// SPDX-License-Identifier: GPL-2.0-only
/**
 * Candidate executions of a test: one way of each thread, and for each word who reads from whom and the order of its
 * writes. All that keep to coherence and atomicity are given, each once, as herd7 counts them.
 */
import { type Program, THIN_AIR } from '../program.js';
import { createGraph, type Graph } from './graph.js';
import { lockChoicesOf } from './lock_orders.js';
import { choicesOf, type WordChoice } from './orders.js';
import { intersect, isEmpty, type Relation, union } from './relation.js';
import { tracesOf } from './run_thread.js';
import { EVENT, type Trace, Unfit } from './trace.js';

export interface Candidate {
  readonly graph: Graph;
  readonly traces: readonly Trace[];
  readonly rf: Relation;
  readonly co: Relation;
  readonly fr: Relation;
  /** Values of the words at the end. */
  readonly memory: readonly number[];
}

/** What may be asked of a loaded value: that some thread writes it. */
interface Needs {
  readonly trace: Trace;
  readonly reads: readonly string[];
  readonly writes: ReadonlySet<string>;
}

function needsOf(trace: Trace): Needs {
  const reads: string[] = [];
  const writes = new Set<string>();
  for (const e of trace.events) {
    if (e.kind === EVENT.read) reads.push(`${e.word}=${e.value}`);
    if (e.kind === EVENT.write) writes.add(`${e.word}=${e.value}`);
  }
  return { trace, reads, writes };
}

const MAX_COMBINATIONS = 3_000_000;

/** Each way of each thread with each of the others, left out early where a read has nothing to read from. */
function combine(program: Program, visit: (traces: readonly Trace[]) => void): void {
  const threads = tracesOf(program).map((traces) => traces.map(needsOf));
  const initial = new Set(program.words.map((w, i) => `${i}=${w.initial}`));
  /** What threads from this one on can write. */
  const rest: Set<string>[] = [new Set()];
  for (let t = threads.length - 1; t >= 0; t--) {
    const all = new Set(rest[0]);
    for (const n of threads[t] as Needs[]) for (const w of n.writes) all.add(w);
    rest.unshift(all);
  }
  const chosen: Needs[] = [];
  let visited = 0;
  const choose = (t: number): void => {
    const ways = threads[t];
    if (ways === undefined) {
      if (++visited > MAX_COMBINATIONS) throw new Unfit('too many executions');
      visit(chosen.map((n) => n.trace));
      return;
    }
    const later = rest[t + 1] as Set<string>;
    for (const way of ways) {
      chosen.push(way);
      const provided = (r: string): boolean =>
        initial.has(r) || later.has(r) || chosen.some((n) => n.writes.has(r));
      if (chosen.every((n) => n.reads.every(provided))) choose(t + 1);
      chosen.pop();
    }
  };
  choose(0);
}

interface Frame {
  readonly program: Program;
  readonly graph: Graph;
  readonly traces: readonly Trace[];
  readonly valueAt: (event: number) => number;
}

/** `canBe`: asked of the first words' choices; where it says no, none that goes on from there is given. */
export function eachCandidate(
  program: Program,
  visit: (candidate: Candidate) => void,
  canBe: (part: Candidate) => boolean = () => true,
): void {
  const graphs = new Map<string, Graph>();
  const shapes = new Map<string, number>();
  const shapeNumber = (shape: string): number => {
    const known = shapes.get(shape) ?? shapes.size;
    shapes.set(shape, known);
    return known;
  };
  combine(program, (traces) => {
    const key = traces.map((t) => shapeNumber(t.shape)).join();
    const graph = graphs.get(key) ?? createGraph(traces);
    graphs.set(key, graph);
    const values = graph.events.map((e) =>
      e.thread < 0 ? program.words[e.word]?.initial : traces[e.thread]?.events[e.index]?.value,
    ) as number[];
    const frame = { program, graph, valueAt: (e: number) => values[e] as number, traces };
    visitChoices(frame, visit, canBe);
  });
}

/** So many executions at least must hang on a part for it to be looked at by itself. */
const WORTH_A_LOOK = 4;

function visitChoices(
  frame: Frame,
  visit: (candidate: Candidate) => void,
  canBe: (part: Candidate) => boolean,
): void {
  const { graph, valueAt, traces } = frame;
  const words: Ordered[][] = [];
  for (const word of [...graph.lockWords, ...graph.dataWords]) {
    const isLock = graph.lockWords.includes(word);
    const choices = (isLock ? lockChoicesOf(graph, word) : choicesOf(graph, word, valueAt)).map((c) =>
      relate(graph, c),
    );
    const kept = isLock ? choices.filter((c) => isCoherent(graph, c)) : choices;
    if (kept.length === 0) return;
    words.push(kept);
  }
  const fault = traces.find((t) => t.fault !== 0);
  if (fault !== undefined) throw new Unfit(`line ${fault.fault}: an access to what is no word of memory`);
  /* Locks first, then few choices first: what they rule out is then ruled out once. */
  const locks = graph.lockWords.length;
  words.push(...words.splice(locks).sort((a, b) => a.length - b.length));
  const chosen: Ordered[] = [];
  const choose = (k: number): void => {
    const choices = words[k];
    if (choices === undefined) {
      const candidate = assemble(frame, chosen);
      if (candidate !== null) visit(candidate);
      return;
    }
    const open = words.slice(k).reduce((n, w) => n * w.length, 1);
    if (k > 0 && open >= WORTH_A_LOOK) {
      const part = assemble(frame, chosen);
      if (part === null || !canBe(part)) return;
    }
    for (const choice of choices) {
      chosen.push(choice);
      choose(k + 1);
      chosen.pop();
    }
  };
  choose(0);
}

/** A choice for one word, as relations. */
interface Ordered {
  readonly choice: WordChoice;
  readonly rf: Relation;
  readonly co: Relation;
  readonly fr: Relation;
}

function relate({ space }: Graph, choice: WordChoice): Ordered {
  const [rf, co, fr] = [space.none(), space.none(), space.none()];
  const { order, readsFrom } = choice;
  for (let i = 0; i < order.length; i++) {
    for (let j = i + 1; j < order.length; j++) space.add(co, order[i] as number, order[j] as number);
  }
  for (const [write, read] of readsFrom) {
    space.add(rf, write, read);
    const at = order.indexOf(write);
    for (let j = at + 1; at >= 0 && j < order.length; j++) space.add(fr, read, order[j] as number);
  }
  return { choice, rf, co, fr };
}

function isCoherent(graph: Graph, { rf, co, fr }: Ordered): boolean {
  const { space, poLoc, rmw, ext } = graph;
  if (!space.isAcyclic(union(poLoc, rf, co, fr))) return false;
  return isEmpty(intersect(rmw, space.then(intersect(fr, ext), intersect(co, ext))));
}

/** Null if a value would come out of nothing: computed from a load that reads, in the end, that same value. */
function assemble({ program, graph, valueAt, traces }: Frame, chosen: readonly Ordered[]): Candidate | null {
  const { space } = graph;
  const nothing = space.none();
  const rf = union(nothing, ...chosen.map((c) => c.rf));
  if (graph.flow !== null) {
    /* What only copies a value out of thin air may go in circles. */
    const known = space.set(graph.events.flatMap((_, e) => (valueAt(e) === THIN_AIR ? [] : [e])));
    if (!space.isAcyclic(space.between(known, union(graph.flow, rf), known))) return null;
  }
  const memory = program.words.map((w) => w.initial);
  for (const { choice } of chosen) {
    const last = choice.order.at(-1) as number;
    if (!graph.lockWords.includes(choice.word)) memory[choice.word] = valueAt(last);
  }
  const co = union(nothing, ...chosen.map((c) => c.co));
  const fr = union(nothing, ...chosen.map((c) => c.fr));
  return { graph, traces, rf, co, fr, memory };
}
