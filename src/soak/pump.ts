// SPDX-License-Identifier: GPL-2.0-only
/**
 * Pumps the trace from the rings to the judge and the statistics, on the host's thread, in slices that leave the event
 * loop its turns.
 */

import type { MachineShared } from '../machine/view.js';
import { createOracles } from '../oracle/index.js';
import { Judge } from '../oracle/judge.js';
import type { RunEnd } from '../oracle/oracle.js';
import type { Suspicion, Violation } from '../oracle/violation.js';
import type { TraceRecord } from '../trace/events.js';
import { TraceReader, type TraceSink } from '../trace/reader.js';
import { RunStatistics, STATISTIC_EVENTS } from './statistics.js';

/** Records of one slice: a few milliseconds. */
const SLICE = 20_000;
/** Pause when there was next to nothing to read, ms. */
const IDLE_MS = 2;
const NEXT_TO_NOTHING = 1_000;

export class TracePump implements TraceSink {
  readonly statistics = new RunStatistics();
  records = 0;
  private readonly reader: TraceReader;
  private readonly judge: Judge | null;
  private readonly counted: boolean[];
  private running = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    shared: MachineShared,
    oracles: boolean,
    private readonly onViolation: (v: Violation) => void,
  ) {
    this.reader = new TraceReader(shared.trace);
    this.judge = oracles ? new Judge(createOracles(shared.scenario)) : null;
    this.counted = Array.from({ length: 256 }, (_, ev) => STATISTIC_EVENTS.includes(ev));
  }

  feed(r: TraceRecord): void {
    this.records++;
    if (this.judge !== null) this.judge.feed(r);
    if (this.counted[r.ev] === true) this.statistics.feed(r);
  }

  lost(records: number): void {
    this.judge?.lost(records);
  }

  start(): void {
    this.running = true;
    this.turn();
  }

  private turn(): void {
    if (!this.running) return;
    const n = this.reader.poll(SLICE, this);
    this.announce();
    if (n < NEXT_TO_NOTHING) this.timer = setTimeout(() => this.turn(), IDLE_MS);
    else setImmediate(() => this.turn());
  }

  private announced = 0;

  /** New violations are shown as soon as they are found. */
  private announce(): void {
    const violations = this.judge?.violations ?? [];
    for (; this.announced < violations.length; this.announced++)
      this.onViolation(violations[this.announced] as Violation);
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.timer);
  }

  /**
   * The end of judging. `all`: every actor has left, so the rest of the trace is final; else only what is known to be
   * in order is judged.
   */
  finish(end: RunEnd, all: boolean): void {
    this.stop();
    if (all) this.reader.drain(this);
    else this.reader.poll(Number.POSITIVE_INFINITY, this);
    this.judge?.end({ ...end, dropped: this.reader.dropped() });
    this.announce();
  }

  dropped(): number {
    return this.reader.dropped();
  }

  violations(): readonly Violation[] {
    return this.judge?.violations ?? [];
  }

  violationCount(): number {
    return this.violations().reduce((n, v) => n + v.count, 0);
  }

  suspicions(): readonly Suspicion[] {
    return this.judge?.suspicions ?? [];
  }

  judged(): readonly { readonly name: string; readonly records: number }[] {
    return this.judge?.judged ?? [];
  }
}
