// SPDX-License-Identifier: GPL-2.0-only
/** The first finding of a subject, by the executions of a campaign in their order. */
import { measure } from '#src/explore/measure.js';
import { makeSubject, type SubjectChoice } from '#src/explore/prepare.js';
import { type Found, Runner } from '#src/explore/runner.js';

export interface FirstFinding {
  readonly runner: Runner;
  readonly found: Found;
}

/** Throws if none of `executions` shows a violation with that code. */
export async function firstFinding(
  scenarioName: string,
  protocol: string,
  code: string,
  executions: number,
  choice: Pick<SubjectChoice, 'explore' | 'seed'> = {},
): Promise<FirstFinding> {
  const subject = { ...makeSubject({ scenarioName, protocol, seed: 1, ...choice }), observeEvery: 1_000_000 };
  const measured = measure(await Runner.create(subject));
  const runner = await Runner.create({ ...subject, ...measured });
  for (let i = 0; i < executions; i++) {
    runner.beginBatch();
    const found = runner.run(i)?.found.find((f) => f.violation.code === code);
    if (found !== undefined) return { runner, found };
  }
  throw new Error(`${protocol}: no ${code} in ${executions} executions`);
}
