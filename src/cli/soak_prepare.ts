// SPDX-License-Identifier: GPL-2.0-only
/** What `klptorture soak` checks before it runs anything: the scenario with its options, and the report's file. */
import { resolve } from 'node:path';
import type { KernelChange } from '../kernel_build/change.js';
import { protocolNames } from '../protocol/index.js';
import { loadScenario } from '../scenario/load.js';
import type { Overrides } from '../scenario/overrides.js';
import type { HotplugLockFlavour, PreemptModel, Scenario } from '../scenario/types.js';
import { writeProblem } from '../util/atomic_write.js';
import { UsageError } from '../util/fault.js';
import { readKernel } from './kernel_choice.js';
import type { soakOptions, Values } from './options.js';

export type SoakValues = Values<typeof soakOptions>;

/** The scenario of the command line. UsageError with `problems` and all that is wrong beside them. */
export function prepareSoak(
  operand: string | null,
  values: SoakValues,
  problems: readonly string[],
): { readonly scenario: Scenario; readonly kernel: KernelChange } {
  const all = [...problems];
  let scenario: Scenario | null = null;
  try {
    scenario = loadScenario(operand ?? 'default', overridesOf(values), protocolNames);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    all.push(...error.problems);
  }
  /* Tried out now: a run of an hour must not end with a report that cannot be written. */
  const report = values.report === undefined ? null : reportProblem(values.report, operand);
  if (report !== null) all.push(`--report: ${report}`);
  const kernel = readKernel(values, all);
  if (all.length > 0 || scenario === null) throw new UsageError(all);
  return { scenario, kernel };
}

function reportProblem(report: string, operand: string | null): string | null {
  if (operand !== null && resolve(report) === resolve(operand)) return `"${report}" is the scenario itself`;
  return writeProblem(report);
}

function overridesOf(v: SoakValues): Overrides {
  return {
    ...(v.cpus !== undefined && { cpus: v.cpus }),
    ...(v.tasks !== undefined && { tasks: v.tasks }),
    ...(v.protocol !== undefined && { protocol: v.protocol }),
    ...(v['hotplug-lock'] !== undefined && { hotplugLock: v['hotplug-lock'] as HotplugLockFlavour }),
    ...(v.preempt !== undefined && { preempt: v.preempt as PreemptModel }),
    ...(v.retry !== undefined && { retryMs: v.retry }),
    ...(v.duration !== undefined && { durationS: v.duration }),
    ...(v.seed !== undefined && { seed: v.seed }),
  };
}
