// SPDX-License-Identifier: GPL-2.0-only
/**
 * Compares pieces of code on a machine that others use too. Short samples of all contenders alternate, so that what
 * slows the host for a while slows them alike; a ratio is made within each round, and the median taken over rounds.
 */
import { performance } from 'node:perf_hooks';
import { sampleClock } from './clock.js';
import type { Warning } from './result.js';
import { median, type Spread, spread } from './statistics.js';

/** Does `n` turns of what is measured, and returns something that depends on all of them. */
export type Contender = (n: number) => number;

export interface CompareOptions {
  readonly rounds: number;
  /** Length that a sample aims at, ms: well below a time slice of the host, well above its clock. */
  readonly sampleMs: number;
  /** Time that each contender gets first, ms, for the compiler to settle. */
  readonly warmMs: number;
}

export const DEFAULT_OPTIONS: CompareOptions = { rounds: 250, sampleMs: 0.5, warmMs: 400 };

export interface Comparison<N extends string> {
  /** ns for each turn. */
  readonly ns: Readonly<Record<N, Spread>>;
  /** Time of the one over time of the other, of the same round. */
  ratio(of: N, to: N): Spread;
  readonly warnings: readonly Warning[];
}

/** Keeps results alive, so that nothing measured is optimised away. */
let sink = 0;

function consume(value: number): void {
  sink = (sink + value) | 0;
}

export function compare<N extends string>(
  contenders: Readonly<Record<N, Contender>>,
  options: CompareOptions = DEFAULT_OPTIONS,
): Comparison<N> {
  const names = Object.keys(contenders) as N[];
  mix(Object.values(contenders), options.warmMs);
  const warm = names.map((name) => new WarmUp(contenders[name], options.sampleMs * 1e6));
  for (let pass = 0; pass < WARM_PASSES; pass++) for (const w of warm) w.run(options.warmMs / WARM_PASSES);
  const turns = new Map<N, number>(names.map((name, i) => [name, (warm[i] as WarmUp).turns()]));
  const samples = new Map<N, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < options.rounds; round++) {
    /* Each round starts with another one, so that none always follows the same. */
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length] as N;
      const n = turns.get(name) as number;
      samples.get(name)?.push(sample(contenders[name], n) / n);
    }
  }
  const of = (name: N): number[] => samples.get(name) as number[];
  const ns = Object.fromEntries(names.map((name) => [name, spread(of(name))])) as Record<N, Spread>;
  return {
    ns,
    ratio: (a, b) => spread(of(a).map((x, round) => x / (of(b)[round] as number))),
    warnings: names.flatMap((name) => sampleWarnings(name, ns[name].median * (turns.get(name) as number))),
  };
}

const clock = sampleClock();

/** ns of one sample. */
function sample(contender: Contender, n: number): number {
  const start = clock.nowNs();
  consume(contender(n));
  return clock.nowNs() - start;
}

/** Turns at a time while they are mixed: far fewer than make the compiler look at a function. */
const MIXED_TURNS = 8;

/**
 * Short turns of all in alternation: the compiler is to see what they do with shared code about equally often before
 * it settles. What it saw seldom it does not inline, and would not until something else makes it compile again.
 */
function mix(contenders: readonly Contender[], ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end) for (const contender of contenders) consume(contender(MIXED_TURNS));
}

const WARM_PASSES = 8;

/** Warms one contender up, and finds how many turns make a sample. */
class WarmUp {
  private n = 1;
  private perTurn: number[] = [];

  constructor(
    private readonly contender: Contender,
    private readonly sampleNs: number,
  ) {}

  run(ms: number): void {
    const end = performance.now() + ms;
    this.perTurn = [];
    while (performance.now() < end || this.perTurn.length < 3) {
      const ns = sample(this.contender, this.n);
      this.perTurn.push(ns / this.n);
      if (ns >= this.sampleNs / 2) continue;
      /* The code got faster, or a look was disturbed: what was seen so far is not what will be. */
      this.n *= 2;
      this.perTurn = [];
    }
  }

  /** From the last run. */
  turns(): number {
    return Math.max(1, Math.round(this.sampleNs / median(this.perTurn)));
  }
}

/** Shortest sample that the host's clock measures to a thousandth or so, ns. */
const SHORT_SAMPLE_NS = 50_000;

function sampleWarnings(name: string, ns: number): Warning[] {
  if (ns >= SHORT_SAMPLE_NS) return [];
  return [
    {
      code: 'short-sample',
      text: `a sample of "${name}" takes ${Math.round(ns)} ns, too near to the clock's own cost`,
    },
  ];
}
