// SPDX-License-Identifier: GPL-2.0-only
/**
 * Generated critical cycles on the view machine and by the axioms: nothing unsound, nothing missed but stores that
 * overtake loads. Each order of the machine is weakened once, and the cycles must tell.
 * `node dist/test/support/memory/cycle_campaign.js` runs any number of them.
 */
import { describe, expect, it } from 'vitest';
import { FENCE, ORDER } from '#src/engine/fibers/memory_model.js';
import { explore } from '#src/engine/fibers/weak/explore.js';
import { ViewModel } from '#src/engine/fibers/weak/view.js';
import { LitmusMachine } from '#src/litmus/operational/machine.js';
import { compare, parsed } from '../support/memory/against_axioms.js';
import { cycleOf, litmusOf, pairs } from '../support/memory/cycles.js';
import { links } from '../support/memory/links.js';

const grace = links.filter((l) => ['rcu', 'sync', 'srcu', 'sync-srcu'].includes(l.name));
/** The cycles of two processes with grace periods, every 29th of all of two, and some of three. */
const texts = [
  ...pairs(grace).map(litmusOf),
  ...pairs()
    .filter((_cycle, i) => i % 29 === 0)
    .map(litmusOf),
  ...Array.from({ length: 15 }, (_, seed) => litmusOf(cycleOf(1001 + seed, { processes: 3 }))),
];
const options = {
  words: 64,
  depth: 32,
  patience: Number.POSITIVE_INFINITY,
  reorderStores: true,
  staleFailures: true,
  boards: 8,
};

it('nothing is unsound and nothing is missed', () => {
  let overtaking = 0;
  for (const text of texts) {
    const { lkmm, withoutOvertaking, unsound, missed } = compare(parsed(text));
    expect(unsound, text).toEqual([]);
    expect(missed, text).toEqual([]);
    overtaking += lkmm.size - withoutOvertaking.size;
  }
  expect(texts.length).toBeGreaterThan(300);
  /* There is something to miss. */
  expect(overtaking).toBeGreaterThan(20);
});

class Weakened extends ViewModel {
  constructor(
    private readonly fences: Readonly<Record<number, number | null>>,
    private readonly orders: Readonly<Record<number, number>>,
  ) {
    super(options);
  }
  override fence(actor: number, kind: number): void {
    const instead = kind in this.fences ? this.fences[kind] : kind;
    if (instead !== null && instead !== undefined) super.fence(actor, instead);
  }
  private order(order: number): number {
    return this.orders[order] ?? order;
  }
  override load(actor: number, addr: number, order: number): number {
    return super.load(actor, addr, this.order(order));
  }
  override store(actor: number, addr: number, value: number, order: number): void {
    super.store(actor, addr, value, this.order(order));
  }
  override rmw(actor: number, addr: number, update: (old: number) => number | null, order: number): number {
    return super.rmw(actor, addr, update, this.order(order));
  }
}

/** Waits for no reader of RCU or SRCU. */
class Impatient extends LitmusMachine {
  override enabled(actor: number, heap: Int32Array): boolean {
    return super.enabled(actor, heap) || this.inGracePeriod(actor);
  }
}

const { mb, rmb, wmb, before_atomic, after_atomic, after_spinlock, after_unlock_lock } = FENCE;
const weakened: Readonly<Record<string, () => ViewModel>> = {
  'smp_mb as smp_rmb': () => new Weakened({ [mb]: rmb }, {}),
  'no smp_wmb': () => new Weakened({ [wmb]: null }, {}),
  'no smp_rmb': () => new Weakened({ [rmb]: null }, {}),
  'no smp_mb__before_atomic': () => new Weakened({ [before_atomic]: null }, {}),
  'no smp_mb__after_atomic': () => new Weakened({ [after_atomic]: null }, {}),
  'no smp_mb__after_spinlock': () => new Weakened({ [after_spinlock]: null }, {}),
  'no smp_mb__after_unlock_lock': () => new Weakened({ [after_unlock_lock]: null }, {}),
  'acquire as once': () => new Weakened({}, { [ORDER.acquire]: ORDER.once }),
  'release as once': () => new Weakened({}, { [ORDER.release]: ORDER.once }),
  'full as relaxed': () => new Weakened({}, { [ORDER.full]: ORDER.once }),
  'full as acquire': () => new Weakened({}, { [ORDER.full]: ORDER.acquire }),
  'no address dependency': () => new Weakened({}, { [ORDER.dereference]: ORDER.once }),
  'lock as acquire': () => new Weakened({}, { [ORDER.lock]: ORDER.acquire }),
  'unlock as once': () => new Weakened({}, { [ORDER.unlock]: ORDER.once }),
};

const isUnsound = (text: string, model: ViewModel, machine: typeof LitmusMachine): boolean => {
  const program = parsed(text);
  return compare(program, explore(model, new machine(program)).outcomes).unsound.length > 0;
};

describe('a weaker machine is found out', () => {
  it.each(Object.entries(weakened))('%s', (_name, make) => {
    const model = make();
    expect(texts.some((text) => isUnsound(text, model, LitmusMachine))).toBe(true);
  });
  it('grace periods that wait for nobody', () => {
    const model = new ViewModel(options);
    expect(texts.some((text) => isUnsound(text, model, Impatient))).toBe(true);
  });
});

it('a stronger machine is found out', () => {
  const model = new Weakened({}, { [ORDER.once]: ORDER.acquire });
  const misses = (text: string): boolean => {
    const program = parsed(text);
    return compare(program, explore(model, new LitmusMachine(program)).outcomes).missed.length > 0;
  };
  expect(texts.some(misses)).toBe(true);
});
