// SPDX-License-Identifier: GPL-2.0-only
/** Runs executions of a subject by their number: the same number gives the same execution in every worker. */
import { type Execution, FibersMachine } from '../engine/fibers/machine.js';
import type { MemoryModel } from '../engine/fibers/memory_model.js';
import type { AccessObserver } from '../engine/fibers/observer.js';
import type { Decisions } from '../engine/fibers/runtime.js';
import { loadTree } from '../engine/fibers/tree.js';
import { barriersOfSites, type Drops } from '../engine/fibers/weak/drops.js';
import { TsoModel } from '../engine/fibers/weak/tso.js';
import { ViewModel } from '../engine/fibers/weak/view.js';
import { barriers } from '../mem/barriers.js';
import { DataRaceDetector } from '../oracle/data_race.js';
import { Lockdep } from '../oracle/lockdep.js';
import { type Slab, SlabChecker, type SlabNames } from '../oracle/slab.js';
import type { Violation } from '../oracle/violation.js';
import { HintedScheduler } from '../schedule/hinted.js';
import { parseScheduler, type SchedulerChoice } from '../schedule/index.js';
import { type Scheduler, WAIT } from '../schedule/scheduler.js';
import { actorSeed } from '../util/rng.js';
import type { HeldLock } from './accesses.js';
import { type Cost, costOf, noCost } from './cost.js';
import { Coverage } from './coverage.js';
import { dropsOf } from './dropped.js';
import { type Doubt, type Judgement, judge, PATIENCE, signatureOf, watchExecutions } from './judge.js';
import { isHang, isOfTheEnd } from './kind.js';
import { type Book, forward } from './lock_book.js';
import { slabsOf } from './slabs.js';
import type { MemoryName, Subject } from './subject.js';
import { upTo } from './up_to.js';
import { Watch } from './watch.js';
import { wordName } from './words.js';

export interface Found {
  readonly execution: number;
  readonly scheduler: string;
  readonly signature: string;
  readonly violation: Violation;
  /** Of the execution, up to the violation. */
  readonly seed: number;
  readonly decisions: Decisions;
}

/** What an execution did, and what was thought of it. */
export interface Run {
  readonly execution: Execution;
  readonly judgement: Judgement;
  /** Of lockdep and the race detector. */
  readonly checked: readonly Violation[];
}

export interface Outcome {
  /** What it is made again from. */
  readonly seed: number;
  readonly scheduler: string;
  readonly decisions: Decisions;
  readonly end: Execution['end'];
  readonly steps: number;
  readonly found: readonly Found[];
  readonly doubt: Doubt | null;
  readonly cost: Cost;
}

export function inOrder(violations: readonly Violation[]): Violation[] {
  const late = (v: Violation) => (isHang(v.code) ? 1 : 0);
  return [...violations].sort((a, b) => late(a) - late(b));
}

/** null: sequential consistency, which is the heap itself. */
function modelOf(memory: MemoryName): MemoryModel | null {
  if (memory === 'tso') return new TsoModel();
  return memory === 'weak' ? new ViewModel({ persists: true, patience: PATIENCE }) : null;
}

export class Runner {
  readonly choice: SchedulerChoice;
  /** Executions of an exhaustive search come from one scheduler. */
  private search: Scheduler | null = null;
  coverage: Coverage;
  private readonly barriersAt: readonly (readonly number[])[];
  private races: DataRaceDetector;
  private readonly slabs: readonly Slab[];
  private readonly names: SlabNames;
  readonly model: MemoryModel | null;
  readonly drops: Drops | null;

  private constructor(
    readonly subject: Subject,
    readonly fast: FibersMachine,
    readonly observed: FibersMachine,
    /** Under a memory model with nobody who looks; null: it is not needed. */
    private readonly modelled: FibersMachine | null,
    /** Of the present batch. */
    private readonly book: Book,
  ) {
    this.choice = parseScheduler(subject.scheduler);
    this.slabs = slabsOf(fast.plan);
    this.names = this.namesOf(observed);
    this.races = this.newRaces();
    this.model = modelOf(subject.memory);
    this.barriersAt = barriersOfSites(barriers, observed.tree.sites);
    this.coverage = new Coverage(this.barriersAt);
    this.drops = dropsOf(subject.dropped, observed.tree.sites);
    for (const machine of [fast, observed, modelled]) if (machine !== null) watchExecutions(machine);
  }

  static async create(subject: Subject): Promise<Runner> {
    const fast = new FibersMachine(await loadTree(subject.trees, 'fast'), subject.scenario);
    const tree = await loadTree(subject.trees, 'observed');
    const book: Book = { lockdep: new Lockdep(), isOpen: true };
    const observed = new FibersMachine(tree, subject.scenario, (actor) => forward(book, actor));
    /* Barriers are left out in the observed build only. */
    const modelled =
      subject.memory === 'sc' || subject.dropped.length > 0
        ? null
        : new FibersMachine(await loadTree(subject.trees, 'modelled'), subject.scenario);
    return new Runner(subject, fast, observed, modelled, book);
  }

  /** The same machines for a subject that differs in what was measured. */
  withSubject(subject: Subject): Runner {
    return new Runner(subject, this.fast, this.observed, this.modelled, this.book);
  }

  /** What checkers know grows over a batch: batches are the same whatever the number of workers. */
  beginBatch(): void {
    this.book.lockdep = new Lockdep();
    this.races = this.newRaces();
    this.coverage = new Coverage(this.barriersAt);
  }

  /** The next execution has this number in reports. */
  numbered(execution: number): this {
    this.book.lockdep.execution = execution;
    return this;
  }

  /** Executions of the observed build without its book of locks, and faster. */
  unchecked<T>(make: () => T): T {
    this.book.isOpen = false;
    try {
      return make();
    } finally {
      this.book.isOpen = true;
    }
  }

  /** What an actor of the observed build holds now, outermost first. */
  locksOf(actor: number): readonly HeldLock[] {
    return this.book.lockdep.tracker(actor).held;
  }

  private newRaces(): DataRaceDetector {
    return new DataRaceDetector(this.observed.plan.heapWords, this.names);
  }

  private namesOf({ tree, plan }: FibersMachine): SlabNames {
    const site = (n: number) => {
      const s = tree.sites[n];
      return s === undefined ? { fn: '?', place: '?' } : { fn: s.fn, place: `${s.file}:${s.line}` };
    };
    return { site, word: (addr) => wordName(plan, addr) };
  }

  /** Null: an exhaustive search is complete. */
  run(i: number): Outcome | null {
    const { subject, choice } = this;
    const seed = choice.exhaustive ? subject.seed : actorSeed(subject.seed, i);
    this.book.lockdep.execution = i;
    if (choice.exhaustive) this.search ??= choice.create({ execution: 0, seed, steps: subject.steps });
    const scheduler = this.search ?? this.schedulerOf(i);
    if (!scheduler.begin(this.fast.plan.nrActors - 1)) return null;
    /* Another place of each block of so many, so that every scheduler of the mix has its turn. */
    const every = subject.observeEvery;
    const looks = i % every === Math.floor(i / every) % every;
    const quick = this.model === null ? this.fast : this.modelled;
    /* Only the observed build tells a scheduler what comes; lockdep is part of it. */
    const machine = looks || scheduler.needsOperations || quick === null ? this.observed : quick;
    const { execution, judgement, checked } = looks
      ? this.watch(scheduler, seed)
      : machine === this.observed
        ? this.locked(scheduler, seed)
        : this.quick(machine, scheduler, seed);
    scheduler.end({ steps: execution.steps, complete: execution.end === 'done' });
    const found = inOrder([...judgement.violations, ...checked]).map((violation): Found => {
      const step =
        violation.seq < machine.trace.length && violation.seq > 0
          ? machine.trace.stepOf(violation.seq)
          : execution.steps;
      return {
        execution: i,
        scheduler: scheduler.name,
        signature: signatureOf(violation),
        violation,
        seed,
        decisions: upTo(execution.decisions, isOfTheEnd(violation.code) ? execution.steps : step),
      };
    });
    return {
      seed,
      scheduler: scheduler.name,
      decisions: execution.decisions,
      end: execution.end,
      steps: execution.steps,
      found,
      doubt: judgement.doubt,
      /* Time that a scheduler let pass is no cost of the design. */
      cost: execution.decisions.actors.includes(WAIT) ? noCost() : costOf(machine),
    };
  }

  /** Where a barrier is left out, its neighbourhood is what matters. */
  private schedulerOf(i: number): Scheduler {
    const { seed, steps } = this.subject;
    const scheduler = this.choice.create({ execution: i, seed, steps });
    return this.drops === null ? scheduler : new HintedScheduler(scheduler, actorSeed(seed, i));
  }

  private quick(machine: FibersMachine, scheduler: Scheduler, seed: number): Run {
    const { model } = this;
    const execution = machine.execute(scheduler, { seed, maxSteps: this.subject.maxSteps, model });
    return { execution, judgement: judge(machine, execution), checked: this.leaks(machine) };
  }

  /** What slabs say at the end; under a memory model they are not looked at. */
  private leaks(machine: FibersMachine): readonly Violation[] {
    if (this.model !== null) return [];
    const slab = this.slabsIn(machine);
    slab.end(machine.heap);
    return slab.violations;
  }

  private slabsIn(machine: FibersMachine): SlabChecker {
    return new SlabChecker(this.slabs, this.names, () => machine.trace.length);
  }

  /** On the observed build with nobody who looks but lockdep. `scheduler.begin` has been called. */
  locked(scheduler: Scheduler, seed: number): Run {
    const { lockdep } = this.book;
    const { model, drops } = this;
    lockdep.reset();
    const { maxSteps } = this.subject;
    const execution = this.observed.execute(scheduler, { seed, maxSteps, model, drops });
    if (execution.end === 'done') lockdep.end();
    return this.judged(execution, [...lockdep.violations, ...this.leaks(this.observed)]);
  }

  /** One execution on the observed build with all that look. `scheduler.begin` has been called. */
  watch(scheduler: Scheduler, seed: number, also: AccessObserver | null = null): Run {
    const slab = this.model === null ? this.slabsIn(this.observed) : null;
    const execution = this.observe(scheduler, { seed, maxSteps: this.subject.maxSteps }, slab, also);
    slab?.end(this.observed.heap);
    const checked = [
      ...this.book.lockdep.violations,
      ...this.races.violations,
      ...(slab === null ? [] : slab.violations),
    ];
    return this.judged(execution, checked);
  }

  private judged(execution: Execution, checked: readonly Violation[]): Run {
    const judgement = judge(this.observed, execution);
    /* A lock bug that lockdep has told of ends as a throw of the lock code: one finding, not two. */
    const own =
      checked.length > 0 ? judgement.violations.filter((v) => v.code !== 'KERNEL-BUG') : judgement.violations;
    return { execution, judgement: { ...judgement, violations: own }, checked };
  }

  private observe(
    scheduler: Scheduler,
    options: { seed: number; maxSteps: number },
    slab: SlabChecker | null,
    also: AccessObserver | null,
  ): Execution {
    const { coverage, races, observed } = this;
    const { lockdep } = this.book;
    coverage.begin(observed.plan.heapWords);
    lockdep.reset();
    races.reset(observed.plan.nrActors);
    /* The detector takes a load to read the newest store, and a barrier that is left out is no race of the sources. */
    const judgesRaces = this.model === null && this.drops === null;
    const observer = new Watch(coverage, judgesRaces ? races : null, slab, also);
    const { model, drops } = this;
    const execution = observed.execute(scheduler, { ...options, observer, model, drops });
    if (execution.end === 'done') lockdep.end();
    coverage.trace(observed);
    coverage.lockOrders = lockdep.edges;
    return execution;
  }
}
