// SPDX-License-Identifier: GPL-2.0-only
/** What an access costs under each memory model of the engine of coroutines: the inner loop of the bug finder. */
import { FENCE, type MemoryModel, ORDER } from '../../src/engine/fibers/memory_model.js';
import { ScModel } from '../../src/engine/fibers/weak/sc.js';
import { TsoModel } from '../../src/engine/fibers/weak/tso.js';
import { ViewModel } from '../../src/engine/fibers/weak/view.js';
import { Rng } from '../../src/util/rng.js';
import { type Contender, compare } from '../harness.js';
import { bar, figure } from '../result.js';
import { type Row, spreadWarnings } from '../row.js';
import { scaled } from '../statistics.js';

const ACTORS = 4;
const WORDS = 64;
/** Accesses of one execution, between two resets. */
const ACCESSES = 1500;
const DRAWN = 1 << 16;

/** Of 100 accesses: so many up to and with this kind. */
const MIX = [
  ['load', 45],
  ['store', 70],
  ['acquire', 75],
  ['release', 80],
  ['full', 84],
  ['relaxed', 88],
  ['mb', 92],
  ['rmb', 96],
  ['wmb', 100],
] as const;

const increment = (old: number): number => old + 1;

/** Random accesses of random actors to random words: worse than kernel code, where most words are of one CPU. */
function accesses(model: MemoryModel): Contender {
  const rng = new Rng(1);
  const kinds = new Uint8Array(DRAWN);
  const actors = new Uint8Array(DRAWN);
  const addrs = new Int32Array(DRAWN);
  for (let i = 0; i < DRAWN; i++) {
    const percent = rng.below(100);
    kinds[i] = MIX.findIndex(([, upTo]) => percent < upTo);
    actors[i] = rng.below(ACTORS);
    addrs[i] = rng.below(WORDS);
  }
  const heap = new Int32Array(WORDS);
  const choose = (n: number): number => rng.below(n);
  let at = 0;
  /* A function of its own for each model, as the engine has one model in a process: its calls are known ones. */
  const step = (kind: number, actor: number, addr: number, value: number): void => {
    if (kind === 0) model.load(actor, addr, ORDER.once);
    else if (kind === 1) model.store(actor, addr, value, ORDER.once);
    else if (kind === 2) model.load(actor, addr, ORDER.acquire);
    else if (kind === 3) model.store(actor, addr, value, ORDER.release);
    else if (kind === 4) model.rmw(actor, addr, increment, ORDER.full);
    else if (kind === 5) model.rmw(actor, addr, increment, ORDER.once);
    else model.fence(actor, kind === 6 ? FENCE.mb : kind === 7 ? FENCE.rmb : FENCE.wmb);
  };
  return (n) => {
    for (let execution = 0; execution < n; execution++) {
      heap.fill(0);
      model.reset(heap, ACTORS, choose);
      for (let i = 0; i < ACCESSES; i++) {
        at = (at + 1) & (DRAWN - 1);
        step(kinds[at] as number, actors[at] as number, addrs[at] as number, i);
      }
    }
    return n;
  };
}

export const memoryModels: Row = {
  name: 'memory-models',
  what: 'Access under a memory model of the engine of coroutines',
  bound: 'the same accesses, sequentially consistent',
  byDefault: true,
  processes: 3,
  run: async () => {
    const c = compare({
      sc: accesses(new ScModel()),
      tso: accesses(new TsoModel()),
      weak: accesses(new ViewModel()),
    });
    const per = (key: 'sc' | 'tso' | 'weak', name: string) =>
      figure(name, 'ns', scaled(c.ns[key], 1 / ACCESSES));
    const bars = [bar(per('weak', 'weak, an access'), 'at most', 250)];
    return {
      bars,
      figures: [per('sc', 'sc, an access'), per('tso', 'tso, an access')],
      warnings: [...c.warnings, ...spreadWarnings(bars)],
    };
  },
};
