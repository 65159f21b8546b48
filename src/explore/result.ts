// SPDX-License-Identifier: GPL-2.0-only
/** The result of a campaign, for text and JSON alike. */
import type { Environment, Verdict } from '../report/result.js';
import type { CampaignOutcome } from './campaign.js';
import type { CoverageReport } from './coverage.js';
import { type FindingReport, reportFinding } from './finding_report.js';
import type { Study } from './study.js';
import { type MemoryName, scenarioHash } from './subject.js';

/** Raised when a field of the JSON is renamed, removed or changes its meaning; not when one is added. */
export const EXPLORE_SCHEMA = 2;

export interface ExploreResult {
  readonly schema: typeof EXPLORE_SCHEMA;
  readonly tool: { readonly name: 'klptorture'; readonly version: string };
  readonly verdict: Verdict;
  /** What keeps it from a pass; empty for one. */
  readonly reasons: readonly string[];
  readonly scenario: string;
  readonly scenarioHash: string;
  readonly protocol: string;
  /** '' for the kernel as it is. */
  readonly kernel: string;
  readonly memory: MemoryName;
  /** Barriers that were left out. */
  readonly dropped: readonly string[];
  readonly scheduler: string;
  readonly seed: number;
  readonly end: CampaignOutcome['end'];
  readonly executions: number;
  /** Of them by an earlier run of this campaign. */
  readonly resumed: number;
  readonly stepsPerExecution: number;
  readonly executionsPerSecond: number | null;
  readonly ends: CampaignOutcome['findings']['ends'];
  /** Executions that say nothing for certain, by reason. */
  readonly doubts: Readonly<Record<string, number>>;
  readonly findings: readonly FindingReport[];
  readonly coverage: CoverageReport;
  readonly wallSeconds: number;
  readonly environment: Environment;
}

export function exploreResult(
  outcome: CampaignOutcome,
  version: string,
  environment: Environment,
  /** By signature. */
  studies: ReadonlyMap<string, Study>,
): ExploreResult {
  const { subject, findings } = outcome;
  const reports = findings
    .list()
    .map((f) => reportFinding(subject, f, studies.get(f.first.signature) ?? null));
  const doubts = doubtsOf(outcome);
  const fresh = findings.executions - outcome.resumed;
  return {
    schema: EXPLORE_SCHEMA,
    tool: { name: 'klptorture', version },
    verdict: reports.length > 0 ? 'fail' : doubts.length > 0 ? 'inconclusive' : 'pass',
    reasons: [...reports.map((r) => r.code), ...doubts],
    scenario: subject.scenarioName,
    scenarioHash: scenarioHash(subject.scenario),
    protocol: subject.scenario.machine.protocol,
    kernel: subject.kernel,
    memory: subject.memory,
    dropped: subject.dropped,
    scheduler: subject.scheduler,
    seed: subject.seed,
    end: outcome.end,
    executions: findings.executions,
    resumed: outcome.resumed,
    stepsPerExecution: findings.executions === 0 ? 0 : Math.round(findings.steps / findings.executions),
    executionsPerSecond: outcome.wallSeconds > 0 ? fresh / outcome.wallSeconds : null,
    ends: findings.ends,
    doubts: Object.fromEntries(Object.entries(findings.doubts).map(([why, d]) => [why, d.count])),
    findings: reports,
    coverage: findings.coverage.report(),
    wallSeconds: outcome.wallSeconds,
    environment,
  };
}

function doubtsOf({ findings, end, cause }: CampaignOutcome): string[] {
  const doubts = Object.entries(findings.doubts).map(
    ([why, { count }]) => `${count} ${count === 1 ? 'execution' : 'executions'}: ${why}`,
  );
  if (end === 'simulator-bug') doubts.push(`simulator bug ${cause ?? ''}`);
  if (end === 'worker-died') doubts.push(`a worker died: ${cause ?? 'no cause is known'}`);
  if (end === 'not-written') doubts.push(`the campaign could not be written down: ${cause ?? ''}`);
  if (findings.executions === 0) doubts.push('no execution was made');
  return doubts;
}
