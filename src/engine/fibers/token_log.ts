// SPDX-License-Identifier: GPL-2.0-only
/**
 * The record that a replay on threads follows: who makes how many operations, as in Decisions, and what the engine of
 * coroutines decided beside that: which sleeps ended by their time limit, and where virtual time jumped. All of it by
 * step, so that the replay needs no scheduler and can name the step at which it differs.
 */
import type { Scheduler } from '../../schedule/scheduler.js';
import type { ExecuteOptions, Execution, FibersMachine } from './machine.js';
import { type EndKind, type EngineLog, rt } from './runtime.js';

export const ENTRY = {
  /** actor: who goes on. was: how the one before stands (RUNNABLE, LEFT, or the word that it sleeps on). */
  hand: 0,
  /** actor: whose time limit is over. */
  expire: 1,
  /** value: ns by which virtual time is ahead of the steps from here. */
  jump: 2,
  /** All sleepers are woken: the last look around when the machine halts. */
  wakeAll: 3,
  /** value: index in END_KINDS. */
  end: 4,
} as const;

/** How an actor stands that has given its turn away; otherwise the address of the word that it sleeps on. */
export const RUNNABLE = -1;
export const LEFT = -2;
/** Not recorded. */
export const UNKNOWN = -3;

export interface Entry {
  /** Operations that were made before it. */
  readonly step: number;
  /** ENTRY */
  readonly kind: number;
  readonly actor: number;
  readonly value: number;
  readonly was: number;
  /** Place of the operation before which the actor before stands; UNKNOWN unless recorded on the observed tree. */
  readonly site: number;
  /** Trace records so far; UNKNOWN in a log that was written by hand. */
  readonly records: number;
  /** Hash of the heap; UNKNOWN unless asked for. */
  readonly hash: number;
}

export interface TokenLog {
  /** By step; the last one is the end. */
  readonly entries: readonly Entry[];
  readonly end: EndKind;
  readonly steps: number;
  /** Of the heap and of the trace at the end. */
  readonly hash: number;
  readonly traceHash: number;
}

export const END_KINDS: readonly EndKind[] = [
  'done',
  'deadlock',
  'livelock',
  'step-bound',
  'cut',
  'exception',
  'stopped',
];

export interface RecordOptions extends ExecuteOptions {
  /** Keep a hash of the heap at each change of actor: slow, and names the first such place where a replay differs. */
  readonly hashes?: boolean;
}

class Recorder implements EngineLog {
  readonly entries: Entry[] = [];
  private readonly sites: boolean;

  constructor(
    private readonly machine: FibersMachine,
    private readonly hashes: boolean,
  ) {
    /* Only there every operation tells its place. */
    this.sites = machine.tree.dir.endsWith('observed');
  }

  hand(previous: number, next: number): void {
    let was: number = RUNNABLE;
    if (previous >= 0) was = rt.isAlive(previous) ? rt.sleepsOn(previous) : LEFT;
    const site = this.sites && previous >= 0 ? (rt.site[previous] as number) : UNKNOWN;
    this.add(ENTRY.hand, next, 0, was, site);
  }

  expire(actor: number): void {
    this.add(ENTRY.expire, actor, 0);
  }

  jump(base_ns: number): void {
    this.add(ENTRY.jump, -1, base_ns);
  }

  wakeAll(): void {
    this.add(ENTRY.wakeAll, -1, 0);
  }

  finish(end: EndKind): void {
    this.add(ENTRY.end, -1, END_KINDS.indexOf(end));
  }

  private add(kind: number, actor: number, value: number, was = UNKNOWN, site = UNKNOWN): void {
    const look = kind === ENTRY.hand;
    const hash = look && this.hashes ? this.machine.stateHash() : UNKNOWN;
    const records = look ? this.machine.trace.length : UNKNOWN;
    this.entries.push({ step: rt.steps, kind, actor, value, was, site, records, hash });
  }
}

/** Executes on coroutines, and writes the log for a replay on threads. Not for memory models: threads have none. */
export function recordExecution(
  machine: FibersMachine,
  scheduler: Scheduler,
  options: RecordOptions,
): { execution: Execution; log: TokenLog } {
  const recorder = new Recorder(machine, options.hashes === true);
  rt.log = recorder;
  try {
    const execution = machine.execute(scheduler, options);
    recorder.finish(execution.end);
    const log: TokenLog = {
      entries: recorder.entries,
      end: execution.end,
      steps: execution.steps,
      hash: machine.stateHash(),
      traceHash: machine.trace.hash(),
    };
    return { execution, log };
  } finally {
    rt.log = null;
  }
}
