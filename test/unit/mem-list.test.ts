// SPDX-License-Identifier: GPL-2.0-only
/** Lists against an array as the model: the same random operations leave the same order, forwards and backwards. */
import { describe, expect, it } from 'vitest';
import { load, type Mem } from '#src/mem/heap.js';
import { NULL } from '#src/mem/layout.js';
import {
  INIT_LIST_HEAD,
  LIST_POISON,
  type ListHead,
  list_add,
  list_add_rcu,
  list_add_tail,
  list_add_tail_rcu,
  list_del,
  list_del_init,
  list_del_rcu,
  list_empty,
  list_first_or_null,
  list_first_or_null_rcu,
  list_head,
  list_is_singular,
  list_next,
  list_next_rcu,
} from '#src/mem/list.js';
import { Rng } from '#src/util/rng.js';

const ENTRIES = 12;
const HEAD = 16 as ListHead;

function entry(n: number): ListHead {
  return (HEAD + (n + 1) * list_head.$words) as ListHead;
}

function fresh(): Mem {
  const m: Mem = { i32: new Int32Array(HEAD + (ENTRIES + 1) * list_head.$words) };
  INIT_LIST_HEAD(m, HEAD);
  return m;
}

/** The entries from the head, along one of the two pointers. A loop that misses the head ends in an error. */
function along(step: (at: ListHead) => ListHead): ListHead[] {
  const seen: ListHead[] = [];
  for (let at = step(HEAD); at !== HEAD; at = step(at)) {
    seen.push(at);
    if (seen.length > ENTRIES) throw new Error('the list does not come back to its head');
  }
  return seen;
}

function compare(m: Mem, model: readonly ListHead[]): void {
  expect(along((at) => list_next(m, at))).toEqual(model);
  expect(along((at) => list_next_rcu(m, at))).toEqual(model);
  expect(along((at) => load(m, at, list_head.prev))).toEqual([...model].reverse());
  expect(list_empty(m, HEAD)).toBe(model.length === 0);
  expect(list_is_singular(m, HEAD)).toBe(model.length === 1);
  expect(list_first_or_null(m, HEAD)).toBe(model[0] ?? NULL);
  expect(list_first_or_null_rcu(m, HEAD)).toBe(model[0] ?? NULL);
}

describe('random operations', () => {
  it.each([1, 2, 3, 4, 5])('with seed %i', (seed) => {
    const rng = new Rng(seed);
    const m = fresh();
    let model: ListHead[] = [];
    for (let step = 0; step < 400; step++) {
      const one = entry(rng.below(ENTRIES));
      if (model.includes(one)) {
        const remove = [list_del, list_del_init, list_del_rcu][rng.below(3)] as typeof list_del;
        remove(m, one);
        model = model.filter((e) => e !== one);
      } else if (rng.chance(0.5)) {
        const add = rng.chance(0.5) ? list_add : list_add_rcu;
        add(m, one, HEAD);
        model.unshift(one);
      } else {
        const add = rng.chance(0.5) ? list_add_tail : list_add_tail_rcu;
        add(m, one, HEAD);
        model.push(one);
      }
      compare(m, model);
    }
  });
});

describe('a removed entry', () => {
  it('is poisoned, so that a second removal shows', () => {
    for (const remove of [list_del, list_del_rcu]) {
      const m = fresh();
      list_add(m, entry(0), HEAD);
      remove(m, entry(0));
      expect(load(m, entry(0), list_head.prev)).toBe(LIST_POISON);
    }
  });

  it('is an empty list of its own after list_del_init', () => {
    const m = fresh();
    list_add(m, entry(0), HEAD);
    list_del_init(m, entry(0));
    expect(list_empty(m, entry(0))).toBe(true);
    expect(load(m, entry(0), list_head.prev)).toBe(entry(0));
  });

  it('still leads a reader that stands on it back to the list', () => {
    const m = fresh();
    for (const n of [0, 1, 2]) list_add_tail_rcu(m, entry(n), HEAD);
    list_del_rcu(m, entry(1));
    expect(list_next_rcu(m, entry(1))).toBe(entry(2));
  });
});
