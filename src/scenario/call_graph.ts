// SPDX-License-Identifier: GPL-2.0-only
/**
 * The call graph of a draft. A function's calls are those of its old body and of all its new versions together: any
 * mix of versions can be on a stack, so cycles and depth are judged for the worst of them.
 */
import type { Draft, PlacedStep } from './draft.js';
import { limits } from './limits.js';
import type { Path, ScenarioSource } from './source.js';

interface Edge {
  readonly to: string;
  readonly path: Path;
}

export interface CallGraph {
  /** All steps of a function, in all versions. */
  readonly steps: ReadonlyMap<string, readonly PlacedStep[]>;
  readonly calls: ReadonlyMap<string, readonly Edge[]>;
}

export function callGraph(draft: Draft): CallGraph {
  const steps = new Map<string, PlacedStep[]>();
  for (const { name, body } of draft.functions.values()) steps.set(name, [...body]);
  for (const patch of draft.patches) {
    for (const { fn, body } of patch.functions) steps.get(fn)?.push(...(body ?? []));
  }
  const calls = new Map<string, Edge[]>();
  for (const [name, list] of steps) {
    const edges: Edge[] = [];
    for (const { step, path } of list)
      if (step.op === 'call' && steps.has(step.fn)) edges.push({ to: step.fn, path });
    calls.set(name, edges);
  }
  return { steps, calls };
}

/** Tells of every call that closes a cycle, with the cycle. True if there was one. */
export function tellCycles(source: ScenarioSource, graph: CallGraph): boolean {
  const done = new Set<string>();
  const chain: string[] = [];
  const onChain = new Set<string>();
  let found = false;
  const visit = (name: string): void => {
    chain.push(name);
    onChain.add(name);
    for (const { to, path } of graph.calls.get(name) ?? []) {
      if (onChain.has(to)) {
        const cycle = [...chain.slice(chain.indexOf(to)), to];
        source.problem(
          path,
          `cycle in the call graph: ${chainText(cycle)}; simulated functions must not recurse`,
        );
        found = true;
      } else if (!done.has(to)) {
        visit(to);
      }
    }
    chain.pop();
    onChain.delete(name);
    done.add(name);
  };
  for (const name of graph.calls.keys()) if (!done.has(name)) visit(name);
  return found;
}

/** Tells of the deepest call chain if it has too many frames. The graph must have no cycles. */
export function tellDepth(source: ScenarioSource, draft: Draft, graph: CallGraph): void {
  const depth = new Map<string, number>();
  const next = new Map<string, string>();
  const measure = (name: string): number => {
    const known = depth.get(name);
    if (known !== undefined) return known;
    let deepest = 0;
    for (const { to } of graph.calls.get(name) ?? []) {
      const below = measure(to);
      if (below <= deepest) continue;
      deepest = below;
      next.set(name, to);
    }
    depth.set(name, deepest + 1);
    return deepest + 1;
  };
  let worst: string | null = null;
  let frames = 0;
  for (const name of graph.calls.keys()) {
    const own = measure(name);
    if (own <= frames) continue;
    frames = own;
    worst = name;
  }
  if (worst === null || frames <= limits.frames) return;
  const chain: string[] = [];
  for (let at: string | undefined = worst; at !== undefined; at = next.get(at)) chain.push(at);
  const path = draft.functions.get(worst)?.path ?? [];
  source.problem(
    path,
    `calls go ${frames} frames deep, at most ${limits.frames} are possible: ${chainText(chain)}`,
    'key',
  );
}

export function chainText(chain: readonly string[]): string {
  if (chain.length <= 10) return chain.join(' -> ');
  return `${chain.slice(0, 5).join(' -> ')} -> ... -> ${chain.slice(-4).join(' -> ')}`;
}

/** All functions that `roots` can reach, each with its caller on the shortest way (null for a root). */
export function reachable(graph: CallGraph, roots: readonly string[]): Map<string, string | null> {
  const callers = new Map<string, string | null>();
  for (const name of roots) if (graph.calls.has(name)) callers.set(name, null);
  /* A map's iterator also visits what is added on the way. */
  for (const name of callers.keys()) {
    for (const { to } of graph.calls.get(name) ?? []) if (!callers.has(to)) callers.set(to, name);
  }
  return callers;
}

/** The way to `name` that reachable() found, outermost first. */
export function wayTo(callers: ReadonlyMap<string, string | null>, name: string): string[] {
  const way = [name];
  for (let at = callers.get(name); at !== null && at !== undefined; at = callers.get(at)) way.push(at);
  return way.reverse();
}
