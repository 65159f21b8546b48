// SPDX-License-Identifier: GPL-2.0-only
/**
 * What may stand between two accesses of one process, to different words, in a generated cycle: fences, orders of the
 * accesses themselves, dependencies, critical sections, and detours over a word of the process's own.
 */
export type Direction = 'R' | 'W';

/** How an access is written; `x` is its word, `v` what it writes, `r` the register it fills. */
export type Form = (x: string, v: number | string, r: string) => string;

export const reads = {
  once: (x, _v, r) => `${r} = READ_ONCE(*${x});`,
  plain: (x, _v, r) => `${r} = *${x};`,
  acquire: (x, _v, r) => `${r} = smp_load_acquire(${x});`,
  dereference: (x, _v, r) => `${r} = rcu_dereference(*${x});`,
  fetch: (x, _v, r) => `${r} = atomic_fetch_or_relaxed(0, ${x});`,
  fetch_acquire: (x, _v, r) => `${r} = atomic_fetch_or_acquire(0, ${x});`,
  fetch_full: (x, _v, r) => `${r} = atomic_fetch_or(0, ${x});`,
} satisfies Record<string, Form>;

export const writes = {
  once: (x, v) => `WRITE_ONCE(*${x}, ${v});`,
  plain: (x, v) => `*${x} = ${v};`,
  release: (x, v) => `smp_store_release(${x}, ${v});`,
  xchg: (x, v, r) => `${r} = xchg_relaxed(${x}, ${v});`,
  xchg_acquire: (x, v, r) => `${r} = xchg_acquire(${x}, ${v});`,
  xchg_release: (x, v, r) => `${r} = xchg_release(${x}, ${v});`,
  xchg_full: (x, v, r) => `${r} = xchg(${x}, ${v});`,
  store_mb: (x, v) => `smp_store_mb(*${x}, ${v});`,
} satisfies Record<string, Form>;

export interface Link {
  readonly name: string;
  /** Kinds of the first and of the second access; `M`: either. */
  readonly kinds: `${Direction | 'M'}${Direction | 'M'}`;
  readonly first?: Form;
  readonly second?: Form;
  readonly before?: readonly string[];
  readonly between?: readonly string[];
  readonly after?: readonly string[];
  /** How the second access depends on `q`, if `between` or a detour fills it, else on what the first access reads. */
  readonly dependency?: 'addr' | 'data' | 'ctrl';
  /** Fills `q`: by way of `t`, or from the word of the first access. */
  readonly detour?: 'own' | 'same';
}

const fence = (name: string, kinds: Link['kinds'], ...calls: string[]): Link => ({
  name,
  kinds,
  between: calls.map((c) => `${c};`),
});
const section = (name: string, before: string[], after: string[], between: string[] = []): Link => ({
  name,
  kinds: 'MM',
  before,
  between,
  after,
});
/** Dependencies, straight and by way of a store to a word of the process's own that is read back. */
const dependencies: readonly Link[] = (['addr', 'data', 'ctrl'] as const).flatMap((dependency): Link[] => {
  const to = dependency === 'data' ? 'W' : 'M';
  return [
    { name: dependency, kinds: `R${to}`, dependency },
    { name: `data-rfi-${dependency}`, kinds: `R${to}`, dependency, detour: 'own' },
    { name: `rfi-${dependency}`, kinds: `W${to}`, dependency, detour: 'same' },
    { name: `acq-${dependency}`, kinds: `R${to}`, dependency, first: reads.acquire },
    { name: `fetch-${dependency}`, kinds: `R${to}`, dependency, first: reads.fetch },
  ];
});

/** `l` and `m` are locks, `s` a domain of SRCU, `c` and `t` words of the process's own; `f` is the first access's word. */
export const links: readonly Link[] = [
  { name: 'po', kinds: 'MM' },
  fence('mb', 'MM', 'smp_mb()'),
  fence('wmb', 'MM', 'smp_wmb()'),
  fence('rmb', 'MM', 'smp_rmb()'),
  fence('wmb-rmb', 'MM', 'smp_wmb()', 'smp_rmb()'),
  fence('sync', 'MM', 'synchronize_rcu()'),
  fence('sync-srcu', 'MM', 'synchronize_srcu(s)'),
  fence('before-atomic', 'MM', 'smp_mb__before_atomic()', 'atomic_inc(c)'),
  fence('after-atomic', 'MM', 'atomic_inc(c)', 'smp_mb__after_atomic()'),
  fence('between-atomics', 'MM', 'q = xchg_relaxed(c, 1)', 'smp_mb__after_atomic()'),
  fence('full-rmw', 'MM', 'q = atomic_inc_return(c)'),
  fence('failed-cmpxchg', 'MM', 'q = cmpxchg(c, 5, 6)'),
  fence('acquire-rmw', 'MM', 'q = atomic_fetch_inc_acquire(c)'),
  fence('release-rmw', 'MM', 'q = atomic_fetch_inc_release(c)'),
  { name: 'acq', kinds: 'RM', first: reads.acquire },
  { name: 'rel', kinds: 'MW', second: writes.release },
  { name: 'acq-rel', kinds: 'RW', first: reads.acquire, second: writes.release },
  { name: 'po-acq', kinds: 'MR', second: reads.acquire },
  { name: 'rel-po', kinds: 'WM', first: writes.release },
  { name: 'fetch', kinds: 'RM', first: reads.fetch },
  { name: 'fetch-acq', kinds: 'RM', first: reads.fetch_acquire },
  { name: 'fetch-full', kinds: 'RM', first: reads.fetch_full },
  { name: 'po-fetch', kinds: 'MR', second: reads.fetch },
  { name: 'po-fetch-full', kinds: 'MR', second: reads.fetch_full },
  { name: 'xchg', kinds: 'WM', first: writes.xchg },
  { name: 'xchg-acq', kinds: 'WM', first: writes.xchg_acquire },
  { name: 'xchg-full', kinds: 'WM', first: writes.xchg_full },
  { name: 'po-xchg', kinds: 'MW', second: writes.xchg },
  { name: 'xchg-rel', kinds: 'MW', second: writes.xchg_release },
  { name: 'po-xchg-full', kinds: 'MW', second: writes.xchg_full },
  { name: 'xchg-after-atomic', kinds: 'WM', first: writes.xchg, between: ['smp_mb__after_atomic();'] },
  { name: 'before-atomic-xchg', kinds: 'MW', second: writes.xchg, between: ['smp_mb__before_atomic();'] },
  { name: 'xchg-rmb', kinds: 'WR', first: writes.xchg, between: ['smp_rmb();'] },
  { name: 'fri-wmb', kinds: 'RW', between: ['WRITE_ONCE(*f, 9);', 'smp_wmb();'] },
  { name: 'fri-rel', kinds: 'RW', between: ['WRITE_ONCE(*f, 9);'], second: writes.release },
  { name: 'wmb-rfi-data', kinds: 'WW', dependency: 'data', between: [
    'smp_wmb();', 'WRITE_ONCE(*t, 1);', 'q = READ_ONCE(*t);',
  ] }, // biome-ignore format: a row
  { name: 'store-mb', kinds: 'WM', first: writes.store_mb },
  { name: 'po-store-mb', kinds: 'MW', second: writes.store_mb },
  ...dependencies,
  section('rcu', ['rcu_read_lock();'], ['rcu_read_unlock();']),
  section(
    'rcu-rcu',
    ['rcu_read_lock();'],
    ['rcu_read_unlock();'],
    ['rcu_read_unlock();', 'rcu_read_lock();'],
  ),
  section('srcu', ['q = srcu_read_lock(s);'], ['srcu_read_unlock(s, q);']),
  section('lock', ['spin_lock(l);'], ['spin_unlock(l);']),
  section('unlock-lock', ['spin_lock(l);'], ['spin_unlock(l);'], ['spin_unlock(l);', 'spin_lock(l);']),
  section('unlock-other', ['spin_lock(l);'], ['spin_unlock(m);'], ['spin_unlock(l);', 'spin_lock(m);']),
  section('unlock-lock-mb', ['spin_lock(l);'], ['spin_unlock(m);'], [
    'spin_unlock(l);', 'spin_lock(m);', 'smp_mb__after_unlock_lock();',
  ]), // biome-ignore format: a row
  section('after-spinlock', [], ['spin_unlock(l);'], ['spin_lock(l);', 'smp_mb__after_spinlock();']),
  section('into-lock', [], ['spin_unlock(l);'], ['spin_lock(l);']),
  section('out-of-lock', ['spin_lock(l);'], [], ['spin_unlock(l);']),
  section('past-lock', [], [], ['spin_lock(l);', 'spin_unlock(l);']),
];

/** Accesses without a mark: for the axioms only, since the machine takes them for marked ones. */
export const plainLinks: readonly Link[] = [
  { name: 'plain-wmb', kinds: 'WW', first: writes.plain, between: ['smp_wmb();'] },
  { name: 'rmb-plain', kinds: 'RR', second: reads.plain, between: ['smp_rmb();'] },
  { name: 'plain-mb', kinds: 'WM', first: writes.plain, between: ['smp_mb();'] },
  { name: 'mb-plain', kinds: 'MR', second: reads.plain, between: ['smp_mb();'] },
  { name: 'plain-rel', kinds: 'WW', first: writes.plain, second: writes.release },
  { name: 'acq-plain', kinds: 'RR', first: reads.acquire, second: reads.plain },
  { name: 'acq-plain-write', kinds: 'RW', first: reads.acquire, second: writes.plain },
  { name: 'addr-plain', kinds: 'RR', second: reads.plain, dependency: 'addr' },
  { name: 'addr-plain-write', kinds: 'RW', second: writes.plain, dependency: 'addr' },
  { name: 'ctrl-plain', kinds: 'RW', second: writes.plain, dependency: 'ctrl' },
  { name: 'plain-po', kinds: 'WM', first: writes.plain },
  { name: 'po-plain', kinds: 'MR', second: reads.plain },
];
