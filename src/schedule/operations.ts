// SPDX-License-Identifier: GPL-2.0-only
/** When two operations of different actors are dependent: swapped they may give other values. */
import { ACCESS, type Operation } from './scheduler.js';

export const NO_WORDS: readonly number[] = [];

export type Footprint = Pick<Operation, 'access' | 'addr' | 'more'>;

export function touches(op: Footprint, addr: number): boolean {
  return op.addr === addr || (op.more.length > 0 && op.more.includes(addr));
}

/** True if they have a word in common that at least one of them changes. */
export function dependent(a: Footprint, b: Footprint): boolean {
  if (a.access === ACCESS.none || b.access === ACCESS.none) return false;
  if (a.access === ACCESS.read && b.access === ACCESS.read) return false;
  if (a.addr === b.addr) return true;
  /* Only an await has several words, and it is a read: at most one of the two has. */
  if (a.more.length > 0) return a.more.includes(b.addr);
  return b.more.length > 0 && b.more.includes(a.addr);
}

export function isWrite(access: number): boolean {
  return access >= ACCESS.write;
}
