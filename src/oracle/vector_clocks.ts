// SPDX-License-Identifier: GPL-2.0-only
/**
 * Vector clocks of the actors, and what orders them: releases and acquires, fences, overwritten reads.
 *
 * A row per actor: entry u is the last time of u that happens before what the actor does next. An actor's own time
 * moves on whenever it has published its row, so that what it does later is not covered.
 *
 * Fences are treated as in C11: a relaxed store after a release fence publishes the row as it was at the fence, a
 * relaxed load is acquired by the next acquire fence. Beyond C11, LKMM's strong fences also order by what is
 * overwritten (the pb relation of tools/memory-model/linux-kernel.cat): if a looks at a word after a full barrier, and
 * b writes the word later and then makes a full barrier, then what a did before its barrier happens before what b does
 * after its own. RCU's grace periods rest on that.
 */

/** Epoch: time * MAX_ACTORS + actor; 0: never. */
export const MAX_ACTORS = 32;
const ACTOR_BITS = 5;
const FIRST_WORDS = 1 << 14;
/** Marks of a block that holds nothing, and of one that holds more than one row. */
const EMPTY = -1;
const MIXED = 0;

export class VectorClocks {
  actors = 0;
  /** Row t begins at t * actors. */
  rows = new Int32Array(0);
  /** Of each actor, now. */
  epochs = new Int32Array(0);
  /** Blocks of clocks that words own: an epoch or a mark, then a row. Index 0 is no block. */
  pool = new Int32Array(FIRST_WORDS);
  /** Row at the last release fence, and at the last strong one; what relaxed loads saw; what was overwritten. */
  private atRelease = new Int32Array(0);
  private atStrong = new Int32Array(0);
  private seen = new Int32Array(0);
  private overwritten = new Int32Array(0);
  private strongFenced = new Uint8Array(0);
  private releaseFenced = new Uint8Array(0);
  private pendingSeen = new Uint8Array(0);
  private pendingOverwritten = new Uint8Array(0);
  private top = 1;

  reset(actors: number): void {
    if (actors !== this.actors) this.resize(actors);
    for (const a of [this.rows, this.atRelease, this.atStrong, this.seen, this.overwritten]) a.fill(0);
    for (const a of [this.strongFenced, this.releaseFenced, this.pendingSeen, this.pendingOverwritten])
      a.fill(0);
    for (let t = 0; t < actors; t++) {
      this.rows[t * actors + t] = 1;
      this.epochs[t] = MAX_ACTORS + t;
    }
    this.top = 1;
  }

  private resize(actors: number): void {
    this.actors = actors;
    const rows = () => new Int32Array(actors * actors);
    this.rows = rows();
    this.atRelease = rows();
    this.atStrong = rows();
    this.seen = rows();
    this.overwritten = rows();
    this.epochs = new Int32Array(actors);
    this.strongFenced = new Uint8Array(actors);
    this.releaseFenced = new Uint8Array(actors);
    this.pendingSeen = new Uint8Array(actors);
    this.pendingOverwritten = new Uint8Array(actors);
  }

  /** A block of `words` zeroes until the next reset. `pool` may be another array afterwards. */
  alloc(words: number): number {
    const at = this.top;
    this.top += words;
    if (this.top > this.pool.length) {
      const more = new Int32Array(2 * Math.max(this.pool.length, this.top));
      more.set(this.pool);
      this.pool = more;
    }
    this.pool.fill(0, at, this.top);
    return at;
  }

  /** A block that holds a row. */
  allocRow(): number {
    const block = this.alloc(1 + this.actors);
    this.pool[block] = EMPTY;
    return block;
  }

  /** Does t surely know all that the block holds? */
  private knows(t: number, block: number): boolean {
    const epoch = this.pool[block] as number;
    return epoch === EMPTY || (epoch !== MIXED && this.before(epoch, t));
  }

  private epochOf(rows: Int32Array, t: number): number {
    return (rows[t * this.actors + t] as number) * MAX_ACTORS + t;
  }

  /** Does what has this epoch happen before what actor t does next? */
  before(epoch: number, t: number): boolean {
    return epoch >> ACTOR_BITS <= (this.rows[t * this.actors + (epoch & (MAX_ACTORS - 1))] as number);
  }

  /** Is what has this epoch in the row that the block holds? */
  covers(block: number, epoch: number): boolean {
    return epoch >> ACTOR_BITS <= (this.pool[block + 1 + (epoch & (MAX_ACTORS - 1))] as number);
  }

  /** t has published its row. */
  tick(t: number): void {
    const at = t * this.actors + t;
    this.rows[at] = (this.rows[at] as number) + 1;
    this.epochs[t] = (this.epochs[t] as number) + MAX_ACTORS;
  }

  /*
   * Blocks that hold the row of one moment of one actor are marked with its epoch. An actor publishes each of its times
   * once, so whoever knows that moment knows the row, and most joins need not be made.
   */

  acquire(t: number, block: number): void {
    if (this.knows(t, block)) return;
    join(this.rows, t * this.actors, this.pool, block + 1, this.actors);
  }

  /** A relaxed load: it counts once an acquire fence follows. */
  see(t: number, block: number): void {
    if (this.knows(t, block)) return;
    this.pendingSeen[t] = 1;
    join(this.seen, t * this.actors, this.pool, block + 1, this.actors);
  }

  /** The block becomes the row of t as it is. */
  publish(t: number, block: number): void {
    this.pool[block] = this.epochs[t] as number;
    copy(this.pool, block + 1, this.rows, t * this.actors, this.actors);
    this.tick(t);
  }

  /** As publish, on top of what the block holds: a read-modify-write goes on with a release sequence. */
  publishMore(t: number, block: number): void {
    this.pool[block] = this.knows(t, block) ? (this.epochs[t] as number) : MIXED;
    join(this.pool, block + 1, this.rows, t * this.actors, this.actors);
    this.tick(t);
  }

  /** Has t made a release fence? Without one its relaxed stores publish nothing. */
  hasReleaseFence(t: number): boolean {
    return this.releaseFenced[t] !== 0;
  }

  hasStrongFence(t: number): boolean {
    return this.strongFenced[t] !== 0;
  }

  /** A relaxed store: the block becomes the row as it was at the release fence. */
  publishFenced(t: number, block: number): void {
    this.pool[block] = this.epochOf(this.atRelease, t);
    copy(this.pool, block + 1, this.atRelease, t * this.actors, this.actors);
  }

  publishMoreFenced(t: number, block: number): void {
    if (this.covers(block, this.epochOf(this.atRelease, t))) return;
    this.pool[block] = MIXED;
    join(this.pool, block + 1, this.atRelease, t * this.actors, this.actors);
  }

  /** t has looked at or written the word whose block this is, after its last strong fence. */
  lookAfterStrong(t: number, block: number): void {
    const at = t * this.actors;
    const epoch = this.epochOf(this.atStrong, t);
    if (this.covers(block, epoch)) return;
    const last = this.pool[block] as number;
    const includes = last >> ACTOR_BITS <= (this.atStrong[at + (last & (MAX_ACTORS - 1))] as number);
    this.pool[block] = last === EMPTY || (last !== MIXED && includes) ? epoch : MIXED;
    join(this.pool, block + 1, this.atStrong, t * this.actors, this.actors);
  }

  /** t overwrites what those in the block have looked at: it counts once a strong fence follows. */
  overwrite(t: number, block: number): void {
    if (this.knows(t, block)) return;
    this.pendingOverwritten[t] = 1;
    join(this.overwritten, t * this.actors, this.pool, block + 1, this.actors);
  }

  acquireFence(t: number): void {
    if (this.pendingSeen[t] === 0) return;
    this.pendingSeen[t] = 0;
    join(this.rows, t * this.actors, this.seen, t * this.actors, this.actors);
  }

  releaseFence(t: number): void {
    this.releaseFenced[t] = 1;
    copy(this.atRelease, t * this.actors, this.rows, t * this.actors, this.actors);
    this.tick(t);
  }

  strongFence(t: number): void {
    const { actors } = this;
    const at = t * actors;
    this.acquireFence(t);
    if (this.pendingOverwritten[t] !== 0) {
      this.pendingOverwritten[t] = 0;
      join(this.rows, at, this.overwritten, at, actors);
    }
    this.strongFenced[t] = 1;
    copy(this.atStrong, at, this.rows, at, actors);
    this.releaseFence(t);
  }
}

/** into = max(into, from), entry by entry. */
function join(into: Int32Array, at: number, from: Int32Array, fromAt: number, n: number): void {
  for (let i = 0; i < n; i++) {
    const v = from[fromAt + i] as number;
    if (v > (into[at + i] as number)) into[at + i] = v;
  }
}

function copy(into: Int32Array, at: number, from: Int32Array, fromAt: number, n: number): void {
  for (let i = 0; i < n; i++) into[at + i] = from[fromAt + i] as number;
}
