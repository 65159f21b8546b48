// SPDX-License-Identifier: GPL-2.0-only
/**
 * The view machine finds nothing that linux-kernel.cat forbids, and misses only what needs a store that overtakes an
 * earlier load; on small tests drawn from seeds. `node dist/test/support/memory/campaign.js` runs any number of them.
 */
import { describe, expect, it } from 'vitest';
import { explore } from '#src/engine/fibers/weak/explore.js';
import { ScModel } from '#src/engine/fibers/weak/sc.js';
import { ViewModel } from '#src/engine/fibers/weak/view.js';
import { LitmusMachine } from '#src/litmus/operational/machine.js';
import { compare, parsed } from '../support/memory/against_axioms.js';
import { allFeatures, type Feature, generateLitmus } from '../support/memory/generated.js';

const SEEDS = 12;
const kinds: Readonly<Record<string, readonly Feature[]>> = {
  plain: [],
  order: ['order', 'dependency'],
  'read-modify-write': ['rmw', 'order', 'atomic'],
  pointer: ['pointer', 'order'],
  locks: ['lock'],
  rcu: ['rcu'],
  srcu: ['srcu'],
  all: allFeatures,
};

describe.each(Object.entries(kinds))('%s', (_name, features) => {
  it('is within LKMM, and all of it but overtaking stores', () => {
    let states = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const text = generateLitmus(seed, { features, accesses: 5 });
      const { unsound, missed, weak } = compare(parsed(text));
      expect(unsound, text).toEqual([]);
      expect(missed, text).toEqual([]);
      states += weak.size;
    }
    expect(states).toBeGreaterThan(SEEDS);
  });
});

it('is within LKMM as the engine sets it: stores in the order of execution, patience for stale loads', () => {
  const models = new Map<number, ViewModel>();
  let beyond = 0;
  for (const features of Object.values(kinds)) {
    for (let seed = 101; seed <= 100 + SEEDS; seed++) {
      const text = generateLitmus(seed, { features, accesses: 5 });
      const program = parsed(text);
      const machine = new LitmusMachine(program);
      const model = models.get(machine.boards) ?? new ViewModel({ words: 64, boards: machine.boards });
      models.set(machine.boards, model);
      const { unsound, weak } = compare(program, explore(model, machine).outcomes);
      expect(unsound, text).toEqual([]);
      beyond += weak.size - explore(new ScModel(), new LitmusMachine(program)).outcomes.size;
    }
  }
  expect(beyond).toBeGreaterThan(SEEDS);
});

/** Takes a full barrier for a read barrier. */
class BustedModel extends ViewModel {
  override fence(actor: number, kind: number): void {
    super.fence(actor, kind === 0 ? 1 : kind);
  }
}

it('finds a machine out whose full barriers do not propagate', () => {
  const program = parsed(`C SB+mbs

{
}

P0(int *x, int *y)
{
	int r0;
	WRITE_ONCE(*x, 1);
	smp_mb();
	r0 = READ_ONCE(*y);
}

P1(int *x, int *y)
{
	int r0;
	WRITE_ONCE(*y, 1);
	smp_mb();
	r0 = READ_ONCE(*x);
}

exists (0:r0=0 /\\ 1:r0=0)
`);
  const healthy = new ViewModel({ reorderStores: true, patience: Number.POSITIVE_INFINITY });
  const busted = new BustedModel({ reorderStores: true, patience: Number.POSITIVE_INFINITY });
  expect(compare(program, explore(healthy, new LitmusMachine(program)).outcomes).unsound).toEqual([]);
  expect(compare(program, explore(busted, new LitmusMachine(program)).outcomes).unsound).toEqual(['0,0']);
});
