// SPDX-License-Identifier: GPL-2.0-only
/**
 * Which stale reads a violation takes: those without which it goes away. Each is given the newest value instead, in the
 * same schedule, and the violation is looked for again.
 */
import type { AccessObserver } from '../engine/fibers/observer.js';
import { type LoggedRead, StaleLog } from '../engine/fibers/weak/stale_log.js';
import { barriers } from '../mem/barriers.js';
import type { ToldStaleRead } from '../report/stale_text.js';
import { replayOf } from './bench.js';
import { judge } from './judge.js';
import { isOfTheEnd, kindOf } from './kind.js';
import { Naming } from './naming.js';
import type { Found, Runner } from './runner.js';

/** Stale reads that are tried, those nearest to the violation, and that are told of. */
const TRIED = 80;
const TOLD = 4;
/** Looks of those who spin: without them the schedule is another one, and they decide nothing. */
const SPINNING = new Set([
  'raw_spin_lock_slowpath',
  'queued_read_lock_slowpath',
  'queued_write_lock_slowpath',
  'smp_call_function_sync',
  'wait_off_cpu',
  'multi_cpu_stop',
]);

/** In their order; empty: the model has none, or no single one decides. */
export function staleReads(runner: Runner, found: Found): ToldStaleRead[] {
  const { model, observed, subject } = runner;
  if (model === null) return [];
  const kind = kindOf(found.violation, subject.scenario);
  const run = (log: StaleLog): number => {
    const scheduler = replayOf(found.decisions);
    scheduler.begin(observed.plan.nrActors - 1);
    const execution = observed.execute(scheduler, {
      seed: found.seed,
      maxSteps: subject.maxSteps,
      model: log,
      drops: runner.drops,
      observer: placing(log),
    });
    const violation = judge(observed, execution).violations.find((v) => kindOf(v, subject.scenario) === kind);
    if (violation === undefined) return -1;
    const certain = !isOfTheEnd(violation.code) && violation.seq < observed.trace.length;
    return certain ? observed.trace.stepOf(violation.seq) : execution.steps;
  };
  const log = new StaleLog(model);
  const steps = run(log);
  if (steps < 0) return [];
  const { sites } = observed.tree;
  const candidates = log.reads
    .filter((r) => r.step <= steps && !SPINNING.has(sites[r.site]?.fn ?? ''))
    .slice(-TRIED);
  const decisive: LoggedRead[] = [];
  for (const read of candidates.reverse()) {
    if (decisive.length < TOLD && run(new StaleLog(model, new Set([read.nr]))) < 0) decisive.unshift(read);
  }
  /* The machine shows the execution that is told of. */
  run(new StaleLog(model));
  const naming = new Naming(observed, new Map());
  return decisive.map((r) => told(naming, r, subject.dropped));
}

function placing(log: StaleLog): AccessObserver {
  return {
    access: (_actor, _access, _order, addr, _read, _written, site) => log.placed(addr, site),
    fence: () => {},
    futex: () => {},
  };
}

function told(
  naming: Naming,
  { step, actor, site, read }: LoggedRead,
  dropped: readonly string[],
): ToldStaleRead {
  const word = naming.word(read.addr);
  const { fn, place } = naming.place(site);
  const by = (writer: number) => (writer < 0 ? null : naming.actor(writer));
  return {
    step,
    actor: naming.actor(actor),
    word,
    value: naming.valueOf(word, read.value),
    writer: by(read.writer),
    newest: naming.valueOf(word, read.newest),
    newestWriter: by(read.newestWriter),
    missed: read.age,
    fn,
    place,
    remedy: read.remedy.replace(/actor (\d+)/g, (_all, n: string) => naming.actor(Number(n))),
    leftOut: dropped.map((name) => {
      const barrier = barriers.find((b) => b.id === name.split('@')[0]);
      return `${name} (${barrier?.kind ?? '?'} of ${barrier?.where ?? '?'}: ${barrier?.orders ?? '?'})`;
    }),
  };
}
