// SPDX-License-Identifier: GPL-2.0-only
/** Each way to hand plain data over, and the same without the one thing that orders it. */
import { describe, expect, it } from 'vitest';
import { actor, detector, type Op, run } from '../support/race_program.js';

const [a, b, c] = [actor(0), actor(1), actor(2)];
const DATA = 1;
const FLAG = 2;
const OTHER = 3;

const write = a.store(DATA, 'plain');
const read = b.load(DATA, 'plain');

interface Idiom {
  readonly healthy: readonly Op[];
  readonly busted: readonly Op[];
}

const idioms: Record<string, Idiom> = {
  'release and acquire': {
    healthy: [write, a.store(FLAG, 'release'), b.load(FLAG, 'acquire'), read],
    busted: [write, a.store(FLAG, 'once'), b.load(FLAG, 'acquire'), read],
  },
  'release without its acquire': {
    healthy: [write, a.store(FLAG, 'release'), b.load(FLAG, 'acquire'), read],
    busted: [write, a.store(FLAG, 'release'), b.load(FLAG, 'once'), read],
  },
  'what comes after the release': {
    healthy: [write, a.store(FLAG, 'release'), b.load(FLAG, 'acquire'), read],
    busted: [a.store(FLAG, 'release'), write, b.load(FLAG, 'acquire'), read],
  },
  'rcu_assign_pointer and rcu_dereference': {
    healthy: [write, a.store(FLAG, 'release'), b.load(FLAG, 'dereference'), read],
    busted: [write, a.store(FLAG, 'once'), b.load(FLAG, 'dereference'), read],
  },
  'smp_wmb and smp_rmb': {
    healthy: [write, a.fence('wmb'), a.store(FLAG, 'once'), b.load(FLAG, 'once'), b.fence('rmb'), read],
    busted: [write, a.store(FLAG, 'once'), a.fence('wmb'), b.load(FLAG, 'once'), b.fence('rmb'), read],
  },
  'smp_rmb after the load': {
    healthy: [write, a.fence('wmb'), a.store(FLAG, 'once'), b.load(FLAG, 'once'), b.fence('rmb'), read],
    busted: [write, a.fence('wmb'), a.store(FLAG, 'once'), b.fence('rmb'), b.load(FLAG, 'once'), read],
  },
  'smp_mb on both sides': {
    healthy: [write, a.fence('mb'), a.store(FLAG, 'once'), b.load(FLAG, 'once'), b.fence('mb'), read],
    busted: [write, a.fence('rmb'), a.store(FLAG, 'once'), b.load(FLAG, 'once'), b.fence('mb'), read],
  },
  smp_mb__before_atomic: {
    healthy: [write, a.fence('before_atomic'), a.rmw(FLAG, 'once'), b.load(FLAG, 'acquire'), read],
    busted: [write, a.rmw(FLAG, 'once'), a.fence('before_atomic'), b.load(FLAG, 'acquire'), read],
  },
  'a full read-modify-write': {
    healthy: [write, a.rmw(FLAG, 'full'), b.rmw(FLAG, 'full'), read],
    busted: [write, a.rmw(FLAG, 'once'), b.rmw(FLAG, 'once'), read],
  },
  'smp_store_mb, read with smp_mb': {
    healthy: [write, a.fence('wmb'), a.store(FLAG, 'full'), b.load(FLAG, 'once'), b.fence('mb'), read],
    busted: [write, a.store(FLAG, 'full'), b.load(FLAG, 'once'), b.fence('mb'), read],
  },
  'a relaxed read-modify-write goes on with the release sequence, a store ends it': {
    healthy: [write, a.store(FLAG, 'release'), c.rmw(FLAG, 'once'), b.load(FLAG, 'acquire'), read],
    busted: [write, a.store(FLAG, 'release'), c.store(FLAG, 'once'), b.load(FLAG, 'acquire'), read],
  },
  'a lock': {
    healthy: [a.rmw(FLAG, 'acquire'), write, a.store(FLAG, 'release'), b.rmw(FLAG, 'acquire'), read],
    busted: [a.rmw(FLAG, 'acquire'), write, a.store(FLAG, 'release'), b.rmw(OTHER, 'acquire'), read],
  },
  'over a third actor': {
    healthy: [
      write,
      a.store(FLAG, 'release'),
      c.load(FLAG, 'acquire'),
      c.store(OTHER, 'release'),
      b.load(OTHER, 'acquire'),
      read,
    ],
    busted: [
      write,
      a.store(FLAG, 'release'),
      c.load(FLAG, 'once'),
      c.store(OTHER, 'release'),
      b.load(OTHER, 'acquire'),
      read,
    ],
  },
  'a wake-up': {
    healthy: [write, a.wake(FLAG), b.woken(FLAG), read],
    busted: [write, a.wake(FLAG), b.woken(OTHER), read],
  },
  /* A grace period: the updater sees no report yet, the reader reports with a full barrier and begins anew. */
  'a look after a full barrier, overwritten before another': {
    healthy: [write, a.fence('mb'), a.load(FLAG, 'once'), b.rmw(FLAG, 'full'), read],
    busted: [write, a.fence('mb'), a.load(FLAG, 'once'), b.rmw(FLAG, 'release'), read],
  },
  'an access that is marked on both sides': {
    healthy: [a.store(DATA, 'once'), b.load(DATA, 'once'), b.store(DATA, 'release'), a.rmw(DATA, 'once')],
    busted: [a.store(DATA, 'once'), b.load(DATA, 'plain'), b.store(DATA, 'release'), a.rmw(DATA, 'once')],
  },
  'plain reads beside marked reads, and a marked write': {
    healthy: [a.load(DATA, 'plain'), b.load(DATA, 'once'), c.load(DATA, 'plain')],
    busted: [a.load(DATA, 'plain'), b.load(DATA, 'once'), c.store(DATA, 'once')],
  },
  'readers that all ended before the writer': {
    healthy: [
      a.load(DATA, 'plain'),
      a.rmw(FLAG, 'release'),
      b.load(DATA, 'plain'),
      b.rmw(FLAG, 'release'),
      c.load(FLAG, 'acquire'),
      c.store(DATA, 'plain'),
    ],
    busted: [
      a.load(DATA, 'plain'),
      a.store(FLAG, 'release'),
      b.load(DATA, 'plain'),
      b.store(FLAG, 'release'),
      c.load(FLAG, 'acquire'),
      c.store(DATA, 'plain'),
    ],
  },
  'words of one actor': {
    healthy: [write, a.load(DATA, 'plain'), a.store(DATA, 'once'), b.load(OTHER, 'plain')],
    busted: [write, a.load(DATA, 'plain'), a.store(DATA, 'once'), read],
  },
};

describe.each(Object.entries(idioms))('%s', (_, { healthy, busted }) => {
  it('orders', () => {
    const d = detector();
    run(d, healthy, 3);
    expect(d.violations).toEqual([]);
  });

  it('does not without it', () => {
    const d = detector();
    run(d, busted, 3);
    expect(new Set(d.violations.map((v) => v.code))).toEqual(new Set(['KLP-DATA-RACE']));
  });
});

it('tells both places in order, once for each pair over all executions', () => {
  const d = detector();
  for (let i = 0; i < 3; i++) run(d, [write, read, b.store(DATA, 'plain')], 2);
  expect(d.violations).toMatchObject([
    {
      code: 'KLP-DATA-RACE',
      summary: 'data-race in fn1 / fn2 on word 1',
      count: 3,
      cpu: 1,
      sites: [
        { label: 'plain write', actor: 0, seq: 1, text: 'fn1 file.ts:1' },
        { label: 'plain read', actor: 1, seq: 2, text: 'fn2 file.ts:2' },
      ],
    },
    { summary: 'data-race in fn1 / fn3 on word 1', count: 3 },
  ]);
});

it('forgets accesses between executions, and counts a memset as plain writes', () => {
  const d = detector();
  run(d, [write], 3);
  run(d, [read], 3);
  expect(d.violations).toEqual([]);
  d.fill(2, 0, 4, 99);
  expect(d.violations.map((v) => v.summary)).toEqual(['data-race in fn1 / fn99 on word 1']);
});
