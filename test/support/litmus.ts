// SPDX-License-Identifier: GPL-2.0-only
/** Short litmus tests for tests: bodies only. */
import { type ModelName, models } from '#src/litmus/models.js';
import { type Outcome, runTest } from '#src/litmus/outcome.js';

/** Words that every thread gets as parameters. */
const parameters = 'int *x, int *y, int *z, spinlock_t *l, struct srcu_struct *s';

export interface Sketch {
  readonly threads: readonly string[];
  /** Such as `exists (0:r0=1)`. */
  readonly condition: string;
  readonly init?: string;
  readonly model?: ModelName;
}

export function explore({
  threads,
  condition,
  init = '',
  model = 'lkmm',
}: Sketch): Exclude<Outcome, { status: 'skipped' }> {
  const bodies = threads.map((body, i) => `P${i}(${parameters})\n{\n${body}\n}\n`);
  const outcome = runTest(
    `C sketch\n\n{${init}}\n\n${bodies.join('\n')}\n${condition}\n`,
    models[model],
    'sketch',
  );
  if (outcome.status === 'skipped')
    throw new Error(outcome.problems.map((p) => `${p.line}: ${p.text}`).join('\n'));
  return outcome;
}
