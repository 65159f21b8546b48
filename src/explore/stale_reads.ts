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
/** Words that the consistency of a task hangs on. Others decide who runs when, and by that what happens to be found. */
const CONSISTENCY = /klp_|func|ftrace\(|patch_state|thread_flags/;
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
  const naming = new Naming(observed, new Map());
  const candidates = log.reads
    .filter((r) => r.step <= steps && !SPINNING.has(sites[r.site]?.fn ?? ''))
    .reverse();
  const { code, task } = found.violation;
  const isNear = ({ read }: LoggedRead): boolean => {
    const word = naming.word(read.addr);
    const owner = /^task (\d+)\./.exec(word)?.[1];
    return CONSISTENCY.test(word) && (owner === undefined || task === undefined || Number(owner) === task);
  };
  const aboutTasks = code.startsWith('KLP-') ? candidates.filter(isNear) : [];
  const decisiveOf = (reads: readonly LoggedRead[]): LoggedRead[][] => {
    const groups: LoggedRead[][] = [];
    for (const read of reads.slice(0, TRIED)) {
      const group = groups.find((g) => isSame(g[0] as LoggedRead, read));
      if (group === undefined && groups.length === TOLD) continue;
      if (run(new StaleLog(model, new Set([read.nr]))) >= 0) continue;
      if (group === undefined) groups.unshift([read]);
      else group.unshift(read);
    }
    return groups;
  };
  const near = decisiveOf(aboutTasks);
  const decisive = near.length > 0 ? near : decisiveOf(candidates);
  /* The machine shows the execution that is told of. */
  run(new StaleLog(model));
  return decisive.map((group) => told(naming, group, subject.dropped));
}

/** The same actor has missed the same store again. */
function isSame(a: LoggedRead, b: LoggedRead): boolean {
  return (
    a.actor === b.actor &&
    a.read.addr === b.read.addr &&
    a.read.value === b.read.value &&
    a.read.newest === b.read.newest &&
    a.read.newestWriter === b.read.newestWriter
  );
}

function placing(log: StaleLog): AccessObserver {
  return {
    access: (_actor, _access, _order, addr, _read, _written, site) => log.placed(addr, site),
    racy: (_actor, addr, site) => log.placed(addr, site),
    fence: () => {},
    futex: () => {},
  };
}

/** `group`: reads of the same, in their order; the last one is told of. */
function told(naming: Naming, group: readonly LoggedRead[], dropped: readonly string[]): ToldStaleRead {
  const { step, actor, site, near, read } = group.at(-1) as LoggedRead;
  const word = naming.word(read.addr);
  const { fn, place, file } = naming.place(site);
  /* A primitive of src/mem is told with the one that it was called from. */
  const caller = file.includes('/mem/') ? naming.place(near) : null;
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
    place:
      caller === null || caller.place === place ? place : `${place}, after ${caller.fn}, ${caller.place}`,
    before: group.slice(0, -1).map((r) => r.step),
    remedy: read.remedy.replace(/actor (\d+)/g, (_all, n: string) => naming.actor(Number(n))),
    leftOut: dropped.map((name) => {
      const barrier = barriers.find((b) => b.id === name.split('@')[0]);
      return `${name} (${barrier?.kind ?? '?'} of ${barrier?.where ?? '?'}: ${barrier?.orders ?? '?'})`;
    }),
  };
}
