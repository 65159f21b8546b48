// SPDX-License-Identifier: GPL-2.0-only
/** Feeds each record to the oracles that want its event, and to no others: most records are func_enter and func_exit. */
import { EV, type TraceRecord } from '../trace/events.js';
import type { TraceSink } from '../trace/reader.js';
import type { Oracle, RunEnd } from './oracle.js';
import type { Suspicion, Violation } from './violation.js';

/** Event numbers are bytes. */
const EVENT_NUMBERS = 256;

export class Judge implements TraceSink {
  /** Records seen, judged or not. */
  records = 0;
  /** Records that were lost before the end. From the first gap on nothing is judged: a gap looks like any bug. */
  lostRecords = 0;
  /** By event: places of the oracles that want it. */
  private readonly takers: readonly (readonly number[])[];
  private readonly fed = new Float64Array(EVENT_NUMBERS);
  private list: Violation[] = [];
  /** How many violations of each oracle are in the list. */
  private taken: number[];

  constructor(private all: readonly Oracle[]) {
    this.taken = all.map(() => 0);
    const takers: number[][] = Array.from({ length: EVENT_NUMBERS }, () => []);
    all.forEach((oracle, i) => {
      for (const name of new Set(oracle.events)) takers[EV[name]]?.push(i);
    });
    this.takers = takers;
  }

  get oracles(): readonly Oracle[] {
    return this.all;
  }

  /** Another run begins, under new oracles of the same kinds in the same order. */
  restart(oracles: readonly Oracle[]): void {
    this.all = oracles;
    this.records = 0;
    this.lostRecords = 0;
    this.fed.fill(0);
    this.list = [];
    this.taken = oracles.map(() => 0);
  }

  feed(r: TraceRecord): void {
    this.records++;
    if (this.lostRecords !== 0) return;
    this.fed[r.ev] = (this.fed[r.ev] as number) + 1;
    const takers = this.takers[r.ev] as readonly number[];
    for (let i = 0; i < takers.length; i++) (this.all[takers[i] as number] as Oracle).feed(r);
  }

  lost(records: number): void {
    this.lostRecords += records;
  }

  end(end: RunEnd): void {
    for (const oracle of this.all) oracle.end(end);
  }

  /** In the order in which they were found: grows at its end. */
  get violations(): readonly Violation[] {
    const found: Violation[] = [];
    this.all.forEach((oracle, i) => {
      const { violations } = oracle;
      for (let n = this.taken[i] as number; n < violations.length; n++)
        found.push(violations[n] as Violation);
      this.taken[i] = violations.length;
    });
    found.sort((a, b) => a.seq - b.seq);
    this.list.push(...found);
    return this.list;
  }

  get suspicions(): readonly Suspicion[] {
    return this.all.flatMap((o) => o.suspicions);
  }

  /** What each oracle was fed. */
  get judged(): readonly { readonly name: string; readonly records: number }[] {
    return this.all.map((o) => ({
      name: o.id,
      records: [...new Set(o.events)].reduce((n, name) => n + (this.fed[EV[name]] as number), 0),
    }));
  }
}
