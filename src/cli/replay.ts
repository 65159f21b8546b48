// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture replay`: the execution of a token, once more. */
import { explain, isExplained } from '../explore/explain.js';
import { subjectOfToken } from '../explore/prepare.js';
import { foundOf, replay, replayThreads } from '../explore/replay.js';
import { checkSources } from '../explore/sources.js';
import { staleReads } from '../explore/stale_reads.js';
import type { Subject } from '../explore/subject.js';
import { decodeToken, type Token } from '../explore/token.js';
import { actorName } from '../machine/plan.js';
import type { Violation } from '../oracle/violation.js';
import { type Explanation, formatExplanation } from '../report/explanation_text.js';
import { type Paint, paintFor, paintVerdict } from '../report/paint.js';
import type { Verdict } from '../report/result.js';
import { formatStaleReads, type ToldStaleRead } from '../report/stale_text.js';
import { formatCount } from '../report/units.js';
import { formatViolation } from '../report/violation_text.js';
import { SimulatorBug, UsageError } from '../util/fault.js';
import { toolVersion } from '../util/version.js';
import { EXIT } from './exit.js';
import type { replayOptions } from './explore_options.js';
import { type Io, textWidth } from './io.js';
import { resolveKernel } from './kernel_choice.js';
import type { Values } from './options.js';
import { readToken } from './token_operand.js';

/** Raised when a field of the JSON is renamed, removed or changes its meaning. */
const REPLAY_SCHEMA = 2;

interface Outcome {
  readonly engine: 'fibers' | 'threads';
  readonly verdict: Verdict;
  readonly end: string;
  readonly steps: number;
  readonly stateHash: string;
  readonly violations: readonly Violation[];
  /** Where the record could not be followed, and what was there instead; null: it could. */
  readonly divergence: string | null;
  readonly explanation: Explanation | null;
  readonly stale: readonly ToldStaleRead[];
}

export async function replayCommand(
  operand: string | null,
  values: Values<typeof replayOptions>,
  problems: readonly string[],
  io: Io,
): Promise<number> {
  const missing =
    operand === null
      ? ['replay needs a token, a file with one, or - for one on stdin: klptorture replay klp1:…']
      : [];
  if (operand === null || problems.length > 0) throw new UsageError([...problems, ...missing]);
  const token = decodeToken(readToken(operand));
  const subject = subjectOfToken(token, await resolveKernel(values, io));
  checkSources(token, subject.trees);
  const outcome = values.threads ? await onThreads(subject, token) : await onFibers(subject, token);
  if (values.json) {
    const tool = { name: 'klptorture', version: toolVersion() };
    io.stdout.write(`${JSON.stringify({ schema: REPLAY_SCHEMA, tool, ...outcome }, null, 2)}\n`);
  } else {
    io.stdout.write(
      `${text(subject, token, outcome, paintFor(io.stdout, io.env), textWidth(io.stdout)).join('\n')}\n`,
    );
  }
  return EXIT[outcome.verdict];
}

const hex = (n: number): string => n.toString(16).padStart(8, '0');

async function onFibers(subject: Subject, token: Token): Promise<Outcome> {
  const made = await replay(subject, token);
  const [first] = made.violations;
  const explained = made.violations.find((v) => isExplained(v.code));
  const diverged = made.divergence === '' ? null : made.divergence;
  let explanation: Explanation | null = null;
  if (explained !== undefined) {
    try {
      explanation = explain(made.runner, foundOf(token, made, explained));
    } catch (error) {
      /* A lock order of which other executions have a part does not come again by itself. */
      if (!(error instanceof SimulatorBug)) throw error;
    }
  }
  return {
    engine: 'fibers',
    verdict:
      first !== undefined ? 'fail' : diverged !== null || made.doubt !== null ? 'inconclusive' : 'pass',
    end: made.execution.end,
    steps: made.execution.steps,
    stateHash: hex(made.stateHash),
    violations: made.violations,
    divergence: diverged,
    explanation,
    stale: first === undefined ? [] : staleReads(made.runner, foundOf(token, made, first)),
  };
}

async function onThreads(subject: Subject, token: Token): Promise<Outcome> {
  const made = await replayThreads(subject, token);
  const d = made.divergence;
  const { recordDivergence } = made;
  const name = (actor: number) => actorName({ nrCpus: subject.scenario.machine.cpus }, actor);
  return {
    engine: 'threads',
    verdict: d !== null ? 'inconclusive' : made.violations.length > 0 ? 'fail' : 'pass',
    end: made.end,
    steps: made.steps,
    stateHash: hex(made.stateHash),
    violations: made.violations,
    divergence:
      d !== null
        ? `on threads: operation ${d.step}, ${name(d.actor)}: ${d.what}`
        : recordDivergence === ''
          ? null
          : recordDivergence,
    explanation: null,
    stale: [],
  };
}

function text(subject: Subject, token: Token, o: Outcome, paint: Paint, width: number): string[] {
  const nameOf = (actor: number) => actorName({ nrCpus: subject.scenario.machine.cpus }, actor);
  const dropped = token.dropped.length === 0 ? '' : ` without=${token.dropped.join(',')}`;
  const lines = [
    `replay: scenario=${token.scenarioName} protocol=${token.protocol} memory=${token.memory}${dropped} scheduler=${token.scheduler} seed=${token.seed} engine=${o.engine}`,
    ...o.violations.flatMap((v) => ['', ...formatViolation(v, nameOf, paint)]),
    ...(o.explanation === null ? [] : ['', ...formatExplanation(o.explanation, paint, width)]),
    ...(o.stale.length === 0 ? [] : ['', ...formatStaleReads(o.stale, paint)]),
    '',
    `${formatCount(o.steps)} operations, ended as ${o.end}, state ${o.stateHash}`,
  ];
  if (o.engine === 'threads' && o.divergence?.startsWith('on threads') !== true) {
    const threads = subject.scenario.machine.cpus + 5;
    lines.push(
      `${threads} worker threads made the recorded operations in the recorded order; same trace, same state`,
    );
  }
  if (o.divergence !== null) lines.push(`??? the record could not be followed: ${o.divergence}`);
  lines.push(`End of replay: ${paintVerdict(o.verdict, paint)}`);
  return lines;
}
