// SPDX-License-Identifier: GPL-2.0-only
/**
 * lockdep (kernel/locking/lockdep.c) for an engine that runs all actors in one thread: the locks tell it of every
 * acquisition, wait and release, and it says what could deadlock, met or not. What it knows of lock order grows over
 * the executions of a campaign; who holds what begins anew with each.
 *
 * It takes note and lets the actor go on. The kernel code may find afterwards that it cannot, and throw: then the
 * violation is the finding, not the throw.
 */
import { NR_LOCK_CLASSES } from '../kernel/abi/lock_classes.js';
import { LOCK_NESTED, LOCK_READ, LOCK_RECURSIVE, LOCK_TRY, type LockTracker } from '../trace/lock_tracker.js';
import { callStack, KERNEL_CODE } from '../util/call_stack.js';
import { LockGraph } from './lock_graph.js';
import { cycleViolation, type HeldLock, heldText, lockSite, nodeName } from './lockdep_text.js';
import { Findings, type Violation } from './violation.js';

export const LOCKDEP_CODES = [
  'LOCKDEP-CYCLE',
  'LOCKDEP-RECURSION',
  'LOCKDEP-READ-RECURSION',
  'LOCKDEP-SLEEP',
  'LOCKDEP-UNBALANCED',
  'LOCKDEP-HELD',
  'LOCKDEP-EXCLUSION',
] as const;

export class Lockdep {
  private readonly graph = new LockGraph(2 * NR_LOCK_CLASSES);
  private readonly findings = new Findings();
  private readonly trackers = new Map<number, LockdepTracker>();
  private events = 0;
  /** Who holds each lock now, by address. */
  private readonly holders = new Map<number, Holder[]>();
  /** Number of the present one, for reports: an order may have been seen in an earlier one. */
  execution = 0;

  /** `clock`: place in the trace, for the sites; by default the number of the lock event. */
  constructor(private readonly clock?: () => number) {}

  /** An execution begins: nobody holds anything. */
  reset(): void {
    for (const t of this.trackers.values()) t.held.length = 0;
    this.holders.clear();
  }

  /** `actor` has the lock: one who writes is alone. */
  enter(actor: number, taken: HeldLock): void {
    const now = this.holders.get(taken.lock) ?? [];
    this.holders.set(taken.lock, now);
    const reads = (h: HeldLock) => (h.mode & LOCK_READ) !== 0;
    const other = now.find((h) => h.actor !== actor && !(reads(h.by) && reads(taken)));
    now.push({ actor, by: taken });
    if (other === undefined) return;
    this.findings.add('LOCKDEP-EXCLUSION', `${taken.node} ${other.by.ip} ${taken.ip}`, () => ({
      summary: `${nodeName(taken.node)} is taken by actor ${actor} while actor ${other.actor} holds it`,
      sites: [lockSite('holds', other.by, other.actor), lockSite('takes', taken, actor)],
      task: null,
      cpu: actor,
      seq: taken.seq,
    }));
  }

  leave(actor: number, lock: number): void {
    const now = this.holders.get(lock) ?? [];
    const at = now.findIndex((h) => h.actor === actor);
    if (at >= 0) now.splice(at, 1);
  }

  /** What the kernel handle of `actor` gets; the same one for the whole campaign. */
  tracker(actor: number): LockdepTracker {
    let t = this.trackers.get(actor);
    if (t === undefined) {
      t = new LockdepTracker(actor, this, this.graph, this.findings);
      this.trackers.set(actor, t);
    }
    return t;
  }

  /** Place of what happens now. */
  now(): number {
    return this.clock === undefined ? ++this.events : this.clock();
  }

  /** An execution ran to its end: what is still held was forgotten. Not for one that was cut off. */
  end(): void {
    for (const t of this.trackers.values()) t.end();
  }

  get violations(): readonly Violation[] {
    return this.findings.list;
  }

  /** Violations that were not kept since their code had too many different ones. */
  get suppressed(): number {
    return this.findings.suppressed;
  }

  /** Pairs of classes whose order is known. */
  get edges(): number {
    return this.graph.size;
  }
}

interface Holder {
  readonly actor: number;
  readonly by: HeldLock;
}

/** Lock class with its nesting level, as a node of the order graph. */
function nodeOf(cls: number, mode: number): number {
  return (mode & LOCK_NESTED) !== 0 ? cls + NR_LOCK_CLASSES : cls;
}

export class LockdepTracker implements LockTracker {
  readonly on = false;
  /** Outermost first. */
  readonly held: HeldLock[] = [];

  constructor(
    private readonly actor: number,
    private readonly all: Lockdep,
    private readonly graph: LockGraph,
    private readonly findings: Findings,
  ) {}

  contended(lock: number, cls: number, mode: number, ip: number): void {
    this.check({ lock, node: nodeOf(cls, mode), mode, ip, seq: this.all.now() });
  }

  acquired(lock: number, cls: number, mode: number, ip: number, waited: boolean): void {
    const taken = { lock, node: nodeOf(cls, mode), mode, ip, seq: this.all.now() };
    /* One who waited was checked when the wait began. */
    if (!waited) this.check(taken);
    this.held.push(taken);
    this.all.enter(this.actor, taken);
  }

  release(lock: number, cls: number): boolean {
    for (let i = this.held.length - 1; i >= 0; i--) {
      if ((this.held[i] as HeldLock).lock !== lock) continue;
      this.held.splice(i, 1);
      this.all.leave(this.actor, lock);
      return true;
    }
    const { actor } = this;
    const seq = this.all.now();
    this.findings.add('LOCKDEP-UNBALANCED', `${cls}`, () => ({
      summary: `${nodeName(cls)} is released by actor ${actor}, which does not hold it${heldText(this.held)}`,
      sites: [{ label: 'released', seq, actor, text: nodeName(cls) }],
      task: null,
      cpu: actor,
      seq,
    }));
    return true;
  }

  sleepsAtomic(what: string, ip: number, preemptCount: number): boolean {
    const { actor, held } = this;
    const seq = this.all.now();
    const inner = held[held.length - 1];
    this.findings.add('LOCKDEP-SLEEP', `${what} ${ip} ${inner?.node} ${inner?.ip}`, () => ({
      summary: `${what} may sleep with preemption off (${preemptCount})${heldText(held)}`,
      sites: [...held.map((h) => lockSite('holds', h, actor)), { label: 'sleeps', seq, actor, text: what }],
      task: null,
      cpu: actor,
      seq,
    }));
    return true;
  }

  /** The execution is over. */
  end(): void {
    const { actor } = this;
    for (const h of this.held) {
      const seq = this.all.now();
      this.findings.add('LOCKDEP-HELD', `${h.node} ${h.ip}`, () => ({
        summary: `${nodeName(h.node)} is still held by actor ${actor} at the end`,
        sites: [lockSite('taken', h, actor)],
        task: null,
        cpu: actor,
        seq,
      }));
    }
  }

  private check(next: HeldLock): void {
    if ((next.mode & LOCK_TRY) !== 0) return;
    for (let i = 0; i < this.held.length; i++) {
      const h = this.held[i] as HeldLock;
      if (h.node === next.node) this.checkRecursion(h, next);
      else this.checkOrder(h, next);
    }
  }

  /** Two locks of one class at a time, or one lock twice. */
  private checkRecursion(h: HeldLock, next: HeldLock): void {
    const readers = (h.mode & next.mode & LOCK_READ) !== 0;
    if (readers && (next.mode & LOCK_RECURSIVE) !== 0) return;
    const { actor } = this;
    const code = readers ? 'LOCKDEP-READ-RECURSION' : 'LOCKDEP-RECURSION';
    this.findings.add(code, `${h.node} ${h.ip} ${next.ip} ${h.lock === next.lock}`, () => {
      const what = h.lock === next.lock ? nodeName(next.node) : `a second ${nodeName(next.node)}`;
      const why = readers
        ? 'a writer that comes in between waits for the first, and the second for the writer'
        : h.lock === next.lock
          ? 'it waits for itself'
          : 'another actor may take the two the other way round';
      return {
        summary: `${what} is taken by one who holds it: ${why}`,
        sites: [lockSite('holds', h, actor), lockSite('takes', next, actor)],
        task: null,
        cpu: actor,
        seq: next.seq,
      };
    });
  }

  private checkOrder(h: HeldLock, next: HeldLock): void {
    const cycle = this.graph.add(
      h.node,
      next.node,
      (h.mode & LOCK_READ) !== 0,
      (next.mode & LOCK_RECURSIVE) !== 0,
      () => ({
        from: h.node,
        to: next.node,
        fromIp: h.ip,
        toIp: next.ip,
        actor: this.actor,
        seq: next.seq,
        stack: callStack(KERNEL_CODE),
        execution: this.all.execution,
      }),
    );
    if (cycle === null) return;
    /* The same cycle found from another of its edges is the same finding. */
    const signature = cycle
      .map((e) => e.from)
      .sort((a, b) => a - b)
      .join(' ');
    this.findings.add('LOCKDEP-CYCLE', signature, () => cycleViolation(cycle));
  }
}
