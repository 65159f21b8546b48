// SPDX-License-Identifier: GPL-2.0-only
/** A finding made again, with all that is of use to explain it. */
import type { Decisions } from '../engine/fibers/runtime.js';
import type { Violation } from '../oracle/violation.js';
import type { WaitsFor } from '../report/waits_text.js';
import { SimulatorBug } from '../util/fault.js';
import { type Access, AccessRecorder } from './accesses.js';
import { replayOf } from './bench.js';
import { type Conflict, conflictsOf } from './conflicts.js';
import { isOfTheEnd, kindOf } from './kind.js';
import { Naming, type ToldEvent } from './naming.js';
import { type Preemption, PreemptionWatch } from './preemptions.js';
import type { Found, Runner } from './runner.js';
import { waitsFor } from './waits_for.js';

export interface Recorded {
  readonly runner: Runner;
  /** As kindOf names the violation. */
  readonly kind: string;
  readonly violation: Violation;
  /** Of the execution. */
  readonly seed: number;
  readonly decisions: Decisions;
  readonly preemptions: readonly Preemption[];
  /** Of the whole execution. */
  readonly accesses: readonly Access[];
  readonly conflicts: readonly Conflict[];
  readonly events: readonly ToldEvent[];
  /** Operations up to the violation. */
  readonly steps: number;
  readonly naming: Naming;
  /** Of an execution in which nobody can go on. */
  readonly waits: WaitsFor | null;
}

/** The machine holds the execution afterwards. SimulatorBug if the violation does not come again. */
export function record(runner: Runner, found: Found): Recorded {
  const { observed, subject } = runner;
  const kind = kindOf(found.violation, subject.scenario);
  const recorder = new AccessRecorder(observed, (actor) => runner.locksOf(actor));
  const watch = new PreemptionWatch(replayOf(found.decisions));
  watch.begin(observed.plan.nrActors - 1);
  runner.beginBatch();
  const { execution, judgement, checked } = runner.watch(watch, found.seed, recorder);
  const violation = [...judgement.violations, ...checked].find((v) => kindOf(v, subject.scenario) === kind);
  if (violation === undefined) throw new SimulatorBug(`${found.violation.code} did not come again`);
  const { trace } = observed;
  const certain = !isOfTheEnd(violation.code) && violation.seq < trace.length;
  const accesses = recorder.list;
  const naming = new Naming(observed, recorder.pids);
  const conflicts = conflictsOf(
    accesses,
    (addr) => naming.word(addr),
    (a) => isWatching(naming, a),
    (a) => naming.place(a.site).file,
  );
  const recorded: Recorded = {
    runner,
    kind,
    violation,
    seed: found.seed,
    decisions: execution.decisions,
    preemptions: watch.preemptions,
    accesses,
    conflicts,
    events: naming.events(violation),
    steps: certain ? trace.stepOf(violation.seq) : execution.steps,
    naming,
    waits: null,
  };
  return IS_STUCK.test(violation.code) ? { ...recorded, waits: waitsFor(recorded) } : recorded;
}

const IS_STUCK = /^(EXPLORE-|PROG-HUNG-CONTROL$)/;

/** Reads of the machine's own bookkeeping, and of the workload that decides what to do next. */
function isWatching(naming: Naming, a: Access): boolean {
  const { fn, file } = naming.place(a.site);
  return fn.startsWith('trace_') || file.includes('/workload/') || file.includes('/machine/');
}
