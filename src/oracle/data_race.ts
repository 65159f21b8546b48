// SPDX-License-Identifier: GPL-2.0-only
/**
 * Data races, for an engine that runs all actors in one thread: what KCSAN looks for, by vector clocks (FastTrack,
 * Flanagan and Freund 2009) and so without luck: two accesses to a word that conflict, at least one of them plain, and
 * no order between them. Marked accesses (READ_ONCE, atomics) never race with each other. data_race() and the fetch of
 * instructions are not told to it at all.
 *
 * Accesses come in the order in which they took effect, and a load is taken to read the newest store: under a weak
 * memory model stale reads give edges that were not there. Search for data races with sequential consistency: a
 * program that has none there, by the orders that it asks for, has none.
 *
 * Address and control dependencies of READ_ONCE give no order here, only rcu_dereference does, and smp_wmb orders
 * earlier loads like earlier stores, as a fence of C11.
 */
import { FENCE, ORDER } from '../trace/memory_order.js';
import {
  AccessHistory,
  LOOKED,
  MARKED_READ,
  MARKED_WRITE,
  type OnRace,
  PLAIN_READ,
  PLAIN_WRITE,
  RELEASED,
} from './access_history.js';
import { type RaceNames, raceViolation } from './data_race_text.js';
import { MAX_ACTORS, VectorClocks } from './vector_clocks.js';
import { Findings, type Violation } from './violation.js';

export const DATA_RACE_CODES = ['KLP-DATA-RACE'] as const;

export class DataRaceDetector {
  private readonly clocks = new VectorClocks();
  private readonly history: AccessHistory;
  private readonly findings = new Findings();
  private readonly futexes = new Map<number, number>();

  /** `words`: size of the heap. `clock`: place in the trace, for reports; by default the number of the access. */
  constructor(
    words: number,
    private readonly names: RaceNames,
    private readonly clock?: () => number,
  ) {
    this.history = new AccessHistory(words, this.clocks, (addr, earlier, later) =>
      this.report(addr, earlier, later),
    );
  }

  /** An execution begins: what was done to the heap before comes before all that the actors do. */
  reset(actors: number): void {
    if (actors > MAX_ACTORS) throw new RangeError(`${actors} actors, more than ${MAX_ACTORS}`);
    this.clocks.reset(actors);
    this.history.reset();
    this.futexes.clear();
  }

  get violations(): readonly Violation[] {
    return this.findings.list;
  }

  /** Different races that were not kept since there were too many. */
  get suppressed(): number {
    return this.findings.suppressed;
  }

  /**
   * `order` as in ORDER; a read-modify-write is both read and write, one that changed nothing a read of order `once`.
   * `site`: place in the sources, as `names` knows it.
   */
  access(actor: number, order: number, isRead: boolean, isWrite: boolean, addr: number, site: number): void {
    const { history } = this;
    history.step = this.clock === undefined ? history.step + 1 : this.clock();
    const at = history.of(addr);
    if (order === ORDER.plain) {
      if (isWrite) history.plainWrite(actor, at, site);
      else history.plainRead(actor, at, site);
    } else if (!isWrite) {
      this.load(actor, order, at, site);
    } else if (isRead) {
      this.rmw(actor, order, at, site);
    } else {
      this.store(actor, order, at, site);
    }
  }

  /** Plain writes to `words` words in a row (memset). */
  fill(actor: number, addr: number, words: number, site: number): void {
    for (let i = 0; i < words; i++) this.access(actor, ORDER.plain, false, true, addr + i, site);
  }

  fence(actor: number, kind: number): void {
    if (kind === FENCE.rmb) this.clocks.acquireFence(actor);
    else if (kind === FENCE.wmb) this.clocks.releaseFence(actor);
    else this.clocks.strongFence(actor);
  }

  /** futex_wake on the word: what the caller did before is before the return of whom it wakes. */
  futexWake(actor: number, addr: number): void {
    let block = this.futexes.get(addr);
    if (block === undefined) {
      block = this.clocks.allocRow();
      this.futexes.set(addr, block);
    }
    this.clocks.publishMore(actor, block);
  }

  /** futex_wait on the word returned because it was woken. */
  futexWoken(actor: number, addr: number): void {
    const block = this.futexes.get(addr);
    if (block !== undefined) this.clocks.acquire(actor, block);
  }

  /* An access takes what it acquires before it is compared, and gives what it releases after it is noted. */

  private load(t: number, order: number, at: number, site: number): void {
    const released = this.history.shadow[at + RELEASED] as number;
    if (released !== 0) {
      if (order === ORDER.once) this.clocks.see(t, released);
      else this.clocks.acquire(t, released);
    }
    this.history.markedRead(t, at, site);
    this.look(t, at);
  }

  private store(t: number, order: number, at: number, site: number): void {
    const s = this.history.shadow;
    const { clocks } = this;
    this.history.markedWrite(t, at, site, false);
    this.overwrite(t, at);
    if (order === ORDER.release) {
      clocks.publish(t, this.releasedBlock(at));
    } else if (clocks.hasReleaseFence(t)) {
      clocks.publishFenced(t, this.releasedBlock(at));
    } else {
      s[at + RELEASED] = 0;
    }
    this.look(t, at);
    /* smp_store_mb */
    if (order === ORDER.full) clocks.strongFence(t);
  }

  private rmw(t: number, order: number, at: number, site: number): void {
    const { clocks } = this;
    if (order === ORDER.full) clocks.strongFence(t);
    const released = this.history.shadow[at + RELEASED] as number;
    if (released !== 0) {
      if (order === ORDER.acquire || order === ORDER.full) clocks.acquire(t, released);
      else clocks.see(t, released);
    }
    this.history.markedWrite(t, at, site, true);
    this.overwrite(t, at);
    /* Fully ordered, it has acquired all that the block holds: its row is all there is to publish. */
    if (order === ORDER.full) clocks.publish(t, this.releasedBlock(at));
    else if (order === ORDER.release) clocks.publishMore(t, this.releasedBlock(at));
    else if (clocks.hasReleaseFence(t)) clocks.publishMoreFenced(t, this.releasedBlock(at));
    this.look(t, at);
    if (order === ORDER.full) clocks.strongFence(t);
  }

  private releasedBlock(at: number): number {
    const s = this.history.shadow;
    if (s[at + RELEASED] === 0) s[at + RELEASED] = this.clocks.allocRow();
    return s[at + RELEASED] as number;
  }

  private overwrite(t: number, at: number): void {
    const looked = this.history.shadow[at + LOOKED] as number;
    if (looked !== 0) this.clocks.overwrite(t, looked);
  }

  private look(t: number, at: number): void {
    if (!this.clocks.hasStrongFence(t)) return;
    const s = this.history.shadow;
    if (s[at + LOOKED] === 0) s[at + LOOKED] = this.clocks.allocRow();
    this.clocks.lookAfterStrong(t, s[at + LOOKED] as number);
  }

  private report(addr: number, earlier: Parameters<OnRace>[1], later: Parameters<OnRace>[2]): void {
    const [a, b] = [earlier.site, later.site];
    this.findings.add('KLP-DATA-RACE', a < b ? `${a} ${b}` : `${b} ${a}`, () =>
      raceViolation(
        this.names,
        addr,
        { ...earlier, how: HOW[earlier.kind] as string },
        { ...later, how: HOW[later.kind] as string, seq: this.history.step },
      ),
    );
  }
}

const HOW: Readonly<Record<number, string>> = {
  [PLAIN_WRITE]: 'plain write',
  [PLAIN_READ]: 'plain read',
  [MARKED_WRITE]: 'marked write',
  [MARKED_READ]: 'marked read',
};
