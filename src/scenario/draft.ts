// SPDX-License-Identifier: GPL-2.0-only
/** What was read of a file before its parts are compared: each part with its place, bad parts left out. */

import type { Path } from './source.js';
import type { PatchSpec, ProgramSpec, Scenario, Step } from './types.js';

export interface PlacedStep {
  readonly step: Step;
  /** Of the name or number in the step. */
  readonly path: Path;
}

export interface DraftFunction {
  readonly name: string;
  readonly path: Path;
  readonly traceable: boolean;
  readonly body: readonly PlacedStep[];
}

export interface DraftPatch {
  readonly name: string;
  readonly functions: readonly {
    readonly fn: string;
    readonly path: Path;
    readonly body: readonly PlacedStep[] | null;
  }[];
}

export interface PlacedName {
  readonly name: string;
  readonly path: Path;
}

export interface DraftProgram {
  readonly name: string;
  readonly path: Path;
  /** Null: something in it was wrong, but its name is known. */
  readonly spec: ProgramSpec | null;
  readonly kind: ProgramSpec['kind'] | null;
  /** The functions it starts with. */
  readonly entries: readonly PlacedName[];
}

export interface Draft {
  readonly name: string;
  readonly description: string;
  readonly machine: Scenario['machine'] | null;
  /** What is compared, as far as it is known: also when something else in its section is wrong. */
  readonly known: {
    readonly cpus: number | undefined;
    readonly online: number | undefined;
    readonly protocol: string | undefined;
    readonly minOnline: number | undefined;
    /** Tasks started at boot, of all programs. */
    readonly tasks: number;
  };
  readonly functions: ReadonlyMap<string, DraftFunction>;
  readonly patches: readonly DraftPatch[];
  readonly programs: ReadonlyMap<string, DraftProgram>;
  readonly idle: readonly PlacedName[];
  readonly control: Scenario['control'] | null;
  readonly explore: Scenario['explore'] | null;
  readonly limits: Scenario['limits'] | null;
  readonly seed: number;
}

const steps = (body: readonly PlacedStep[]): Step[] => body.map((placed) => placed.step);

/** The validated scenario; null if a part is missing. */
export function finish(draft: Draft): Scenario | null {
  const { machine, control, explore, limits } = draft;
  if (machine === null || control === null || explore === null || limits === null) return null;
  const programs: ProgramSpec[] = [];
  for (const { spec } of draft.programs.values()) {
    if (spec === null) return null;
    programs.push(spec);
  }
  const patches: PatchSpec[] = draft.patches.map(({ name, functions }) => ({
    name,
    functions: functions.map(({ fn, body }) => ({ fn, body: body === null ? null : steps(body) })),
  }));
  return {
    name: draft.name,
    description: draft.description,
    machine,
    functions: [...draft.functions.values()].map(({ name, traceable, body }) => ({
      name,
      traceable,
      body: steps(body),
    })),
    patches,
    programs,
    idleCalls: draft.idle.map(({ name }) => name),
    control,
    explore,
    limits,
    seed: draft.seed,
  };
}
