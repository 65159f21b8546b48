// SPDX-License-Identifier: GPL-2.0-only
/** Facts about a scenario's call graph that the linker needs. The graph has no cycles. */
import type { Scenario, Step } from '../scenario/types.js';

/** Frames of the deepest call chain that starts in `name`. The graph has no cycles. */
export function depthOf(scenario: Scenario): number {
  const bodies = new Map<string, Step[]>(scenario.functions.map((f) => [f.name, [...f.body]]));
  for (const patch of scenario.patches) {
    for (const f of patch.functions) if (f.body !== null) bodies.get(f.fn)?.push(...f.body);
  }
  const known = new Map<string, number>();
  const depth = (name: string): number => {
    const seen = known.get(name);
    if (seen !== undefined) return seen;
    let most = 0;
    for (const step of bodies.get(name) ?? []) if (step.op === 'call') most = Math.max(most, depth(step.fn));
    known.set(name, most + 1);
    return most + 1;
  };
  let most = 1;
  for (const f of scenario.functions) most = Math.max(most, depth(f.name));
  return most;
}

/** Channels in the order of their first mention. */
export function channels(scenario: Scenario): string[] {
  const names: string[] = [];
  const look = (body: readonly Step[]) => {
    for (const s of body) {
      if ((s.op === 'wait' || s.op === 'wake') && !names.includes(s.channel)) names.push(s.channel);
    }
  };
  for (const f of scenario.functions) look(f.body);
  for (const p of scenario.patches) for (const f of p.functions) if (f.body !== null) look(f.body);
  return names;
}
