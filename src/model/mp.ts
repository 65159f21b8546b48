// SPDX-License-Identifier: GPL-2.0-only
/** Message passing: data, then a flag; a reader that sees the flag must see the data. */
import { READ_ONCE, smp_load_acquire, smp_store_release, WRITE_ONCE } from '../mem/heap.js';
import { i32, type Ptr, struct } from '../mem/layout.js';
import { defineModel, type ModelCpu, type ModelFamily, must, single } from './define.js';

const mp = struct('mp', { x: i32, y: i32 });

function writer(k: ModelCpu, s: Ptr<'mp'>): void {
  WRITE_ONCE(k, s, mp.x, 1);
  smp_store_release(k, s, mp.y, 1);
}

function relaxedWriter(k: ModelCpu, s: Ptr<'mp'>): void {
  WRITE_ONCE(k, s, mp.x, 1);
  WRITE_ONCE(k, s, mp.y, 1);
}

function reader(k: ModelCpu, s: Ptr<'mp'>): void {
  if (smp_load_acquire(k, s, mp.y) === 1) look(k, s);
}

function relaxedReader(k: ModelCpu, s: Ptr<'mp'>): void {
  if (READ_ONCE(k, s, mp.y) === 1) look(k, s);
}

function look(k: ModelCpu, s: Ptr<'mp'>): void {
  must(k, READ_ONCE(k, s, mp.x) === 1, 'stale-data', 'the reader saw the flag and not the data');
}

const words = { layout: mp, initial: [], verify: () => [] };

export const messagePassing: ModelFamily = single(
  defineModel({
    ...words,
    name: 'mp',
    about: 'message passing with release and acquire',
    actors: [
      { name: 'writer', act: writer, args: [] },
      { name: 'reader', act: reader, args: [] },
    ],
  }),
);

export const relaxedMessagePassing: ModelFamily = single(
  defineModel({
    ...words,
    name: 'mp-relaxed',
    about: 'message passing without any order: right only under sequential consistency',
    actors: [
      { name: 'writer', act: relaxedWriter, args: [] },
      { name: 'reader', act: relaxedReader, args: [] },
    ],
  }),
);
