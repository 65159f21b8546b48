// SPDX-License-Identifier: GPL-2.0-only
/** Read-modify-writes of a thread as events: a read, a write if the word changes, and the fences of the full forms. */
import { ORDER } from '../../engine/fibers/memory_model.js';
import { type Change, type Instruction, LITMUS_FENCE, THIN_AIR } from '../program.js';
import { EVENT, type TraceEvent } from './trace.js';
import { applyOperator, evaluate, type Origin } from './value.js';
import {
  addEvent,
  assign,
  branchOut,
  countLoad,
  look,
  pair,
  type Territory,
  use,
  type Way,
  wordOf,
} from './way.js';

type Modify = Extract<Instruction, { op: 'rmw' }>;

/** What the instruction does with the value that it read. Dependencies are those that herd7 sees. */
interface Plan {
  readonly writes: boolean;
  readonly value: number;
  /** Operand that the write depends on as data. */
  readonly data: Origin;
  /** Operand that is only compared with. */
  readonly compared: Origin;
  /** The write depends on the read as data. */
  readonly fromRead: boolean;
  /** The write, and not only the read, depends on the address. */
  readonly addressed: boolean;
}

const nothing: Origin = { value: 0, known: 0, reach: 0, flow: 0, after: [] };

function plan(change: Change, old: number, registers: readonly Origin[]): Plan {
  switch (change.kind) {
    case 'exchange': {
      const data = evaluate(change.value, registers);
      return { writes: true, value: data.value, data, compared: nothing, fromRead: false, addressed: true };
    }
    case 'arithmetic': {
      const data = evaluate(change.operand, registers);
      const value = applyOperator(change.operator, old, data.value);
      return { writes: true, value, data, compared: nothing, fromRead: true, addressed: false };
    }
    case 'compare': {
      const data = evaluate(change.value, registers);
      const compared = evaluate(change.expected, registers);
      const writes = old === compared.value;
      return { writes, value: data.value, data, compared, fromRead: false, addressed: true };
    }
    case 'add_unless': {
      const data = evaluate(change.operand, registers);
      const compared = evaluate(change.limit, registers);
      const writes = old !== compared.value;
      return { writes, value: old + data.value, data, compared, fromRead: true, addressed: true };
    }
  }
}

export function runModify(t: Territory, way: Way, i: Modify): void {
  const address = look(way, i.address);
  const word = wordOf(t, way, address, i.line);
  if (word < 0) return;
  const values = t.valuesOf(word);
  if (t.liberal) for (const old of values) t.written(word, plan(i.change, old, way.registers).value);
  branchOut(t, way, values.length, (taken, k) => modifyOnce(t, taken, i, address, word, values[k] as number));
}

function modifyOnce(t: Territory, way: Way, i: Modify, address: Origin, word: number, old: number): void {
  const p = plan(i.change, old, way.registers);
  if (Number.isNaN(p.value) || Number.isNaN(p.compared.value)) way.dead = true;
  if (old === THIN_AIR && i.change.kind !== 'exchange') way.dead = true;
  if (way.dead) return;
  use(way, p.data);
  use(way, p.compared);
  const operands = [...address.after, ...p.data.after, ...p.compared.after];
  const isFull = i.order === ORDER.full && p.writes;
  const before: number[] = [];
  if (isFull) {
    const fence = addEvent(way, [], { fence: LITMUS_FENCE.mb });
    before.push(fence);
    for (const operand of operands) putBehind(way.events, operand, fence);
  }
  const read = addEvent(way, [...before, ...address.after], {
    kind: EVENT.read,
    word,
    value: old,
    order: i.order === ORDER.acquire && p.writes ? ORDER.acquire : ORDER.once,
    noReturn: i.result === 'none',
    atomic: true,
    address: address.known,
    flow: address.flow,
  });
  const bit = countLoad(t, way, read);
  const last = [read];
  if (p.writes) {
    const write = addEvent(way, [...operands, read], {
      kind: EVENT.write,
      word,
      value: p.value,
      order: i.order === ORDER.release ? ORDER.release : ORDER.once,
      atomic: true,
      address: p.addressed ? address.known : 0,
      data: p.data.known | (p.fromRead ? bit : 0),
      flow: address.flow | p.data.flow | (p.fromRead ? bit : 0),
    });
    pair(way, read, write);
    t.written(word, p.value);
    last.push(write);
    if (isFull) last.push(addEvent(way, [write], { fence: LITMUS_FENCE.mb }));
  }
  assign(t, way, i.target, resultOf(i, p, old, bit, last));
}

function resultOf(i: Modify, p: Plan, old: number, bit: number, after: readonly number[]): Origin {
  switch (i.result) {
    case 'old':
    case 'new': {
      /* herd7 takes the result of an arithmetic form to depend on its operand too, even the old value. */
      const operand = i.change.kind === 'arithmetic' ? p.data : nothing;
      const value = i.result === 'new' ? p.value : old;
      const flow = i.result === 'new' ? bit | operand.flow : bit;
      return { value, known: bit | operand.known, reach: operand.reach, flow, after };
    }
    case 'changed':
      return {
        value: Number(p.writes),
        known: bit | p.compared.known,
        reach: p.compared.reach,
        flow: 0,
        after,
      };
    case 'none':
      return { ...nothing, after };
  }
}

/** The fence in front comes before all that the instruction fetches for itself. */
function putBehind(events: readonly TraceEvent[], event: number, fence: number): void {
  const { after } = events[event] as TraceEvent;
  if (after.includes(fence)) return;
  for (const earlier of after) putBehind(events, earlier, fence);
  after.push(fence);
}
