// SPDX-License-Identifier: GPL-2.0-only
/**
 * The result of a soak: plain data, the same for the text and for the JSON, which is this shape as it stands. A union
 * by `verdict`. Times carry their unit in the name; null means not measured, and a count is never null.
 */
import type { CounterName } from '../kernel/abi/counters.js';
import type { StopKind } from '../oracle/oracle.js';
import type { Suspicion, Violation } from '../oracle/violation.js';
import type { Scenario } from '../scenario/types.js';
import type { LatencySummary } from './histogram.js';
import type { LockStatRow } from './lock_stat.js';
import type { SoakStat } from './stat.js';
import type { WatchdogResult } from './watchdog.js';

/** Raised when a field of the JSON is renamed, removed or changes its meaning; not when one is added. */
export const RESULT_SCHEMA = 1;

export type Verdict = 'pass' | 'fail' | 'inconclusive';
export type ParameterValue = string | number | boolean;
/** In the order in which they print. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

export interface Environment {
  /** Version of Node.js: v20.19.0. */
  readonly node: string;
  readonly cpuModel: string;
  /** Host cores that this process may use. */
  readonly cores: number;
  /** System, architecture and release: linux-x64 6.1.0. */
  readonly platform: string;
  readonly memoryBytes: number;
}

export interface EngineInfo {
  readonly name: string;
  /** What a pass of this engine says nothing about. */
  readonly cannotFind: readonly string[];
}

/** Known before the first instruction. */
export interface SoakStart {
  readonly schema: typeof RESULT_SCHEMA;
  readonly tool: { readonly name: 'klptorture'; readonly version: string };
  readonly engine: EngineInfo;
  readonly scenario: {
    readonly name: string;
    readonly seed: number;
    /** All effective parameters, flat, as the start and the end line print them. */
    readonly parameters: Parameters;
    /** The whole scenario with every default filled in: run it again from this. */
    readonly spec: Scenario;
  };
  readonly environment: Environment;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

/**
 * Why the run ended. duration: its time was over. interrupted: the user. violation: told to stop at the first.
 * hung: the watchdog gave up waiting. worker-died: a thread was lost.
 */
export interface StopReason {
  readonly kind: StopKind;
  /** One line for the user, with the cause where there is one. */
  readonly text: string;
}

/** One event count. All but the total are null when there was no time to divide by. */
export interface CounterRate {
  readonly total: number;
  /** Per second of wall time. */
  readonly perSecond: number | null;
  /** Per second of wall time and host core that the simulated CPUs had: the fewer of cores and simulated CPUs. */
  readonly perCore: number | null;
  /** Per second of host CPU time that the whole process used, oracles and all. */
  readonly perCpuSecond: number | null;
}

/** Counters that count events; the others add up nanoseconds. */
export type EventCounterName = Exclude<CounterName, `${string}_ns`>;

export interface ActorCounters {
  readonly actor: number;
  /** cpu0, or the control path: livepatch. */
  readonly name: string;
  readonly counters: Readonly<Record<CounterName, number>>;
}

export interface TransitionsResult {
  /** Ended by klp_complete_transition, whichever way they went. */
  readonly completed: number;
  readonly reversed: number;
  readonly forced: number;
  /** Ended by klp_cancel_transition: given up before they were started. */
  readonly cancelled: number;
  /** Requests that the kernel refused, by errno name: { '-EBUSY': 2 }. */
  readonly failed: Readonly<Record<string, number>>;
  /** From request to completion; a reversed transition counts for the direction in which it ended. */
  readonly latency: { readonly patching: LatencySummary | null; readonly unpatching: LatencySummary | null };
  /** How many completion attempts the transitions took, grouped by powers of two. */
  readonly attempts: readonly { readonly from: number; readonly to: number; readonly count: number }[];
}

/** One direction of hotplug. Times are of the successes; null without any. */
export interface HotplugDirection {
  readonly attempts: number;
  readonly successes: number;
  /** Refused with -EBUSY: hotplug was disabled. */
  readonly busy: number;
  /** Other errors, by errno name. */
  readonly errors: Readonly<Record<string, number>>;
  readonly minMs: number | null;
  readonly avgMs: number | null;
  readonly maxMs: number | null;
  readonly totalMs: number;
}

export interface HotplugResult {
  readonly up: HotplugDirection;
  readonly down: HotplugDirection;
}

/** The control path that takes the hotplug lock as a reader. */
export interface ReadersResult {
  readonly sections: number;
  /** From asking for the lock to having it. */
  readonly wait: LatencySummary | null;
}

/** What every verdict comes with. */
export interface SoakFacts extends SoakStart {
  readonly wallSeconds: number;
  /** Host CPU time of the process, user and system; null if not measured. */
  readonly cpuSeconds: number | null;
  readonly stop: StopReason;
  /** Odd, but no rule is broken: `???` in the text. */
  readonly suspicions: readonly Suspicion[];
  /** What each oracle was fed. */
  readonly oracles: readonly { readonly name: string; readonly records: number }[];
  readonly trace: {
    readonly records: number;
    readonly dropped: number;
    /** Time that CPUs waited for the reader of the trace, summed. */
    readonly throttleMs: number;
  };
  readonly counters: {
    readonly actors: readonly ActorCounters[];
    readonly totals: Readonly<Record<CounterName, number>>;
    readonly rates: Readonly<Record<EventCounterName, CounterRate>>;
  };
  readonly transitions: TransitionsResult;
  /** Null: the scenario has no hotplug. */
  readonly hotplug: HotplugResult | null;
  /** Null: the scenario has no such readers. */
  readonly readers: ReadersResult | null;
  /** Classes that were used, most contended first. Null: not recorded. */
  readonly lockStat: readonly LockStatRow[] | null;
  /** Null: the watchdog had nothing to say. */
  readonly watchdog: WatchdogResult | null;
  /** Statistics over the run at even distances, which grow in a long one. */
  readonly statistics: readonly SoakStat[];
}

export interface SoakPass extends SoakFacts {
  readonly verdict: 'pass';
  readonly reasons: readonly [];
  readonly violations: readonly [];
}

export interface SoakFail extends SoakFacts {
  readonly verdict: 'fail';
  /** One line for each violation, then what else was wrong with the run. */
  readonly reasons: readonly string[];
  readonly violations: readonly Violation[];
}

export interface SoakInconclusive extends SoakFacts {
  readonly verdict: 'inconclusive';
  /** Why it cannot be a pass. */
  readonly reasons: readonly string[];
  readonly violations: readonly [];
}

export type SoakResult = SoakPass | SoakFail | SoakInconclusive;
