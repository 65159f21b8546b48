// SPDX-License-Identifier: GPL-2.0-only
/** The operational sc and tso find exactly the states of the axiomatic ones, and each model is within the weaker. */
import { expect, it } from 'vitest';
import { models } from '#src/litmus/models.js';
import { exploreOperational } from '#src/litmus/operational/run.js';
import { parsed } from '../support/memory/against_axioms.js';
import { allFeatures, generateLitmus } from '../support/memory/generated.js';

const programs = Array.from({ length: 60 }, (_, seed) => {
  const features = allFeatures.filter((_f, i) => ((Math.imul(seed, 0x9e3779b1) >>> (i + 3)) & 1) === 1);
  return parsed(generateLitmus(seed, { features, accesses: 5 }));
});
const keys = (exploration: { readonly states: ReadonlyMap<string, unknown> }) =>
  [...exploration.states.keys()].sort();

it.each(['sc', 'tso'] as const)('%s: operational equals axiomatic', (memory) => {
  for (const program of programs) {
    expect(keys(exploreOperational(program, memory)), program.name).toEqual(
      keys(models[memory].explore(program)),
    );
  }
});

it('sc is within tso, tso within weak', () => {
  let more = 0;
  for (const program of programs) {
    const [sc, tso, weak] = (['sc', 'tso', 'weak'] as const).map((m) =>
      keys(exploreOperational(program, m)),
    ) as [string[], string[], string[]];
    expect(sc.filter((s) => !tso.includes(s))).toEqual([]);
    expect(tso.filter((s) => !weak.includes(s))).toEqual([]);
    more += weak.length - sc.length;
  }
  expect(more).toBeGreaterThan(10);
});

const grace = (update: string, read: string) =>
  parsed(`C grace

{
}

P0(int *x, int *y)
{
	WRITE_ONCE(*x, 1);
	${update}
	WRITE_ONCE(*y, 1);
}

P1(int *x, int *y)
{
	int r0;
	int r1;
	${read}
}

exists (1:r0=1 /\\ 1:r1=0)
`);

it('a grace period waits for readers', () => {
  const inside = 'rcu_read_lock(); r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); rcu_read_unlock();';
  const outside = 'r0 = READ_ONCE(*y); r1 = READ_ONCE(*x);';
  const weak = (update: string, read: string) => exploreOperational(grace(update, read), 'weak').positive > 0;
  expect(weak('synchronize_rcu();', inside)).toBe(false);
  expect(weak('smp_mb();', inside)).toBe(true);
  expect(weak('synchronize_rcu();', outside)).toBe(true);
});

it('an address dependency orders, also from READ_ONCE', () => {
  const chase = (load: string, last: string) =>
    parsed(`C chase

{
	p=z;
}

P0(int *x, int **p)
{
	WRITE_ONCE(*x, 1);
	smp_wmb();
	WRITE_ONCE(*p, x);
}

P1(int *x, int **p)
{
	int *r0;
	int r1;
	r0 = ${load}(*p);
	r1 = READ_ONCE(*${last});
}

exists (1:r0=x /\\ 1:r1=0)
`);
  expect(exploreOperational(chase('READ_ONCE', 'r0'), 'weak').positive).toBe(0);
  expect(exploreOperational(chase('rcu_dereference', 'r0'), 'weak').positive).toBe(0);
  expect(exploreOperational(chase('READ_ONCE', 'x'), 'weak').positive).toBeGreaterThan(0);
});
