// SPDX-License-Identifier: GPL-2.0-only
/**
 * The order of lock classes as a graph: an edge a → b says that b was taken, waiting if need be, by somebody who held
 * a. A cycle is a possible deadlock, whether or not the run met it (kernel/locking/lockdep.c).
 *
 * With readers an edge has a kind: was a held exclusively or shared, and may the one who takes b pass a waiting writer
 * (a recursive reader) or not. A path counts only if each lock on it can really hold up the next: a recursive reader of
 * b is not held up by another reader of b ("strong paths", Documentation/locking/lockdep-design.rst of 5.10).
 */

/** The place of one acquisition that made an edge. */
export interface EdgeWitness {
  readonly from: number;
  readonly to: number;
  /** Where `from` was taken, and where `to` (ip_names). */
  readonly fromIp: number;
  readonly toIp: number;
  readonly actor: number;
  readonly seq: number;
  /** Functions that took `to`, innermost first. */
  readonly stack: readonly string[];
  readonly execution: number;
}

/** Kinds of an edge, as bits: held exclusively or shared, taken as a recursive reader or not. */
const EXCLUSIVE_NONREC = 1;
const EXCLUSIVE_REC = 2;
const SHARED_NONREC = 4;
const SHARED_REC = 8;
const FROM_EXCLUSIVE = EXCLUSIVE_NONREC | EXCLUSIVE_REC;
const TO_NONREC = EXCLUSIVE_NONREC | SHARED_NONREC;

export class LockGraph {
  private readonly kinds: Uint8Array;
  private readonly witnesses = new Map<number, EdgeWitness>();

  constructor(private readonly nodes: number) {
    this.kinds = new Uint8Array(nodes * nodes);
  }

  /** Edges between classes so far. */
  get size(): number {
    return this.witnesses.size;
  }

  /**
   * Adds an edge. `shared`: `from` is held as a reader; `recursive`: `to` is taken as one that passes waiting writers.
   * Null: nothing new, or it closes no cycle. Else the cycle, its new edge first, each edge with where it came from.
   */
  add(
    from: number,
    to: number,
    shared: boolean,
    recursive: boolean,
    witness: () => EdgeWitness,
  ): EdgeWitness[] | null {
    const at = from * this.nodes + to;
    const kind = shared
      ? recursive
        ? SHARED_REC
        : SHARED_NONREC
      : recursive
        ? EXCLUSIVE_REC
        : EXCLUSIVE_NONREC;
    const known = this.kinds[at] as number;
    if ((known & kind) !== 0) return null;
    this.kinds[at] = known | kind;
    const edge = witness();
    if (!this.witnesses.has(at)) this.witnesses.set(at, edge);
    const back = this.path(to, from, shared, recursive);
    return back === null ? null : [edge, ...back];
  }

  /**
   * Shortest strong path, or null. `recursive`: `start` was reached as a recursive reader. `shared`: the edge that the
   * path would close begins at a shared holder of `goal`.
   */
  private path(start: number, goal: number, shared: boolean, recursive: boolean): EdgeWitness[] | null {
    const { nodes } = this;
    /* State 2n: n was reached by one who waits for every holder; 2n + 1: as a recursive reader. */
    const cameFrom = new Int32Array(2 * nodes).fill(-1);
    const queue = [2 * start + (recursive ? 1 : 0)];
    cameFrom[queue[0] as number] = queue[0] as number;
    for (let i = 0; i < queue.length; i++) {
      const state = queue[i] as number;
      const node = state >> 1;
      for (let next = 0; next < nodes; next++) {
        let kinds = this.kinds[node * nodes + next] as number;
        if ((state & 1) !== 0) kinds &= FROM_EXCLUSIVE;
        if (kinds === 0) continue;
        /* Who waits for every holder can go on wherever a recursive reader can. */
        const then = 2 * next + ((kinds & TO_NONREC) !== 0 ? 0 : 1);
        if (next === goal && !((then & 1) !== 0 && shared)) return this.walkBack(state, goal, cameFrom);
        if (cameFrom[then] !== -1) continue;
        cameFrom[then] = state;
        queue.push(then);
      }
    }
    return null;
  }

  private walkBack(last: number, goal: number, cameFrom: Int32Array): EdgeWitness[] {
    const path: EdgeWitness[] = [];
    let to = goal;
    for (let state = last; ; state = cameFrom[state] as number) {
      path.unshift(this.witnesses.get((state >> 1) * this.nodes + to) as EdgeWitness);
      if (cameFrom[state] === state) return path;
      to = state >> 1;
    }
  }
}
