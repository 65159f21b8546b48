// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture replay`: the execution of a token, once more. */
import { explain, isExplained } from '../explore/explain.js';
import { subjectOfToken } from '../explore/prepare.js';
import { isRace, withAdvice } from '../explore/race_advice.js';
import { record } from '../explore/recorded.js';
import { foundOf, replay, replayThreads } from '../explore/replay.js';
import { Runner } from '../explore/runner.js';
import { checkSources } from '../explore/sources.js';
import { staleReads } from '../explore/stale_reads.js';
import type { Subject } from '../explore/subject.js';
import { runTogether } from '../explore/together.js';
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
import { type Io, textWidth, writeLines } from './io.js';
import { resolveKernel } from './kernel_choice.js';
import type { Values } from './options.js';
import { readTokens } from './token_operand.js';

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
  operands: readonly string[],
  values: Values<typeof replayOptions>,
  problems: readonly string[],
  io: Io,
): Promise<number> {
  const missing =
    operands.length === 0
      ? ['replay needs a token, a file with one, or - for one on stdin: klptorture replay klp1:…']
      : [];
  if (missing.length > 0 || problems.length > 0) throw new UsageError([...problems, ...missing]);
  const tokens = operands.flatMap(readTokens).map(decodeToken);
  const [token] = tokens as [Token];
  const several = tokens.length > 1;
  if (several && values.threads) throw new UsageError([`--threads replays one token; got ${tokens.length}`]);
  const kernel = await resolveKernel(values, io);
  const [subject] = tokens.map((t) => subjectOfToken(t, kernel)) as [Subject];
  for (const t of tokens) checkSources(t, subject.trees);
  if (several) checkTogether(tokens);
  const outcome = several
    ? await onFibersTogether(subject, tokens)
    : values.threads
      ? await onThreads(subject, token)
      : await onFibers(subject, token);
  if (values.json) {
    const tool = { name: 'klptorture', version: toolVersion() };
    io.stdout.write(`${JSON.stringify({ schema: REPLAY_SCHEMA, tool, ...outcome }, null, 2)}\n`);
  } else {
    const paint = paintFor(io.stdout, io.env);
    writeLines(io.stdout, text(subject, token, outcome, paint, textWidth(io.stdout)));
  }
  return EXIT[outcome.verdict];
}

/** UsageError if they are not of one machine: then nothing that they show belongs together. */
function checkTogether(tokens: readonly Token[]): void {
  const [first] = tokens as [Token];
  const fields = ['scenarioName', 'hash', 'protocol', 'kernel', 'memory', 'dropped'] as const;
  const problems = tokens.flatMap((t, i) =>
    fields
      .filter((k) => String(t[k]) !== String(first[k]))
      .map(
        (k) => `token ${i + 1} is of another campaign: ${k} is "${t[k]}" there and "${first[k]}" in token 1`,
      ),
  );
  if (problems.length > 0) throw new UsageError(problems);
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
  const violations = made.violations.map((v) =>
    isRace(v.code) ? withAdvice(record(made.runner, foundOf(token, made, v))) : v,
  );
  return {
    engine: 'fibers',
    verdict:
      first !== undefined ? 'fail' : diverged !== null || made.doubt !== null ? 'inconclusive' : 'pass',
    end: made.execution.end,
    steps: made.execution.steps,
    stateHash: hex(made.stateHash),
    violations,
    divergence: diverged,
    explanation,
    stale: first === undefined ? [] : staleReads(made.runner, foundOf(token, made, first)),
  };
}

/** Executions that have to be seen together: each shows its part of a cycle of lock orders. */
async function onFibersTogether(subject: Subject, tokens: readonly Token[]): Promise<Outcome> {
  const runner = await Runner.create(subject);
  const { execution, violations, diverged, size } = runTogether(runner, tokens);
  return {
    engine: 'fibers',
    verdict: violations.length > 0 ? 'fail' : diverged.length > 0 ? 'inconclusive' : 'pass',
    end: execution.end,
    steps: size.steps,
    stateHash: hex(runner.observed.stateHash()),
    violations,
    divergence: diverged.length > 0 ? `token ${diverged.join(', ')}` : null,
    explanation: null,
    stale: [],
  };
}

async function onThreads(subject: Subject, token: Token): Promise<Outcome> {
  const made = await replayThreads(subject, token);
  const d = made.divergence;
  const { recordDivergence } = made;
  const name = (actor: number) => actorName({ nrCpus: subject.scenario.machine.cpus }, actor);
  return {
    engine: 'threads',
    /* A token is of something that was found. */
    verdict: d === null && made.violations.length > 0 ? 'fail' : 'inconclusive',
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
  if (o.engine === 'threads' && o.divergence === null && o.violations.length === 0) {
    lines.push(
      '??? no violation in the trace: lock orders, data races and freed memory are looked after without --threads only',
    );
  }
  if (o.divergence !== null) lines.push(`??? the record could not be followed: ${o.divergence}`);
  lines.push(`End of replay: ${paintVerdict(o.verdict, paint)}`);
  return lines;
}
