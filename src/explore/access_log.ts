// SPDX-License-Identifier: GPL-2.0-only
/** When the accesses of one execution came, to find those of another one again: by actor, place, word and how often. */
import type { Access } from './accesses.js';

export class AccessLog {
  private readonly times = new Map<string, number[]>();
  private now = 0;

  static of(accesses: readonly Access[]): AccessLog {
    const log = new AccessLog();
    for (const a of accesses) log.add(a.actor, a.addr, a.site);
    return log;
  }

  add(actor: number, addr: number, site: number): void {
    const key = `${actor} ${addr} ${site}`;
    const times = this.times.get(key);
    if (times === undefined) this.times.set(key, [this.now++]);
    else times.push(this.now++);
  }

  /** Whether `second` came before `first`. Both are of the execution that `original` tells of. */
  reverses(first: Access, second: Access, original: AccessLog): boolean {
    const one = this.timeOf(first, original);
    const other = this.timeOf(second, original);
    return other !== undefined && (one === undefined || other < one);
  }

  private timeOf(a: Access, original: AccessLog): number | undefined {
    const key = `${a.actor} ${a.addr} ${a.site}`;
    const nth = original.times.get(key)?.indexOf(a.nr) ?? -1;
    return nth < 0 ? undefined : this.times.get(key)?.[nth];
  }
}
