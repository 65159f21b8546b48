// SPDX-License-Identifier: GPL-2.0-only
/** A campaign on a model: one execution after another, and what they came to. */
import type { ModelViolation } from '../../model/define.js';
import type { SchedulerChoice } from '../../schedule/index.js';
import type { Scheduler } from '../../schedule/scheduler.js';
import type { ModelMachine, ModelOptions } from './model_machine.js';
import type { Decisions, EndKind } from './runtime.js';

export interface ModelCampaign extends ModelOptions {
  /** At most so many. Infinity: until the search is complete. */
  readonly executions: number;
  /** Default 1. */
  readonly seed?: number;
  /** Default false: all executions are made. */
  readonly stopAtViolation?: boolean;
}

export interface ModelFinding extends ModelViolation {
  /** Number of the first execution that had it, and how to get there again. */
  readonly execution: number;
  readonly decisions: Decisions;
}

export interface ModelOutcome {
  readonly executions: number;
  /** All schedules that the search is about were made. */
  readonly complete: boolean;
  /** Operations, all told. */
  readonly steps: number;
  readonly ends: ReadonlyMap<EndKind, number>;
  /** The first violation of each code. */
  readonly findings: readonly ModelFinding[];
  /** Hashes of the end states of executions that ran to their end. */
  readonly states: ReadonlySet<number>;
}

/** `choice` with `needsOperations` takes a machine of the `observed` tree. */
export function exploreModel(
  machine: ModelMachine,
  choice: SchedulerChoice,
  campaign: ModelCampaign,
): ModelOutcome {
  const ends = new Map<EndKind, number>();
  const findings: ModelFinding[] = [];
  const states = new Set<number>();
  const seed = campaign.seed ?? 1;
  let scheduler: Scheduler | null = null;
  let executions = 0;
  let steps = 0;
  let longest = 1;
  let complete = false;
  while (executions < campaign.executions) {
    if (scheduler === null || !choice.exhaustive) {
      scheduler = choice.create({ execution: executions, seed, steps: longest });
    }
    if (!scheduler.begin(machine.actors)) {
      complete = true;
      break;
    }
    const { end, steps: made, violations, decisions } = machine.execute(scheduler, campaign);
    const isOver = end === 'done' || end === 'deadlock';
    scheduler.end({ steps: made, complete: isOver });
    ends.set(end, (ends.get(end) ?? 0) + 1);
    if (isOver) states.add(machine.stateHash());
    for (const violation of violations) {
      if (findings.some(({ code }) => code === violation.code)) continue;
      findings.push({ ...violation, execution: executions, decisions });
    }
    steps += made;
    longest = Math.max(longest, made);
    executions++;
    if (campaign.stopAtViolation === true && findings.length > 0) break;
  }
  return { executions, complete, steps, ends, findings, states };
}
