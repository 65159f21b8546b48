// SPDX-License-Identifier: GPL-2.0-only
/** A thread on one of its ways: registers, the events so far, and what hangs on what. */
import { ORDER } from '../../engine/fibers/memory_model.js';
import { ADDRESS_BASE, type Expression, THIN_AIR, type Thread } from '../program.js';
import { EVENT, type Trace, type TraceEvent, traceLimits, Unfit } from './trace.js';
import { evaluate, nowhere, type Origin } from './value.js';

/** Code that hangs on a condition: the instructions before `join`, on the loads of `mask`. */
interface Arm {
  readonly join: number;
  readonly mask: number;
  /** Those of them that come by way of registers, which a register set here hands on. */
  readonly reach: number;
}

export interface Way {
  pc: number;
  readonly registers: Origin[];
  readonly events: TraceEvent[];
  readonly loads: number[];
  arms: readonly Arm[];
  statement: number;
  /** Loads that the statement made or used so far, for the condition of an if. */
  used: number;
  usedReach: number;
  /** It has no solution, and is not a way at all. */
  dead: boolean;
  /** Line where it met an address of nothing, or 0. */
  fault: number;
}

/** What the ways of a thread share. */
export interface Territory {
  readonly thread: Thread;
  /** Words of memory. */
  readonly words: number;
  /** What a load of this word may read. */
  valuesOf(word: number): readonly number[];
  /** Is told of every store that some way makes. */
  written(word: number, value: number): void;
  /** Conditions go both ways, whatever they are: to find what might be written. */
  readonly liberal: boolean;
  /** Ways that wait to be run. */
  readonly waiting: Way[];
}

export function startOf(thread: Thread): Way {
  const registers = thread.registers.map(
    (r): Origin => ({ value: r.initial, known: 0, reach: 0, flow: 0, after: nowhere }),
  );
  return {
    pc: 0,
    registers,
    events: [],
    loads: [],
    arms: [],
    statement: -1,
    used: 0,
    usedReach: 0,
    dead: false,
    fault: 0,
  };
}

export function fork(way: Way): Way {
  return {
    ...way,
    registers: way.registers.slice(),
    events: way.events.map((e) => ({ ...e, after: e.after.slice() })),
    loads: way.loads.slice(),
  };
}

/** Goes each of `count` ways, numbered from 0: the first now, the others later. */
export function branchOut(
  territory: Territory,
  way: Way,
  count: number,
  go: (way: Way, k: number) => void,
): void {
  for (let k = count - 1; k >= 0; k--) {
    const taken = k === 0 ? way : fork(way);
    go(taken, k);
    taken.pc++;
    if (k > 0) territory.waiting.push(taken);
  }
}

type Given = Partial<Omit<TraceEvent, 'statement' | 'after' | 'control'>>;

/** Adds an event, a fence if `given` does not say otherwise; its index. */
export function addEvent(way: Way, after: readonly number[], given: Given): number {
  let control = 0;
  for (const arm of way.arms) if (way.pc < arm.join) control |= arm.mask;
  const blank = {
    kind: EVENT.fence,
    word: -1,
    value: 0,
    order: ORDER.plain,
    fence: -1,
    noReturn: false,
    atomic: false,
    partner: -1,
    address: 0,
    data: 0,
    flow: 0,
  };
  return way.events.push({ ...blank, ...given, control, statement: way.statement, after: [...after] }) - 1;
}

/** Makes two events the halves of a read-modify-write. */
export function pair(way: Way, read: number, write: number): void {
  (way.events[read] as TraceEvent).partner = write;
  (way.events[write] as TraceEvent).partner = read;
}

/** Gives an event a number among the loads; its bit. */
export function countLoad(territory: Territory, way: Way, event: number): number {
  if (way.loads.length >= traceLimits.loads) throw new Unfit(`P${territory.thread.index} has too many loads`);
  const bit = 1 << way.loads.length;
  way.loads.push(event);
  way.used |= bit;
  return bit;
}

/** Sets a register. Only a named one remembers the conditions under which it was set. */
export function assign(territory: Territory, way: Way, target: number, origin: Origin): void {
  if (territory.thread.registers[target]?.temporary === true) {
    way.registers[target] = origin;
    return;
  }
  let reach = origin.known | origin.reach;
  for (const arm of way.arms) if (way.pc < arm.join) reach |= arm.reach;
  way.registers[target] = { ...origin, reach, after: nowhere };
}

/** The value of an expression; the way is dead if it has none. */
export function look(way: Way, expression: Expression): Origin {
  const origin = evaluate(expression, way.registers);
  if (Number.isNaN(origin.value)) way.dead = true;
  return origin;
}

/** Notes what the statement uses. */
export function use(way: Way, origin: Origin): void {
  way.used |= origin.known | origin.reach;
  way.usedReach |= origin.reach;
}

/** The word that an address names; -1, and the way has a fault, if it names none. */
export function wordOf(territory: Territory, way: Way, address: Origin, line: number): number {
  use(way, address);
  if (address.value === THIN_AIR || way.dead) {
    way.dead = true;
    return -1;
  }
  const word = address.value - ADDRESS_BASE;
  if (Number.isInteger(word) && word >= 0 && word < territory.words) return word;
  way.fault = line;
  return -1;
}

/** Enters the arms of a branch, which end at `join`. */
export function enterArm(way: Way, join: number): void {
  const arm = { join, mask: way.used, reach: way.usedReach };
  way.arms = [...way.arms.filter((a) => a.join > way.pc), arm];
}

export function finish(way: Way): Trace {
  const shape = way.events.map(shapeOf).join(';');
  const registers = way.registers.map((r) => r.value);
  return { events: way.events, loads: way.loads, registers, fault: way.fault, shape };
}

function shapeOf(e: TraceEvent): string {
  const flags = Number(e.noReturn) + 2 * Number(e.atomic);
  const after = e.after.join('.');
  const origins = [e.address, e.data, e.control, e.flow].join('.');
  return [e.kind, e.word, e.order, e.fence, flags, e.statement, e.partner, origins, after].join();
}
