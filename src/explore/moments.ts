// SPDX-License-Identifier: GPL-2.0-only
/**
 * Accesses of one execution as they are found again in others: the same task does the same at the same place for the
 * n-th time. Tasks, since they change CPUs; how often, since places are passed again and again.
 */
import type { Access } from './accesses.js';

export interface Moment {
  /** Of task, place and word, in a MomentIndex. */
  readonly id: number;
  readonly task: number;
  /** Such accesses that came before it. */
  readonly nth: number;
}

interface Entry {
  readonly task: number;
  readonly addr: number;
  readonly id: number;
}

export class MomentIndex {
  size = 0;
  private readonly bySite: Entry[][] = [];

  /** `task`: address of the task_struct. -1: it is none of those that matter. */
  idOf(task: number, site: number, addr: number): number {
    const entries = this.bySite[site];
    if (entries !== undefined) {
      for (const e of entries) if (e.addr === addr && e.task === task) return e.id;
    }
    return -1;
  }

  add(task: number, site: number, addr: number): number {
    const known = this.idOf(task, site, addr);
    if (known >= 0) return known;
    const entries = this.bySite[site] ?? [];
    this.bySite[site] = entries;
    entries.push({ task, addr, id: this.size });
    return this.size++;
  }
}

/** How often each access had come before, by its number. `accesses` are those of a whole execution. */
export function occurrences(accesses: readonly Access[]): number[] {
  const counts = new Map<string, number>();
  return accesses.map((a) => {
    const key = `${a.task} ${a.site} ${a.addr}`;
    const nth = counts.get(key) ?? 0;
    counts.set(key, nth + 1);
    return nth;
  });
}

/** When the accesses of an index came in an execution. */
export class MomentLog {
  private readonly times: number[][];
  private now = 0;

  constructor(size: number) {
    this.times = Array.from({ length: size }, () => []);
  }

  add(id: number): void {
    (this.times[id] as number[]).push(this.now++);
  }

  count(id: number): number {
    return (this.times[id] as number[]).length;
  }

  /** Undefined: it did not come. */
  timeOf(m: Moment): number | undefined {
    return (this.times[m.id] as number[])[m.nth];
  }

  happened(m: Moment): boolean {
    return this.count(m.id) > m.nth;
  }
}
