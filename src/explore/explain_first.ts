// SPDX-License-Identifier: GPL-2.0-only
/** The first findings of a campaign, one of each code, are made smaller and explained by its workers. */
import type { CampaignOutcome, Pool } from './campaign.js';
import type { Study, StudyTask } from './study.js';

export interface ExplainOptions {
  readonly pool: Pool;
  /** Codes. */
  readonly most: number;
  readonly signal: AbortSignal;
  onBegin(code: string): void;
  /** A worker died of it. */
  onFailure(code: string, why: string): void;
}

/** By signature. What was found is shown without that, too: nothing that goes wrong here is thrown. */
export async function explainFirst(
  outcome: CampaignOutcome,
  options: ExplainOptions,
): Promise<Map<string, Study>> {
  const { pool, signal } = options;
  const studies = new Map<string, Study>();
  const codes = new Set<string>();
  for (const finding of outcome.findings.list()) {
    const { violation, signature } = finding.first;
    if (signal.aborted || codes.has(violation.code) || codes.size >= options.most) continue;
    codes.add(violation.code);
    options.onBegin(violation.code);
    const task: StudyTask = { subject: outcome.subject, finding };
    try {
      const made = (await pool.run(task, { name: 'explain', signal })) as Study | null;
      if (made !== null) studies.set(signature, made);
    } catch (error) {
      if (!signal.aborted)
        options.onFailure(violation.code, error instanceof Error ? error.message : String(error));
    }
  }
  return studies;
}
