// SPDX-License-Identifier: GPL-2.0-only
/** Campaigns for tests: small, and the same each time. */
import { measured } from '#src/explore/batch.js';
import { type CampaignOptions, type CampaignOutcome, runCampaign } from '#src/explore/campaign.js';
import { makeSubject, type SubjectChoice } from '#src/explore/prepare.js';
import { Runner } from '#src/explore/runner.js';
import type { Subject } from '#src/explore/subject.js';

/** The hotplug preset with one CPU that comes up: about 3,500 operations an execution. */
export const CPU_UP: SubjectChoice = { scenarioName: 'hotplug', explore: { online: 1, hotplug: 1 }, seed: 1 };

export function subjectOf(choice: Partial<SubjectChoice> = {}): Promise<Subject> {
  return measured(makeSubject({ ...CPU_UP, ...choice }));
}

export async function runnerOf(choice: Partial<SubjectChoice> = {}): Promise<Runner> {
  const runner = await Runner.create(await subjectOf(choice));
  runner.beginBatch();
  return runner;
}

export async function campaign(
  choice: Partial<SubjectChoice>,
  options: Partial<CampaignOptions>,
): Promise<CampaignOutcome> {
  return runCampaign(await subjectOf(choice), {
    executions: 64,
    timeBudgetS: Number.POSITIVE_INFINITY,
    workers: 1,
    stopOnFirst: false,
    store: null,
    signal: new AbortController().signal,
    onProgress: () => {},
    onFinding: () => {},
    ...options,
  });
}

/** Codes and the executions that showed them first. */
export function foundBy(outcome: CampaignOutcome): [string, number][] {
  return outcome.findings.list().map((f) => [f.first.violation.code, f.first.execution]);
}
