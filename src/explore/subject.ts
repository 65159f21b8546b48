// SPDX-License-Identifier: GPL-2.0-only
/** What is explored, as plain data: it crosses to workers, is written down with a campaign, and is behind every token. */
import { createHash } from 'node:crypto';
import type { Scenario } from '../scenario/types.js';

/** sc: sequential consistency. tso: store buffers. weak: the Linux-kernel memory model without load buffering. */
export const memoryNames = ['sc', 'tso', 'weak'] as const;
export type MemoryName = (typeof memoryNames)[number];

export interface Subject {
  /** As the user named it: a preset or a file. */
  readonly scenarioName: string;
  /** In its exploration form. */
  readonly scenario: Scenario;
  /** Folder with the compiled trees of the kernel. */
  readonly trees: string;
  /** Hash of the kernel's sources; '' for the kernel as it is. */
  readonly kernel: string;
  readonly seed: number;
  readonly memory: MemoryName;
  /** Ids of the barriers that are left out. */
  readonly dropped: readonly string[];
  /** As parseScheduler reads it. */
  readonly scheduler: string;
  /** Operations that an execution is expected to make; 0 until it has been measured. */
  readonly steps: number;
  readonly maxSteps: number;
  /** Of so many executions one runs on the observed build, with lockdep, race detection and coverage. */
  readonly observeEvery: number;
}

/** Of all that decides what an execution does, beside its seed and schedule. */
export function scenarioHash(scenario: Scenario): string {
  const { seed: _seed, description: _description, ...rest } = scenario;
  return createHash('sha256').update(JSON.stringify(rest)).digest('hex').slice(0, 12);
}
