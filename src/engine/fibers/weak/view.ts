// SPDX-License-Identifier: GPL-2.0-only
/**
 * A view machine for the Linux-kernel memory model (tools/memory-model/linux-kernel.cat; Alglave et al.,
 * "Frightening Small Children and Disconcerting Grown-ups", 2018), in the manner of Kang et al., "A Promising Semantics
 * for Relaxed-Memory Concurrency", 2017, without promises: a load may read any store that its actor has not got to
 * know to be overwritten. Actors execute in program order, so load buffering is never seen, and every store counts as
 * dependent on all loads before it. Plain accesses are taken for READ_ONCE and WRITE_ONCE.
 *
 * What a store makes known, and how:
 * - cumulativity: a store carries a view, what its release, the write barrier or the full barrier before it made part
 *   of it. A reader keeps it as pending; read barriers, acquires and full barriers make it binding for its loads.
 * - propagation: full barriers are numbered. A store carries the number of the latest fence in its past, along loads
 *   of any kind; whoever is ordered after fence n cannot miss what that fence covered.
 * - time: a load that reads something older than a load before it knew, has in truth happened before that one. So
 *   nothing that is later than the earlier load may come before it: an acquire of a message younger than the oldest
 *   unordered load orders all loads before it, and such a message cannot be read as a stale one.
 *
 * A load that the model leaves no choice does not ask. A load that reads the same stale word again and again is moved
 * on to the newest value (`patience`), so that waiting loops end.
 */

import { FENCE, type MemoryModel, ORDER, type StaleRead } from '../memory_model.js';
import { AtomicFences } from './atomic_fences.js';
import type { Rest } from './explore.js';
import { History } from './history.js';
import { COVERED, FENCE_NUMBER, STAMP, TIME, VALUE, WELDED, WRITER } from './message.js';
import { type Source, sourcesOf } from './rmw_source.js';
import { CUR, PEND } from './rows.js';
import { staleRead } from './stale.js';
import { Staleness } from './staleness.js';
import { Synchronisation } from './synchronisation.js';
import { GAP, type ViewOptions } from './view_options.js';

export class ViewModel implements MemoryModel {
  readonly name: string = 'weak';
  readonly history: History;
  readonly known: Synchronisation;
  private readonly boards: number;
  private readonly staleness: Staleness;
  private readonly reorder: boolean;
  private readonly staleFailures: boolean;
  private readonly candidates: Int32Array;
  private actors = 0;
  private choose: (n: number) => number = () => 0;
  private readonly atomics = new AtomicFences();
  /** Of actor and writer: time of the latest store of the writer that the actor has read. */
  private seen = new Int32Array(0);
  /** The latest load, if it read a stale message: its slot (-1: it did not), who and where. */
  private staleSlot = -1;
  private staleActor = 0;
  private staleWord = 0;

  constructor(options: ViewOptions = {}) {
    const depth = options.depth ?? 16;
    this.reorder = options.reorderStores ?? false;
    this.history = new History(options.words ?? 1024, depth, this.reorder ? GAP : 1);
    this.known = new Synchronisation(this.history);
    this.boards = options.boards ?? 0;
    this.staleness = new Staleness(options.patience ?? 3, options.persists ?? false);
    this.staleFailures = options.staleFailures ?? false;
    this.candidates = new Int32Array(depth);
  }

  reset(heap: Int32Array, actors: number, choose: (n: number) => number): void {
    this.choose = choose;
    this.history.reset(heap);
    this.known.reset(actors, this.boards);
    this.staleSlot = -1;
    this.atomics.reset(actors);
    if (this.actors !== actors) {
      this.actors = actors;
      this.staleness.reset(actors, this.history.most);
      this.seen = new Int32Array(actors * actors);
      return;
    }
    this.seen.fill(0);
  }

  load(actor: number, addr: number, order: number): number {
    const word = this.history.wordAt[addr] as number;
    this.staleSlot = -1;
    return word === 0 ? (this.history.heap[addr] as number) : this.loadWritten(actor, word, order);
  }

  private loadWritten(actor: number, word: number, order: number): number {
    const h = this.history;
    const newest = h.slotOf(word, h.top[word] as number);
    const acquire = order === ORDER.acquire || order === ORDER.dereference;
    /* Its own newest store tells an actor nothing. (A store of its own that went under others may.) */
    if (h.messages[newest + WRITER] === actor && !acquire && !this.reorder)
      return h.messages[newest + VALUE] as number;
    let slot = newest;
    if (!this.binding(actor, word, slot)) {
      const n = this.readable(actor, word);
      const w = actor * h.most + word;
      if (n > 1) {
        slot = this.staleness.pick(w, this.candidates, n, this.choose);
      }
    }
    if (slot !== newest) {
      this.staleActor = actor;
      this.staleWord = word;
      this.staleSlot = slot;
    }
    this.observe(actor, word, slot, acquire);
    return h.messages[slot + VALUE] as number;
  }

  private observe(actor: number, word: number, slot: number, acquire: boolean): void {
    this.known.read(actor, word, slot, acquire);
    const writer = this.history.messages[slot + WRITER] as number;
    if (writer < 0 || writer === actor) return;
    const s = actor * this.actors + writer;
    const time = this.history.messages[slot + TIME] as number;
    if (time > (this.seen[s] as number)) this.seen[s] = time;
  }

  /** The actor's loads may not go behind this message. */
  private binding(actor: number, word: number, slot: number): boolean {
    const known = this.known;
    return (
      (this.history.messages[slot + STAMP] as number) <=
        (known.views[known.at(actor, word) + CUR] as number) ||
      (this.history.messages[slot + COVERED] as number) <= (known.fence[actor] as number)
    );
  }

  /** Fills `candidates` with the messages that a load may read, newest first; returns how many. */
  private readable(actor: number, word: number): number {
    const h = this.history;
    const known = this.known;
    const mine = known.at(actor, word);
    const bound = known.views[mine + CUR] as number;
    const pend = known.views[mine + PEND] as number;
    const fence = known.fence[actor] as number;
    const pendingFence = known.pendingFence[actor] as number;
    const top = h.top[word] as number;
    const end = top - (h.count[word] as number);
    let n = 0;
    let backwards = false;
    for (let i = top; i > end; i--) {
      const slot = h.slotOf(word, i);
      const stamp = h.messages[slot + STAMP] as number;
      const covered = h.messages[slot + COVERED] as number;
      if (!backwards || known.older(actor, slot)) this.candidates[n++] = slot;
      if (stamp <= bound || covered <= fence) break;
      if (stamp <= pend || covered <= pendingFence) backwards = true;
    }
    return n;
  }

  store(actor: number, addr: number, value: number, order: number): void {
    const word = this.wordOf(addr);
    const release = order === ORDER.release || order === ORDER.unlock;
    const known = this.known;
    const snapshot = release ? known.releaseSnapshot(actor) : known.relaxedSnapshot(actor);
    const below = this.reorder ? this.place(actor, word) : 0;
    this.append(actor, word, value, snapshot, below);
    if (order === ORDER.unlock) known.unlocked(actor);
  }

  private wordOf(addr: number): number {
    const h = this.history;
    const word = h.wordAt[addr] as number;
    const old = h.late || this.known.growth.crowded;
    if (word !== 0 && !old) return word;
    if (old || h.full) this.settle();
    const fresh = h.open(addr);
    this.known.open(fresh);
    for (let a = 0; a < this.actors; a++) this.staleness.open(a * h.most + fresh);
    return fresh;
  }

  /** All actors see all: the histories end here. */
  private settle(): void {
    this.history.clear();
    this.known.forget();
  }

  private append(actor: number, word: number, value: number, snapshot: number, below: number): number {
    const h = this.history;
    const newest = h.stampOf(word, h.top[word] as number);
    let stamp = newest + h.gap;
    if (below > 0) {
      const over = h.stampOf(word, (h.top[word] as number) - below + 1);
      const under = h.stampOf(word, (h.top[word] as number) - below);
      stamp = (over + under) >> 1;
    }
    const slot = below > 0 ? h.wedge(word, below) : h.push(word);
    const fence = this.known.pendingFence[actor] as number;
    h.fill(slot, value, stamp, ++this.known.clock, snapshot, fence, actor);
    this.known.wrote(actor, word, stamp);
    if (below === 0) h.heap[h.addrOf[word] as number] = value;
    return slot;
  }

  /** How many messages a store goes under: it may not go under one that the actor has read or must know of. */
  private place(actor: number, word: number): number {
    const h = this.history;
    const known = this.known;
    const pend = known.views[known.at(actor, word) + PEND] as number;
    const top = h.top[word] as number;
    const end = top - (h.count[word] as number) + 1;
    let n = 1;
    this.candidates[0] = 0;
    for (let i = top; i > end; i--) {
      const slot = h.slotOf(word, i);
      const stamp = h.messages[slot + STAMP] as number;
      if (stamp <= pend || (h.messages[slot + COVERED] as number) <= (known.pendingFence[actor] as number))
        break;
      if (h.messages[slot + WELDED] === 0 && stamp - h.stampOf(word, i - 1) > 1)
        this.candidates[n++] = top - i + 1;
    }
    return n === 1 ? 0 : (this.candidates[this.choose(n)] as number);
  }

  rmw(actor: number, addr: number, update: (old: number) => number | null, order: number): number {
    const h = this.history;
    this.staleSlot = -1;
    /* One that fails is a read-modify-write to the barriers around it all the same (RMW in linux-kernel.cat). */
    if (this.atomics.enter(actor)) this.known.fullBarrier(actor);
    const present = h.wordAt[addr] as number;
    if (present === 0 && update(h.heap[addr] as number) === null) return h.heap[addr] as number;
    const word = this.wordOf(addr);
    const { slot, below } = this.source(actor, word, update, order);
    const old = h.messages[slot + VALUE] as number;
    const value = update(old);
    if (value === null) {
      this.observe(actor, word, slot, false);
      return old;
    }
    const known = this.known;
    const acquire = order === ORDER.acquire || order === ORDER.lock || order === ORDER.dereference;
    if (below > 0 && order === ORDER.full) known.fullBarrier(actor);
    this.observe(actor, word, slot, acquire);
    if (order === ORDER.lock) known.locked(actor, slot);
    const release = order === ORDER.release || order === ORDER.full;
    const snapshot = release ? known.releaseSnapshot(actor) : known.inheritedSnapshot(actor, slot);
    const written = this.append(actor, word, value, snapshot, below);
    h.messages[written + WELDED] = 1;
    if (order === ORDER.full) {
      /* Reading the newest value is compatible with all, so one barrier serves for the one before and the one after. */
      known.fullBarrier(actor);
      if (below === 0) h.messages[written + FENCE_NUMBER] = known.fences;
    }
    return old;
  }

  /** The message that a read-modify-write reads; a lock is taken from who gave it back last. */
  private source(actor: number, word: number, update: (old: number) => number | null, order: number): Source {
    const h = this.history;
    const newest = h.slotOf(word, h.top[word] as number);
    if (!this.staleFailures || this.binding(actor, word, newest)) return { slot: newest, below: 0 };
    const n = this.readable(actor, word);
    const reorder = this.reorder && order !== ORDER.lock;
    const full = order === ORDER.full;
    const sources = sourcesOf(h, this.known, actor, word, update, this.candidates, n, reorder, full);
    return sources[sources.length === 1 ? 0 : this.choose(sources.length)] as Source;
  }

  fence(actor: number, kind: number): void {
    if (kind === FENCE.rmb) this.known.order(actor);
    else if (kind === FENCE.wmb) this.known.writeBarrier(actor);
    else if (kind === FENCE.before_atomic) this.atomics.announce(actor);
    else if (kind !== FENCE.after_atomic || this.atomics.follows(actor)) this.known.fullBarrier(actor);
  }

  poke(addr: number, value: number): void {
    const h = this.history;
    h.heap[addr] = value;
    const word = h.wordAt[addr] as number;
    if (word === 0) return;
    const stamp = h.begin(word, value, ++this.known.clock);
    for (let a = 0; a < this.actors; a++) this.known.wrote(a, word, stamp);
  }

  get stale(): StaleRead | null {
    if (this.staleSlot < 0) return null;
    const actor = this.staleActor;
    return staleRead(this.history, this.known, actor, this.staleWord, this.staleSlot, (writer) =>
      writer < 0 ? 0 : (this.seen[actor * this.actors + writer] as number),
    );
  }

  internal(_actor: number): number {
    return 0;
  }

  internalStep(_actor: number): void {}

  /** Numbers that the future depends on, beside the heap. */
  fingerprint(into: number[], rest: Rest): void {
    this.known.fingerprint(into, this.actors, rest);
    this.atomics.fingerprint(into);
  }
}
