// SPDX-License-Identifier: GPL-2.0-only
/** What is left after writers and readers have shared a section: nothing lost, nothing torn, nobody met. */
import { type CrewResult, runCrew } from './crew.js';
import { createLab, type Lab, type LabOptions, lab_area } from './lab.js';

export interface Exclusion {
  /** Increments that another writer has overwritten. */
  readonly lost: number;
  /** Reads that saw a write half done. */
  readonly torn: number;
  /** Entries that found somebody inside who should not be. */
  readonly overlaps: number;
  readonly rescued: number;
}

export interface ExclusionPlan {
  readonly lock: string;
  readonly writers: number;
  readonly readers: number;
  readonly rounds: number;
  /** Pauses in the middle of a section, at most. */
  readonly turns: number;
  readonly rcu?: boolean;
  readonly options?: Partial<LabOptions>;
}

export async function exclusion(plan: ExclusionPlan): Promise<Exclusion> {
  const args = { lock: plan.lock, rounds: plan.rounds, turns: plan.turns };
  const jobs = [
    ...Array.from({ length: plan.writers }, () => ({ job: 'write', args })),
    ...Array.from({ length: plan.readers }, () => ({ job: 'read', args })),
  ];
  const lab = createLab({ actors: jobs.length + (plan.rcu ? 1 : 0), ...plan.options });
  const crew: CrewResult = await runCrew(lab, jobs, plan.rcu ?? false);
  return {
    lost: plan.writers * plan.rounds - word(lab, lab_area.counter),
    torn: crew.results.slice(plan.writers).reduce((sum, n) => sum + n, 0),
    overlaps: word(lab, lab_area.overlaps),
    rescued: crew.rescued,
  };
}

/** Repeats a run of a busted lock until `what` was seen, ten times at most: chance decides who meets whom. */
export async function caught(plan: ExclusionPlan, what: 'lost' | 'torn' | 'overlaps'): Promise<number> {
  let found = 0;
  for (let attempt = 0; attempt < 10 && found === 0; attempt++) found = (await exclusion(plan))[what];
  return found;
}

export function word(lab: Lab, field: number): number {
  return Atomics.load(new Int32Array(lab.heap), lab.area + field);
}

/** What was logged, in order. */
export function logOf(lab: Lab): number[] {
  const words = new Int32Array(lab.heap);
  const n = word(lab, lab_area.log_len);
  return [...words.subarray(lab.area + lab_area.log, lab.area + lab_area.log + n)];
}

export const CLEAN: Exclusion = { lost: 0, torn: 0, overlaps: 0, rescued: 0 };
