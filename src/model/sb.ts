// SPDX-License-Identifier: GPL-2.0-only
/** Store buffering: each announces itself, then looks for the other. One at least must see the other. */
import { READ_ONCE, smp_mb, WRITE_ONCE } from '../mem/heap.js';
import { i32, type Ptr, struct } from '../mem/layout.js';
import { defineModel, expected, type Model, type ModelCpu, type ModelFamily, single } from './define.js';

const sb = struct('sb', { x: i32, y: i32, first: i32, second: i32 });

/** Numbers of the barriers, for runs that leave one out. */
export const SB_BARRIER = { first: 1101, second: 1102 } as const;

function first(k: ModelCpu, s: Ptr<'sb'>, fenced: number): void {
  WRITE_ONCE(k, s, sb.x, 1);
  /* The announcement before the look. Pairs with the other actor's; without either both may see nothing. */
  if (fenced !== 0) smp_mb(k, SB_BARRIER.first);
  const seen = READ_ONCE(k, s, sb.y);
  if (seen !== 0) WRITE_ONCE(k, s, sb.first, 1);
}

function second(k: ModelCpu, s: Ptr<'sb'>, fenced: number): void {
  WRITE_ONCE(k, s, sb.y, 1);
  /* As in first(). */
  if (fenced !== 0) smp_mb(k, SB_BARRIER.second);
  const seen = READ_ONCE(k, s, sb.x);
  if (seen !== 0) WRITE_ONCE(k, s, sb.second, 1);
}

function model(name: string, about: string, fenced: number): Model {
  return defineModel({
    name,
    about,
    layout: sb,
    initial: [],
    actors: [
      { name: 'first', act: first, args: [fenced] },
      { name: 'second', act: second, args: [fenced] },
    ],
    verify: (word) =>
      expected(word(sb.first) + word(sb.second) > 0, 'both-missed', 'neither actor saw the other'),
  });
}

export const storeBuffering: ModelFamily = single(model('sb', 'store buffering with full barriers', 1));

export const relaxedStoreBuffering: ModelFamily = single(
  model('sb-relaxed', 'store buffering without barriers: right only under sequential consistency', 0),
);
