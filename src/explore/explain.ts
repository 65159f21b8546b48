// SPDX-License-Identifier: GPL-2.0-only
/**
 * Why a violation comes: which accesses in which order, and which other order would have been right. An order is part
 * of the explanation only if the same execution with this one order turned round does not show the violation.
 */
import { checkers } from '../oracle/checkers.js';
import { oracles } from '../oracle/index.js';
import type { Constraint, ExplainedAccess, Explanation } from '../report/explanation_text.js';
import { SimulatorBug } from '../util/fault.js';
import { AccessLog } from './access_log.js';
import { type Access, AccessRecorder } from './accesses.js';
import { replayOf } from './bench.js';
import { type Conflict, conflictsOf } from './conflicts.js';
import { isOfTheEnd, kindOf } from './kind.js';
import { Naming } from './naming.js';
import { type Decisive, Orders } from './orders.js';
import { PreemptionWatch } from './preemptions.js';
import type { Found, Runner } from './runner.js';
import { timelineOf } from './timeline.js';

/** Orders that an explanation names: more would be no explanation. */
const FEW = 2;

/** Of a finding that its decisions show; best of one that was minimised. SimulatorBug if it does not come again. */
export async function explain(runner: Runner, found: Found): Promise<Explanation> {
  const { observed, subject } = runner;
  const kind = kindOf(found.violation, subject.scenario);
  const recorder = new AccessRecorder(observed);
  const watch = new PreemptionWatch(replayOf(found.decisions));
  watch.begin(observed.plan.nrActors - 1);
  runner.beginBatch();
  const { execution, judgement, checked } = runner.watch(watch, found.seed, recorder);
  const violation = [...judgement.violations, ...checked].find((v) => kindOf(v, subject.scenario) === kind);
  if (violation === undefined) throw new SimulatorBug(`${found.violation.code} did not come again`);
  const { trace } = observed;
  const certain = !isOfTheEnd(violation.code) && violation.seq < trace.length;
  const steps = certain ? trace.stepOf(violation.seq) : execution.steps;
  const accesses = recorder.finished(execution.decisions).filter((a) => a.step <= steps);
  const naming = new Naming(observed, recorder.pids);
  const conflicts = conflictsOf(
    accesses,
    (addr) => naming.word(addr),
    (a) => isWatching(naming, a),
    (a) => naming.place(a.site).file,
  );
  const events = naming.events(violation);
  const told = new Map(accesses.map((a) => [a.nr, naming.told(a)]));

  const orders = new Orders(
    runner,
    kind,
    found.seed,
    execution.decisions,
    AccessLog.of(recorder.list),
    steps,
  );
  orders.control();
  const always = orders.without === 0 && watch.preemptions.every((p) => p.step > steps);
  const decisive = always ? [] : orders.decisive(conflicts);
  const chosen = fewest(decisive, conflicts).sort((a, b) => a.first.step - b.first.step);
  const story = storyOf(chosen);
  return {
    code: violation.code,
    summary: violation.summary,
    rule: ruleOf(violation.code),
    verdict: always ? 'always' : chosen.length > 0 ? 'order' : 'unknown',
    constraints: chosen.map(
      (c): Constraint => ({
        first: story.indexOf(c.first) + 1,
        second: story.indexOf(c.second) + 1,
        word: c.word,
      }),
    ),
    accesses: story.map(
      (a, i): ExplainedAccess => ({ nr: i + 1, ...(told.get(a.nr) as Omit<ExplainedAccess, 'nr'>) }),
    ),
    turned: orders.turned,
    decisive: decisive.length,
    executions: orders.executions + 1,
    timeline: timelineOf({
      naming,
      conflicts,
      told,
      events,
      story,
      steps,
      violation,
      preemptions: watch.preemptions,
    }),
  };
}

/** Reads of the machine's own bookkeeping, and of the workload that decides what to do next. */
function isWatching(naming: Naming, a: Access): boolean {
  const { fn, file } = naming.place(a.site);
  return fn.startsWith('trace_') || file.includes('/workload/') || file.includes('/machine/');
}

/** Those that say most, at most one for each word and for each pair of actors. */
function fewest(decisive: readonly Decisive[], conflicts: readonly Conflict[]): Conflict[] {
  const gap = (c: Conflict): number => c.second.step - c.first.step;
  const earlier = (d: Decisive): number => d.conflict.first.ordinal - d.hold;
  const order = [...decisive].sort(
    ({ conflict: a, ...x }, { conflict: b, ...y }) =>
      a.rank - b.rank ||
      b.places - a.places ||
      x.along - y.along ||
      earlier({ conflict: a, ...x }) - earlier({ conflict: b, ...y }) ||
      gap(a) - gap(b),
  );
  const chosen: Conflict[] = [];
  for (const d of order) {
    const c = earliestOf(d, conflicts);
    const known = chosen.some(
      (o) => o.word === c.word || (o.first.actor === c.first.actor && o.second.actor === c.second.actor),
    );
    if (!known && chosen.length < FEW) chosen.push(c);
  }
  return chosen;
}

/** All accesses of its actor from the place where it was held were turned round with it: the first of them was enough. */
function earliestOf({ conflict: c, hold }: Decisive, conflicts: readonly Conflict[]): Conflict {
  const same = conflicts.filter(
    (o) =>
      o.second === c.second &&
      o.first.actor === c.first.actor &&
      o.places >= c.places &&
      o.first.ordinal >= hold,
  );
  return same.reduce((a, b) => (b.first.ordinal < a.first.ordinal ? b : a), c);
}

function storyOf(chosen: readonly Conflict[]): Access[] {
  const all = new Set(chosen.flatMap((c) => [c.first, c.second]));
  return [...all].sort((a, b) => a.nr - b.nr);
}

function ruleOf(code: string): string {
  const entry = [...oracles, ...checkers].find((o) => o.codes.includes(code));
  if (entry !== undefined) return entry.about;
  return code === 'KERNEL-BUG' ? 'The kernel does not crash.' : 'Everybody who waits can go on at some time.';
}
