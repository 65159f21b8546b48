// SPDX-License-Identifier: GPL-2.0-only
/**
 * Sets of events and relations between them as bit matrices: one row per event, 32 columns per word. The operations
 * are those of herd's cat language; results are new, arguments are left alone unless the name says otherwise.
 */

/** Bit i: event i is in the set. */
export type EventSet = Uint32Array;
/** Row a, bit b: a is related to b. */
export type Relation = Uint32Array;

export interface Space {
  readonly events: number;
  none(): Relation;
  emptySet(): EventSet;
  set(members: readonly number[]): EventSet;
  complement(a: EventSet): EventSet;
  cross(a: EventSet, b: EventSet): Relation;
  inverse(a: Relation): Relation;
  /** `a ; b` */
  then(a: Relation, b: Relation): Relation;
  /** `[s] ; a` */
  from(s: EventSet, a: Relation): Relation;
  /** `a ; [s]` */
  to(a: Relation, s: EventSet): Relation;
  /** `[s] ; a ; [t]` */
  between(s: EventSet, a: Relation, t: EventSet): Relation;
  /** `[s]` */
  identity(s: EventSet): Relation;
  /** `a?` */
  maybe(a: Relation): Relation;
  /** `a+` */
  plus(a: Relation): Relation;
  /** `a*` */
  star(a: Relation): Relation;
  isAcyclic(a: Relation): boolean;
  isIrreflexive(a: Relation): boolean;
  domain(a: Relation): EventSet;
  range(a: Relation): EventSet;
  add(a: Relation, from: number, to: number): void;
  has(a: Relation, from: number, to: number): boolean;
}

/** Works on sets and on relations of one space. */
export function union(...all: readonly Uint32Array[]): Uint32Array {
  const result = (all[0] as Uint32Array).slice();
  for (let k = 1; k < all.length; k++) {
    const other = all[k] as Uint32Array;
    for (let i = 0; i < result.length; i++) result[i] = (result[i] as number) | (other[i] as number);
  }
  return result;
}

export function intersect(a: Uint32Array, b: Uint32Array): Uint32Array {
  const result = a.slice();
  for (let i = 0; i < result.length; i++) result[i] = (result[i] as number) & (b[i] as number);
  return result;
}

export function minus(a: Uint32Array, b: Uint32Array): Uint32Array {
  const result = a.slice();
  for (let i = 0; i < result.length; i++) result[i] = (result[i] as number) & ~(b[i] as number);
  return result;
}

export function isEmpty(a: Uint32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== 0) return false;
  return true;
}

export function sameAs(a: Uint32Array, b: Uint32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function contains(s: EventSet, event: number): boolean {
  return (((s[event >> 5] as number) >>> (event & 31)) & 1) === 1;
}

export function createSpace(events: number): Space {
  const width = Math.max(1, (events + 31) >> 5);
  const none = (): Relation => new Uint32Array(events * width);
  const emptySet = (): EventSet => new Uint32Array(width);
  const add = (a: Relation, from: number, to: number): void => {
    const i = from * width + (to >> 5);
    a[i] = (a[i] as number) | (1 << (to & 31));
  };
  const has = (a: Relation, from: number, to: number): boolean =>
    (((a[from * width + (to >> 5)] as number) >>> (to & 31)) & 1) === 1;

  /** Row `to` of `target` |= row `from` of `source`. */
  const orRow = (target: Relation, to: number, source: Relation, from: number): void => {
    for (let w = 0; w < width; w++) {
      target[to * width + w] = (target[to * width + w] as number) | (source[from * width + w] as number);
    }
  };

  const then = (a: Relation, b: Relation): Relation => {
    const result = none();
    for (let i = 0; i < events; i++) {
      for (let w = 0; w < width; w++) {
        let bits = a[i * width + w] as number;
        while (bits !== 0) {
          const bit = 31 - Math.clz32(bits & -bits);
          orRow(result, i, b, w * 32 + bit);
          bits &= bits - 1;
        }
      }
    }
    return result;
  };

  const plus = (a: Relation): Relation => {
    const result = a.slice();
    for (let k = 0; k < events; k++) {
      for (let i = 0; i < events; i++) if (has(result, i, k)) orRow(result, i, result, k);
    }
    return result;
  };

  const identity = (s: EventSet): Relation => {
    const result = none();
    for (let i = 0; i < events; i++) if (contains(s, i)) add(result, i, i);
    return result;
  };

  const maybe = (a: Relation): Relation => {
    const result = a.slice();
    for (let i = 0; i < events; i++) add(result, i, i);
    return result;
  };

  const from = (s: EventSet, a: Relation): Relation => {
    const result = a.slice();
    for (let i = 0; i < events; i++) if (!contains(s, i)) result.fill(0, i * width, (i + 1) * width);
    return result;
  };

  const to = (a: Relation, s: EventSet): Relation => {
    const result = a.slice();
    for (let i = 0; i < result.length; i++) result[i] = (result[i] as number) & (s[i % width] as number);
    return result;
  };

  const isIrreflexive = (a: Relation): boolean => {
    for (let i = 0; i < events; i++) if (has(a, i, i)) return false;
    return true;
  };

  const all = emptySet();
  for (let i = 0; i < events; i++) all[i >> 5] = (all[i >> 5] as number) | (1 << (i & 31));

  return {
    events,
    none,
    emptySet,
    set(members) {
      const result = emptySet();
      for (const m of members) result[m >> 5] = (result[m >> 5] as number) | (1 << (m & 31));
      return result;
    },
    complement: (a) => minus(all, a),
    cross(a, b) {
      const result = none();
      for (let i = 0; i < events; i++) if (contains(a, i)) result.set(b, i * width);
      return result;
    },
    inverse(a) {
      const result = none();
      for (let i = 0; i < events; i++) for (let j = 0; j < events; j++) if (has(a, i, j)) add(result, j, i);
      return result;
    },
    then,
    from,
    to,
    between: (s, a, t) => to(from(s, a), t),
    identity,
    maybe,
    plus,
    star: (a) => maybe(plus(a)),
    isAcyclic: (a) => isIrreflexive(plus(a)),
    isIrreflexive,
    domain(a) {
      const result = emptySet();
      for (let i = 0; i < events; i++) {
        for (let w = 0; w < width; w++) {
          if (a[i * width + w] !== 0) result[i >> 5] = (result[i >> 5] as number) | (1 << (i & 31));
        }
      }
      return result;
    },
    range(a) {
      const result = emptySet();
      for (let i = 0; i < a.length; i++) result[i % width] = (result[i % width] as number) | (a[i] as number);
      return result;
    },
    add,
    has,
  };
}
