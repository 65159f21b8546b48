// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture replay`: the execution of a token, once more. */
import { subjectOfToken } from '../explore/prepare.js';
import { replay } from '../explore/replay.js';
import { decodeToken } from '../explore/token.js';
import { actorName } from '../machine/plan.js';
import { paintFor, paintVerdict } from '../report/paint.js';
import { formatViolation } from '../report/violation_text.js';
import { UsageError } from '../util/fault.js';
import { EXIT } from './exit.js';
import type { replayOptions } from './explore_options.js';
import type { Io } from './io.js';
import type { Values } from './options.js';

export async function replayCommand(
  operand: string | null,
  values: Values<typeof replayOptions>,
  problems: readonly string[],
  io: Io,
): Promise<number> {
  const missing = operand === null ? ['replay needs a token: klptorture replay klp1:…'] : [];
  if (operand === null || problems.length > 0) throw new UsageError([...problems, ...missing]);
  const token = decodeToken(operand);
  const subject = subjectOfToken(token);
  const result = await replay(subject, token);
  const verdict =
    result.violations.length > 0
      ? 'fail'
      : result.divergedAt >= 0 || result.doubt !== null
        ? 'inconclusive'
        : 'pass';
  const stateHash = result.stateHash.toString(16).padStart(8, '0');
  if (values.json) {
    const { execution, violations, divergedAt, doubt } = result;
    const { end, steps } = execution;
    io.stdout.write(
      `${JSON.stringify({ schema: 1, verdict, engine: 'fibers', end, steps, stateHash, violations, divergedAt, doubt }, null, 2)}\n`,
    );
    return EXIT[verdict];
  }
  const paint = paintFor(io.stdout, io.env);
  const nameOf = (actor: number) => actorName({ nrCpus: subject.scenario.machine.cpus }, actor);
  const lines = [
    `replay: scenario=${token.scenarioName} protocol=${token.protocol} scheduler=${token.scheduler} seed=${token.seed} engine=fibers`,
    ...result.violations.flatMap((v) => ['', ...formatViolation(v, nameOf, paint)]),
    '',
    `${result.execution.steps} operations, ended as ${result.execution.end}, state ${stateHash}`,
  ];
  if (result.divergedAt >= 0)
    lines.push(`??? the record could not be followed from operation ${result.divergedAt} on`);
  lines.push(`End of replay: ${paintVerdict(verdict, paint)}`);
  io.stdout.write(`${lines.join('\n')}\n`);
  return EXIT[verdict];
}
