// SPDX-License-Identifier: GPL-2.0-only
/** An outcome in the layout of herd7, with a last line on the header; and as plain data for JSON. */
import { conditionText, stateText, valueText } from './condition.js';
import type { State } from './models.js';
import type { Outcome } from './outcome.js';
import type { Problem } from './problems.js';

const words = { exists: 'Allowed', '~exists': 'Forbidden', forall: 'Required' } as const;

/** States by their values, as herd7 lists them. */
function statesOf(outcome: Exclude<Outcome, { status: 'skipped' }>): State[] {
  const texts = new Map<State, string>();
  for (const state of outcome.found.states.values())
    texts.set(state, stateText(outcome.program, state.values));
  return [...texts].sort(([, a], [, b]) => (a < b ? -1 : Number(a > b))).map(([state]) => state);
}

export function problemText({ line, kind, text }: Problem): string {
  const where = line === 0 ? '' : `line ${line}: `;
  return `${where}${kind === 'unsupported' ? 'not supported: ' : ''}${text}`;
}

/** Lines for the terminal. */
export function outcomeLines(outcome: Outcome): string[] {
  if (outcome.status === 'skipped') {
    return [`Test ${outcome.name} skipped`, ...outcome.problems.map((p) => `  ${problemText(p)}`), ''];
  }
  const { program, found, observation, valid, name } = outcome;
  const states = statesOf(outcome);
  /* herd7 counts as witnesses what the condition wants to see: for ~exists that is where the inner part fails. */
  const [witnesses, others] =
    program.quantifier === '~exists' ? [found.negative, found.positive] : [found.positive, found.negative];
  return [
    `Test ${name} ${words[program.quantifier]}`,
    `States ${states.length}`,
    ...states.map(
      (s) => `${String(s.count).padStart(6)} ${s.positive ? '*>' : ':>'} ${stateText(program, s.values)}`,
    ),
    valid ? 'Ok' : 'No',
    'Witnesses',
    `Positive: ${witnesses} Negative: ${others}`,
    ...found.flags.map((flag) => `Flag ${flag}`),
    `Condition ${conditionText(program)}`,
    `Observation ${name} ${observation} ${found.positive} ${found.negative}`,
    headerLine(outcome),
    '',
  ];
}

function headerLine(outcome: Exclude<Outcome, { status: 'skipped' }>): string {
  const { program, status } = outcome;
  if (status === 'unjudged') return 'Header: says no result';
  const expected = [
    program.expected,
    program.expectsRace && program.expected !== 'DATARACE' ? 'DATARACE' : null,
  ];
  return `Header: ${expected.filter((e) => e !== null).join(' ')}, ${statusText(outcome)}`;
}

/** `differs, lkmm-6.12 agrees`. */
export function statusText({ status, agreesBy }: Exclude<Outcome, { status: 'skipped' }>): string {
  return agreesBy === null ? status : `${status}, ${agreesBy} agrees`;
}

export function outcomeData(file: string, outcome: Outcome) {
  if (outcome.status === 'skipped') return { file, ...outcome };
  const { status, name, program, found, observation, valid, agreesBy } = outcome;
  return {
    file,
    status,
    name,
    agreesBy,
    expected: program.expected,
    expectsRace: program.expectsRace,
    observation,
    positive: found.positive,
    negative: found.negative,
    valid,
    quantifier: program.quantifier,
    condition: conditionText(program),
    flags: found.flags,
    candidates: found.candidates,
    states: statesOf(outcome).map((s) => ({
      values: Object.fromEntries(
        program.observed.map((p, i) => [p.text, valueText(program, s.values[i] as number)]),
      ),
      count: s.count,
      positive: s.positive,
    })),
  };
}
