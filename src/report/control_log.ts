// SPDX-License-Identifier: GPL-2.0-only
/**
 * What the control paths note about their operations. A log lives in one thread; its result is plain data that can be
 * posted at any time and as often as wanted.
 */
import { EBUSY, errnoName } from '../kernel/abi/constants.js';
import { LatencyHistogram } from './histogram.js';
import type { HotplugDirection, HotplugResult, ReadersResult, TransitionsResult } from './result.js';

type Errors = Record<string, number>;

function countError(errors: Errors, errno: number): void {
  const name = errnoName(errno);
  errors[name] = (errors[name] ?? 0) + 1;
}

export class TransitionLog {
  private readonly patching = new LatencyHistogram();
  private readonly unpatching = new LatencyHistogram();
  /** Transitions by the power of two at or below their number of attempts. */
  private readonly attempts = new Map<number, number>();
  private readonly errors: Errors = {};
  private nrCompleted = 0;
  private nrReversed = 0;
  private nrForced = 0;
  private nrCancelled = 0;

  /** `us`: from the request to completion. `attempts`: calls of klp_try_complete_transition, at least one. */
  completed(direction: 'patching' | 'unpatching', us: number, attempts: number): void {
    this.nrCompleted++;
    this[direction].recordValue(us);
    const from = 2 ** Math.floor(Math.log2(Math.max(1, attempts)));
    this.attempts.set(from, (this.attempts.get(from) ?? 0) + 1);
  }

  reversed(): void {
    this.nrReversed++;
  }

  forced(): void {
    this.nrForced++;
  }

  cancelled(): void {
    this.nrCancelled++;
  }

  /** A request that the kernel refused; `errno` as it returned it. */
  failed(errno: number): void {
    countError(this.errors, errno);
  }

  /** Shortest and longest so far, both directions; null before the first. */
  span(): { readonly min: number; readonly max: number } | null {
    const both = [this.patching.summary(), this.unpatching.summary()].filter((s) => s !== null);
    if (both.length === 0) return null;
    return { min: Math.min(...both.map((s) => s.minUs)), max: Math.max(...both.map((s) => s.maxUs)) };
  }

  result(): TransitionsResult {
    return {
      completed: this.nrCompleted,
      reversed: this.nrReversed,
      forced: this.nrForced,
      cancelled: this.nrCancelled,
      failed: { ...this.errors },
      latency: { patching: this.patching.summary(), unpatching: this.unpatching.summary() },
      attempts: [...this.attempts]
        .sort(([a], [b]) => a - b)
        .map(([from, count]) => ({ from, to: 2 * from - 1, count })),
    };
  }
}

class DirectionLog {
  private attempts = 0;
  private successes = 0;
  private busy = 0;
  private readonly errors: Errors = {};
  private min = Number.POSITIVE_INFINITY;
  private max = 0;
  private total = 0;

  add(errno: number, ms: number): void {
    this.attempts++;
    if (errno === 0) {
      this.successes++;
      this.min = Math.min(this.min, ms);
      this.max = Math.max(this.max, ms);
      this.total += ms;
    } else if (Math.abs(errno) === EBUSY) {
      this.busy++;
    } else {
      countError(this.errors, errno);
    }
  }

  result(): HotplugDirection {
    const any = this.successes > 0;
    return {
      attempts: this.attempts,
      successes: this.successes,
      busy: this.busy,
      errors: { ...this.errors },
      minMs: any ? this.min : null,
      avgMs: any ? this.total / this.successes : null,
      maxMs: any ? this.max : null,
      totalMs: this.total,
    };
  }
}

/** `errno` is what cpu_up or cpu_down returned, 0 for success; `ms` how long it took. */
export class HotplugLog {
  private readonly upLog = new DirectionLog();
  private readonly downLog = new DirectionLog();

  up(errno: number, ms: number): void {
    this.upLog.add(errno, ms);
  }

  down(errno: number, ms: number): void {
    this.downLog.add(errno, ms);
  }

  result(): HotplugResult {
    return { up: this.upLog.result(), down: this.downLog.result() };
  }
}

export class ReadersLog {
  private readonly wait = new LatencyHistogram();

  /** One section; `us`: from asking for the lock to having it. */
  section(us: number): void {
    this.wait.recordValue(us);
  }

  result(): ReadersResult {
    return { sections: this.wait.count, wait: this.wait.summary() };
  }
}
