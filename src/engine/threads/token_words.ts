// SPDX-License-Identifier: GPL-2.0-only
/**
 * What the threads of a replay share beside the heap. Only the one with the token writes, and the token changes hands
 * by an atomic store, so that all words but the turns are plain.
 */

import type { MachineShared } from '../../machine/view.js';
import { SimulatorBug } from '../../util/fault.js';
import { type Entry, type TokenLog, UNKNOWN } from '../fibers/token_log.js';
import type { KernelTree } from '../fibers/tree.js';

/** Words. */
export const W = {
  /** Number of the replay; QUIT: leave. */
  generation: 0,
  /** Steps when the token was given last, and the entry of the log that comes next. */
  step: 1,
  cursor: 2,
  sleepers: 3,
  alive: 4,
  /** Control paths that are still at work. */
  operators: 5,
  seq: 6,
  records: 7,
  /** Changes of hands, for a look from outside at whether there is progress. */
  hands: 8,
  /** Threads that are up. */
  ready: 9,
  endStep: 10,
  /** Who was at it when it ended, or differed. */
  endActor: 11,
  textBytes: 12,
  diverged: 13,
  maxSteps: 14,
  /** Its own cache line: the host waits here. 1 + index in END_KINDS, or DIED. */
  end: 16,
  actors: 32,
} as const;

/** Words of an actor, at W.actors + actor * ACTOR_WORDS. */
export const A = { turn: 0, sleepAddr: 1, sleepSeq: 2, result: 3, site: 4, spinning: 5 } as const;
export const ACTOR_WORDS = 16;

/** Floats: virtual time ahead of the steps, seed, and from `deadline` on the time limits of sleeps. */
export const F = { base: 0, seed: 1, deadline: 2 } as const;

export const QUIT = -1;
/** At W.end: a thread is lost. */
export const DIED = -1;
/** Floats of an entry of the log. */
export const ENTRY_FLOATS = 8;
/** Of a trace record: ev, actor, task, a to e. The steps of all records stand behind the last one. */
export const RECORD_WORDS = 8;
const MAX_ENTRIES = 1 << 19;
export const MAX_RECORDS = 1 << 20;
const TEXT_BYTES = 1 << 16;

/** Crosses to the workers. Memory that is never touched costs nothing. */
export interface TokenShared {
  readonly trees: string;
  readonly machine: MachineShared;
  readonly words: SharedArrayBuffer;
  readonly floats: SharedArrayBuffer;
  readonly log: SharedArrayBuffer;
  readonly trace: SharedArrayBuffer;
  readonly text: SharedArrayBuffer;
  /** Word of the heap with machine_state. */
  readonly stateWord: number;
}

export function createTokenShared(
  trees: string,
  machine: MachineShared,
  structs: KernelTree['structs'],
): TokenShared {
  const { nrActors, g } = machine.plan;
  return {
    trees,
    machine,
    words: new SharedArrayBuffer((W.actors + nrActors * ACTOR_WORDS) * 4),
    floats: new SharedArrayBuffer((F.deadline + nrActors) * 8),
    log: new SharedArrayBuffer(MAX_ENTRIES * ENTRY_FLOATS * 8),
    trace: new SharedArrayBuffer(MAX_RECORDS * (RECORD_WORDS + 1) * 4),
    text: new SharedArrayBuffer(TEXT_BYTES),
    stateWord: g + structs.vmlinux.machine_state,
  };
}

export function writeLog(to: Float64Array, log: TokenLog): void {
  if (log.entries.length > MAX_ENTRIES)
    throw new SimulatorBug(`a record of ${log.entries.length} entries is too long to replay on threads`);
  let at = 0;
  for (const e of log.entries) {
    to[at] = e.step;
    to[at + 1] = e.kind;
    to[at + 2] = e.actor;
    to[at + 3] = e.value;
    to[at + 4] = e.was;
    to[at + 5] = e.site;
    to[at + 6] = e.records;
    to[at + 7] = e.hash;
    at += ENTRY_FLOATS;
  }
}

export function entryAt(log: Float64Array, index: number): Entry {
  const at = index * ENTRY_FLOATS;
  const word = (i: number): number => log[at + i] ?? UNKNOWN;
  return {
    step: word(0),
    kind: word(1),
    actor: word(2),
    value: word(3),
    was: word(4),
    site: word(5),
    records: word(6),
    hash: word(7),
  };
}

/** The one who writes has the token, or nobody has. */
export function writeText(shared: TokenShared, words: Int32Array, text: string): void {
  const bytes = new TextEncoder().encode(text).subarray(0, TEXT_BYTES);
  new Uint8Array(shared.text).set(bytes);
  words[W.textBytes] = bytes.length;
}

export function readText(shared: TokenShared, words: Int32Array): string {
  return new TextDecoder().decode(new Uint8Array(shared.text).slice(0, words[W.textBytes]));
}
