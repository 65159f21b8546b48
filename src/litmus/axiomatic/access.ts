// SPDX-License-Identifier: GPL-2.0-only
/** Loads and stores of a thread as events. Each load goes one way for each value that it may read. */
import { ORDER } from '../../engine/fibers/memory_model.js';
import type { Instruction } from '../program.js';
import { EVENT } from './trace.js';
import {
  addEvent,
  assign,
  branchOut,
  countLoad,
  look,
  pair,
  type Territory,
  type Way,
  wordOf,
} from './way.js';

export function runLoad(t: Territory, way: Way, i: Extract<Instruction, { op: 'load' }>): void {
  const address = look(way, i.address);
  const word = wordOf(t, way, address, i.line);
  if (word < 0) return;
  const values = t.valuesOf(word);
  /* The model has no order of its own for rcu_dereference: the dependency does it. */
  const order = i.order === ORDER.dereference ? ORDER.once : i.order;
  branchOut(t, way, values.length, (taken, k) => {
    const value = values[k] as number;
    const event = addEvent(taken, address.after, {
      kind: EVENT.read,
      word,
      value,
      order,
      address: address.known,
      flow: address.flow,
    });
    const bit = countLoad(t, taken, event);
    assign(t, taken, i.target, { value, known: bit, reach: 0, flow: bit, after: [event] });
  });
}

export function runStore(t: Territory, way: Way, i: Extract<Instruction, { op: 'store' }>): void {
  const address = look(way, i.address);
  const value = look(way, i.value);
  const word = wordOf(t, way, address, i.line);
  if (word < 0) return;
  addEvent(way, [...address.after, ...value.after], {
    kind: EVENT.write,
    word,
    value: value.value,
    order: i.order,
    address: address.known,
    data: value.known,
    flow: address.flow | value.flow,
  });
  t.written(word, value.value);
  way.pc++;
}

/**
 * Locks and SRCU. Whether a lock is free is for the model to say: trying and asking go both ways. The value of
 * srcu_read_lock() is a number that no other call gets.
 */
export function runSection(
  t: Territory,
  way: Way,
  i: Extract<
    Instruction,
    { op: 'lock' | 'unlock' | 'trylock' | 'is_locked' | 'srcu_lock' | 'srcu_unlock' | 'srcu_sync' }
  >,
): void {
  const origin = look(way, i.address);
  const word = wordOf(t, way, origin, i.line);
  if (word < 0) return;
  const given = { word, address: origin.known, flow: origin.flow };
  const take = (taken: Way): number => {
    const read = addEvent(taken, origin.after, { ...given, kind: EVENT.lock_read, order: ORDER.acquire });
    const write = addEvent(taken, [...origin.after, read], {
      ...given,
      kind: EVENT.lock_write,
      order: ORDER.once,
    });
    pair(taken, read, write);
    return write;
  };
  const single = (taken: Way, kind: number, value = 0): number =>
    addEvent(taken, origin.after, { ...given, kind, value });
  const answer = (taken: Way, target: number, value: number, event: number, isLoad: boolean): void => {
    const known = isLoad ? countLoad(t, taken, event) : 0;
    assign(t, taken, target, { value, known, reach: 0, flow: 0, after: [event] });
  };
  switch (i.op) {
    case 'lock':
      take(way);
      break;
    case 'unlock':
      single(way, EVENT.unlock);
      break;
    case 'trylock':
      branchOut(t, way, 2, (taken, k) => {
        if (k === 1) answer(taken, i.target, 1, take(taken), false);
        else answer(taken, i.target, 0, single(taken, EVENT.seen_locked), true);
      });
      return;
    case 'is_locked':
      branchOut(t, way, 2, (taken, k) => {
        const kind = k === 1 ? EVENT.seen_locked : EVENT.seen_unlocked;
        answer(taken, i.target, k, single(taken, kind), true);
      });
      return;
    case 'srcu_lock': {
      const number = (t.thread.index + 1) * 10_000 + way.pc;
      answer(way, i.target, number, single(way, EVENT.srcu_lock, number), false);
      break;
    }
    case 'srcu_unlock': {
      const index = look(way, i.index);
      single(way, EVENT.srcu_unlock, index.value);
      break;
    }
    case 'srcu_sync':
      single(way, EVENT.srcu_sync);
      break;
  }
  way.pc++;
}
