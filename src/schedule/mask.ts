// SPDX-License-Identifier: GPL-2.0-only
/** Sets of actors, as bits of a 32-bit number. */

export function bit(actor: number): number {
  return 1 << actor;
}

export function has(set: number, actor: number): boolean {
  return ((set >>> actor) & 1) === 1;
}

/** Lowest member of a set that is not empty. */
export function lowest(set: number): number {
  return 31 - Math.clz32(set & -set);
}

export function size(set: number): number {
  let n = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) n++;
  return n;
}

/** The member before which there are `n` lower ones. */
export function nth(set: number, n: number): number {
  let rest = set;
  for (let i = 0; i < n; i++) rest &= rest - 1;
  return lowest(rest);
}

/** Those who get on by running: spinning actors only if nobody else is enabled. */
export function useful(enabled: number, spinning: number): number {
  const others = enabled & ~spinning;
  return others !== 0 ? others : enabled;
}
