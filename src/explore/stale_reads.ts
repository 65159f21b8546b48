// SPDX-License-Identifier: GPL-2.0-only
/**
 * Which stale reads a violation takes: those without which it goes away. Each is given the newest value instead, in the
 * same schedule, and the violation is looked for again.
 */

import type { FibersMachine } from '../engine/fibers/machine.js';
import type { AccessObserver } from '../engine/fibers/observer.js';
import { type LoggedRead, StaleLog } from '../engine/fibers/weak/stale_log.js';
import { task_struct } from '../kernel/abi/structs.js';
import { barriers } from '../mem/barriers.js';
import type { ToldStaleRead } from '../report/stale_text.js';
import type { TurnedPair } from '../report/turned_text.js';
import { replayOf } from './bench.js';
import { OpLog } from './explain_ops.js';
import { type TurnedOptions, turnedPair } from './explain_turned.js';
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
  /** Of tasks that may be gone at the end, by address. */
  const pids = new Map<number, number>();
  const run = (log: StaleLog): number => {
    const scheduler = replayOf(found.decisions);
    scheduler.begin(observed.plan.nrActors - 1);
    const execution = observed.execute(scheduler, {
      seed: found.seed,
      maxSteps: subject.maxSteps,
      model: log,
      drops: runner.drops,
      observer: placing(log, observed, pids),
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
  const naming = new Naming(observed, pids);
  const candidates = log.reads
    .filter((r) => r.step <= steps && !SPINNING.has(sites[r.site]?.fn ?? ''))
    .reverse();
  const { code, task } = found.violation;
  const isNear = (addr: number): boolean => {
    const word = naming.word(addr);
    const owner = /^(task \d+|swapper\/\d+)\./.exec(word)?.[1];
    return CONSISTENCY.test(word) && (owner === undefined || task === null || owner === naming.task(task));
  };
  const aboutTasks = code.startsWith('KLP-') ? candidates.filter((r) => isNear(r.read.addr)) : [];
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
  const turned = subject.memory === 'weak' ? turnedPairs(runner, found, { naming, isNear, decisive }) : [];
  /* The machine shows the execution that is told of. */
  run(new StaleLog(model));
  return decisive.map((group, i) => told(naming, group, subject.dropped, turned[i] ?? null));
}

interface Decisive {
  readonly naming: Naming;
  isNear(addr: number): boolean;
  readonly decisive: readonly (readonly LoggedRead[])[];
}

/** For each group of reads: the order of two accesses that its last one has seen turned round. */
function turnedPairs(
  { model, observed, subject, drops }: Runner,
  found: Found,
  { naming, isNear, decisive }: Decisive,
): (TurnedPair | null)[] {
  const kind = kindOf(found.violation, subject.scenario);
  const comes = (log: OpLog): boolean => {
    const scheduler = replayOf(found.decisions);
    scheduler.begin(observed.plan.nrActors - 1);
    const { seed } = found;
    const { maxSteps } = subject;
    const observer = log.observer();
    const execution = observed.execute(scheduler, { seed, maxSteps, model: log, drops, observer });
    return judge(observed, execution).violations.some((v) => kindOf(v, subject.scenario) === kind);
  };
  const inner = model as NonNullable<typeof model>;
  const log = new OpLog(inner);
  comes(log);
  /* As long as the machine holds this execution. */
  const addresses = [...new Set(log.ops.map((o) => o.addr))];
  const words = new Map(addresses.map((addr) => [addr, naming.word(addr)]));
  const near = new Set(addresses.filter(isNear));
  const options: TurnedOptions = {
    log,
    fails: (fences) => comes(new OpLog(inner, fences, log.answers)),
    weight: ({ addr }) => (near.has(addr) ? 2 : Number(CONSISTENCY.test(words.get(addr) ?? ''))),
    told: (op) => {
      const { fn, place } = naming.place(op.site);
      const word = (words.get(op.addr) ?? '?').replace(/thread_flags$/, 'TIF_PATCH_PENDING');
      return { step: op.step, actor: naming.actor(op.actor), word, fn, place };
    },
  };
  return decisive.map((group) => {
    const { actor, step, read } = group.at(-1) as LoggedRead;
    const op = log.ops.find(
      (o) => o.actor === actor && o.step === step && o.addr === read.addr && o.stale !== null,
    );
    return op === undefined ? null : turnedPair(op, options);
  });
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

function placing(log: StaleLog, { kernels, heap }: FibersMachine, pids: Map<number, number>): AccessObserver {
  return {
    access: (actor, _access, _order, addr, _read, _written, site) => {
      const task = kernels[actor]?.current ?? 0;
      if (!pids.has(task)) pids.set(task, heap[task + task_struct.pid] as number);
      log.placed(addr, site);
    },
    racy: (_actor, addr, site) => log.placed(addr, site),
    fence: () => {},
    futex: () => {},
  };
}

/** `group`: reads of the same, in their order; the last one is told of. */
function told(
  naming: Naming,
  group: readonly LoggedRead[],
  dropped: readonly string[],
  turned: TurnedPair | null,
): ToldStaleRead {
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
    turned,
    leftOut: dropped.map((name) => {
      const barrier = barriers.find((b) => b.id === name.split('@')[0]);
      return `${name} (${barrier?.kind ?? '?'} of ${barrier?.where ?? '?'}: ${barrier?.orders ?? '?'})`;
    }),
  };
}
