// SPDX-License-Identifier: GPL-2.0-only
/** What would have ordered the two accesses of a data race, as far as its execution shows it. */
import { DATA_RACE_CODES } from '../oracle/data_race.js';
import { ipName } from '../oracle/lockdep_text.js';
import type { Site, Violation } from '../oracle/violation.js';
import { ACCESS } from '../schedule/scheduler.js';
import { ORDER } from '../trace/memory_order.js';
import type { Access } from './accesses.js';
import { rankOf } from './conflicts.js';
import type { Recorded } from './recorded.js';
import { wordName } from './words.js';

const races: ReadonlySet<string> = new Set(DATA_RACE_CODES);

export function isRace(code: string): boolean {
  return races.has(code);
}

/** The violation with a hint that names locks, or the words that are passed on, where there are any. */
export function withAdvice(recorded: Recorded): Violation {
  const { violation } = recorded;
  const pair = racingPair(recorded);
  if (pair === null) return violation;
  const missing = [
    ...graceMissing(recorded, pair[1]),
    ...locksMissing(recorded, ...pair),
    ...tidings(recorded, ...pair),
  ];
  const hint =
    missing.length > 0
      ? `nothing orders the two; what could: ${missing.join('; or: ')}`
      : 'nothing orders the two: no lock guards the word, and no other word tells the later actor that the earlier is done';
  return { ...violation, hint };
}

/** The first two accesses of the execution that are those of the finding. */
function racingPair({ violation, accesses, naming }: Recorded): [Access, Access] | null {
  const [earlier, later] = violation.sites as [Site, Site];
  const is = (a: Access, s: Site) => {
    if (a.actor !== s.actor) return false;
    const site = naming.machine.tree.sites[a.site];
    return site !== undefined && s.text === `${site.fn} ${site.file}:${site.line}`;
  };
  const word = violation.summary.split(' on ').slice(1).join(' on ');
  const known = new Map<number, Access>();
  for (const b of accesses) {
    const a = known.get(b.addr);
    if (a !== undefined && is(b, later) && wordName(naming.machine.plan, b.addr) === word) return [a, b];
    if (is(b, earlier)) known.set(b.addr, b);
  }
  return null;
}

/** Who frees what others read without a lock has to wait for them. */
function graceMissing({ naming }: Recorded, b: Access): string[] {
  return naming.place(b.site).fn === 'kmem_cache_free'
    ? ['a grace period before the object is freed, after nobody new can come to it']
    : [];
}

/** Share of the accesses to a word from which on a lock that is held at them is the one that guards it. */
const GUARDS = 1 / 2;

/**
 * Locks that one of them has and the other has not, and that guard the word elsewhere (as Eraser, Savage and others 1997,
 * finds out which lock guards what).
 */
function locksMissing({ naming, accesses }: Recorded, a: Access, b: Access): string[] {
  const all = accesses.filter((x) => x.addr === a.addr);
  const guards = (lock: number) =>
    all.filter((x) => x.locks.some((l) => l.lock === lock)).length >= GUARDS * all.length;
  const one = (has: Access, lacks: Access) =>
    has.locks
      .filter((l) => !lacks.locks.some((o) => o.lock === l.lock) && guards(l.lock))
      .map(
        (l) =>
          `${naming.word(l.lock)} in ${naming.place(lacks.site).fn} too, as ${naming.place(has.site).fn} has it (${ipName(l.ip)})`,
      );
  return [...one(a, b), ...one(b, a)];
}

const RELEASES: ReadonlySet<number> = new Set([ORDER.release, ORDER.full]);
const ACQUIRES: ReadonlySet<number> = new Set([ORDER.acquire, ORDER.full]);

/** The word by which the later actor learned most about the earlier, between the two: it could pass the order on. */
function tidings({ naming, accesses }: Recorded, a: Access, b: Access): string[] {
  const written = new Map<number, Access>();
  let best: { readonly write: Access; readonly read: Access; readonly rank: number } | null = null;
  for (const x of accesses.slice(a.nr + 1, b.nr)) {
    const marked = x.order !== ORDER.plain;
    const write = written.get(x.addr);
    if (x.actor === b.actor && marked && write !== undefined && (x.access & ACCESS.read) !== 0) {
      const rank = rankOf(naming.word(x.addr), write);
      if (best === null || rank <= best.rank) best = { write, read: x, rank };
    }
    if ((x.access & ACCESS.write) === 0) continue;
    if (x.actor === a.actor && marked) written.set(x.addr, x);
    else written.delete(x.addr);
  }
  if (best === null) return [];
  const { write, read } = best;
  const [w, r] = [naming.place(write.site), naming.place(read.site)];
  const parts = [
    ...(RELEASES.has(write.order) ? [] : [`a release where ${w.fn} writes it (${w.place})`]),
    ...(ACQUIRES.has(read.order) ? [] : [`an acquire where ${r.fn} reads it (${r.place})`]),
  ];
  if (parts.length === 0) return [];
  return [
    `${naming.word(read.addr)}, which ${naming.actor(b.actor)} reads after ${naming.actor(a.actor)} has written it: ${parts.join(' and ')}`,
  ];
}
