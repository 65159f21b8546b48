// SPDX-License-Identifier: GPL-2.0-only
/**
 * From raw numbers to a result. Here the verdict is made: violations make a failure; without one, whatever kept the
 * run from judging all it did makes it inconclusive; only the rest is a pass.
 */
import { COUNTER, type CounterName } from '../kernel/abi/counters.js';
import type { Violation } from '../oracle/violation.js';
import type { Scenario } from '../scenario/types.js';
import type { LockStatBuffer } from '../trace/lock_stat.js';
import { mergeLockStat } from './lock_stat.js';
import { scenarioParameters } from './parameters.js';
import {
  type ActorCounters,
  type CounterRate,
  type EngineInfo,
  type EventCounterName,
  type Parameters,
  RESULT_SCHEMA,
  type SoakFacts,
  type SoakResult,
  type SoakStart,
} from './result.js';
import { formatPlural, ratio } from './units.js';

/** The engine of real threads and what a pass on it does not say. */
export const threadsEngine: EngineInfo = {
  name: 'threads',
  cannotFind: [
    'a missing memory barrier: the host runs every access sequentially consistent',
    'interleavings that the host never happened to run: nothing is enumerated and nothing can be replayed',
  ],
};

export interface RawStart {
  readonly toolVersion: string;
  readonly scenario: Scenario;
  /** What the command line adds to the scenario: which oracles run, whether locks are counted. */
  readonly extra: Parameters;
  readonly engine: EngineInfo;
  readonly environment: SoakStart['environment'];
  readonly startedAt: string;
}

export function collectStart(raw: RawStart): SoakStart {
  return {
    schema: RESULT_SCHEMA,
    tool: { name: 'klptorture', version: raw.toolVersion },
    engine: raw.engine,
    scenario: {
      name: raw.scenario.name,
      seed: raw.scenario.seed,
      parameters: { ...scenarioParameters(raw.scenario), engine: raw.engine.name, ...raw.extra },
      spec: raw.scenario,
    },
    environment: raw.environment,
    startedAt: raw.startedAt,
  };
}

/** What comes as it is shown. */
type Given = Pick<
  SoakFacts,
  | 'wallSeconds'
  | 'cpuSeconds'
  | 'stop'
  | 'suspicions'
  | 'oracles'
  | 'transitions'
  | 'hotplug'
  | 'readers'
  | 'watchdog'
  | 'statistics'
>;

export interface RawSoak extends Given {
  readonly start: SoakStart;
  readonly violations: readonly Violation[];
  /** Why this run cannot be a pass, beyond what the rest of this record says by itself. */
  readonly doubts: readonly string[];
  readonly trace: { readonly records: number; readonly dropped: number };
  /** Every actor's block, words by COUNTER. */
  readonly actors: readonly {
    readonly actor: number;
    readonly name: string;
    readonly counters: ArrayLike<number>;
  }[];
  /** Null: lock statistics were off. */
  readonly lockStat: LockStatBuffer | null;
}

export function collectResult(raw: RawSoak): SoakResult {
  const actors = raw.actors.map(
    ({ actor, name, counters }): ActorCounters => ({ actor, name, counters: namedCounters(counters) }),
  );
  const totals = sumCounters(actors);
  const facts: SoakFacts = {
    ...raw.start,
    wallSeconds: raw.wallSeconds,
    cpuSeconds: raw.cpuSeconds,
    stop: raw.stop,
    suspicions: raw.suspicions,
    oracles: raw.oracles,
    trace: { ...raw.trace, throttleMs: totals.throttle_ns / 1e6 },
    counters: { actors, totals, rates: rates(totals, raw) },
    transitions: raw.transitions,
    hotplug: raw.hotplug,
    readers: raw.readers,
    lockStat: raw.lockStat === null ? null : mergeLockStat(raw.lockStat),
    watchdog: raw.watchdog,
    statistics: raw.statistics,
  };
  const doubts = allDoubts(raw);
  if (raw.violations.length > 0) {
    const reasons = raw.violations.map((v) => `${v.code}: ${v.summary}`);
    return { verdict: 'fail', reasons: [...reasons, ...doubts], violations: raw.violations, ...facts };
  }
  if (doubts.length > 0) return { verdict: 'inconclusive', reasons: doubts, violations: [], ...facts };
  return { verdict: 'pass', reasons: [], violations: [], ...facts };
}

function allDoubts(raw: RawSoak): string[] {
  const doubts = [...raw.doubts];
  for (const s of raw.suspicions) if (s.doubt) doubts.push(`${s.code}: ${s.text}`);
  const { dropped } = raw.trace;
  if (raw.stop.kind === 'hung' || raw.stop.kind === 'worker-died') doubts.push(raw.stop.text);
  if (dropped > 0) doubts.push(`${formatPlural(dropped, 'trace record was', 'trace records were')} dropped`);
  if (raw.oracles.length === 0) doubts.push('no oracle ran: nothing was judged');
  else if (raw.oracles.every((o) => o.records === 0))
    doubts.push('no oracle was fed a record: nothing was judged');
  return [...new Set(doubts)];
}

const counterNames = Object.keys(COUNTER) as CounterName[];

function namedCounters(words: ArrayLike<number>): Record<CounterName, number> {
  return Object.fromEntries(counterNames.map((name) => [name, words[COUNTER[name]] ?? 0])) as Record<
    CounterName,
    number
  >;
}

function sumCounters(actors: readonly ActorCounters[]): Record<CounterName, number> {
  const sum = namedCounters([]);
  for (const { counters } of actors) for (const name of counterNames) sum[name] += counters[name];
  return sum;
}

function rates(totals: Record<CounterName, number>, raw: RawSoak): Record<EventCounterName, CounterRate> {
  const { wallSeconds, cpuSeconds, start } = raw;
  const cores = Math.min(start.environment.cores, start.scenario.spec.machine.cpus);
  const names = counterNames.filter((name): name is EventCounterName => !name.endsWith('_ns'));
  const rate = (total: number): CounterRate => ({
    total,
    perSecond: ratio(total, wallSeconds),
    perCore: ratio(total, wallSeconds * cores),
    perCpuSecond: ratio(total, cpuSeconds),
  });
  return Object.fromEntries(names.map((name) => [name, rate(totals[name])])) as Record<
    EventCounterName,
    CounterRate
  >;
}
