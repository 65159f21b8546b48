// SPDX-License-Identifier: GPL-2.0-only
/** A finding as it is reported: with the token that shows it again. */
import type { Violation } from '../oracle/violation.js';
import type { Finding } from './findings.js';
import type { Found } from './runner.js';
import { sourcesHash } from './sources.js';
import type { Study } from './study.js';
import { type Subject, scenarioHash } from './subject.js';
import { encodeToken } from './token.js';

export interface FindingReport {
  readonly code: string;
  readonly violation: Violation;
  readonly execution: number;
  readonly scheduler: string;
  readonly count: number;
  readonly token: string;
  /** What it became when it was made smaller and explained; null: that was not done, or did not succeed. */
  readonly study: Study | null;
}

export function tokenOf(subject: Subject, found: Pick<Found, 'seed' | 'scheduler' | 'decisions'>): string {
  return encodeToken({
    scenarioName: subject.scenarioName,
    hash: scenarioHash(subject.scenario),
    protocol: subject.scenario.machine.protocol,
    explore: subject.scenario.explore,
    kernel: subject.kernel,
    sources: sourcesHash(subject.trees),
    seed: found.seed,
    scheduler: found.scheduler,
    memory: subject.memory,
    dropped: subject.dropped,
    decisions: found.decisions,
    maxSteps: subject.maxSteps,
  });
}

export function reportFinding(
  subject: Subject,
  { first, count }: Finding,
  study: Study | null = null,
): FindingReport {
  return {
    code: first.violation.code,
    violation: first.violation,
    execution: first.execution,
    scheduler: first.scheduler,
    count,
    token: tokenOf(subject, first),
    study,
  };
}
