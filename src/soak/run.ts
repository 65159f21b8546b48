// SPDX-License-Identifier: GPL-2.0-only
/**
 * A soak: boots a machine of real threads, lets it run for its time, judges its trace as it comes, and makes the
 * result. The host thread does the judging; it never blocks for long, so that signals and dead threads are noticed.
 */

import { loadPlainTree, ordinaryKernel } from '../engine/threads/kernel_modules.js';
import { createThreadsMachine, hostCores, type ThreadsMachine } from '../engine/threads/machine.js';
import { NR_COUNTERS } from '../kernel/abi/counters.js';
import { actorName } from '../machine/plan.js';
import { countersOf } from '../machine/view.js';
import type { Violation } from '../oracle/violation.js';
import { collectResult, collectStart, threadsEngine } from '../report/collect.js';
import { readEnvironment } from '../report/environment.js';
import type { SoakResult, SoakStart, StopReason } from '../report/result.js';
import { StatSeries, type StatSnapshot } from '../report/stat.js';
import type { Scenario } from '../scenario/types.js';
import { hostMs, wallClockIso } from '../util/clock.js';
import { toolVersion } from '../util/version.js';
import { Inquest } from './inquest.js';
import { TracePump } from './pump.js';
import { snapshotOf } from './snapshot.js';

export interface SoakOptions {
  /** False: the trace carries only what the statistics need, and nothing is judged. */
  readonly oracles: boolean;
  readonly lockStat: boolean;
  /** Seconds between two looks. */
  readonly statIntervalS: number;
  readonly signal: AbortSignal;
  /** A changed kernel: its compiled trees, the hash of its sources, and its name for people. Without it: ours. */
  readonly kernel?: { readonly trees: string; readonly hash: string; readonly label: string } | null;
  onStart(start: SoakStart): void;
  onStat(now: StatSnapshot): void;
  onViolation(violation: Violation): void;
  /** Called with the machine before it starts: for tools that look at it, or break it. */
  onMachine?(machine: ThreadsMachine): void;
}

/** How often the watchdog looks, ms. */
const WATCH_MS = 250;
/** Seconds between two points of the series in the result. */
const SERIES_S = 1;
/** How long the other threads may take when one has died or hangs, ms. */
const LEAVE_MS = 500;
/** How long CPUs and services may take to leave their loops, ms. */
const HALT_MS = 5000;

export async function runSoak(scenario: Scenario, options: SoakOptions): Promise<SoakResult> {
  const start = collectStart({
    toolVersion: toolVersion(),
    scenario,
    extra: {
      oracles: options.oracles,
      lock_stat: options.lockStat,
      ...(options.kernel == null ? {} : { kernel: `${options.kernel.label} (${options.kernel.hash})` }),
    },
    engine: threadsEngine,
    environment: { ...readEnvironment(), cores: hostCores() },
    startedAt: wallClockIso(),
  });
  options.onStart(start);
  const modules = options.kernel == null ? ordinaryKernel : await loadPlainTree(options.kernel.trees);
  const trace = options.oracles ? 'all' : 'global';
  const machine = createThreadsMachine(scenario, { trace, lockStat: options.lockStat }, modules);
  options.onMachine?.(machine);
  const pump = new TracePump(machine.shared, options.oracles, options.onViolation);
  await machine.ready();
  const inquest = new Inquest(machine.shared, scenario.limits, hostMs());
  const cpuBefore = process.cpuUsage();
  const startedMs = hostMs();
  machine.start();
  pump.start();

  const series = new StatSeries(SERIES_S);
  const look = () => {
    const snapshot = snapshotOf(machine.shared, pump, (hostMs() - startedMs) / 1000);
    series.add(snapshot);
    options.onStat(snapshot);
  };
  const statTimer = setInterval(look, options.statIntervalS * 1000);
  let stop = await untilStop(machine, inquest, scenario.limits.durationS * 1000, options.signal);
  clearInterval(statTimer);
  stop = await windDown(machine, inquest, scenario, stop, pump);
  const ordered = stop.kind !== 'hung' && stop.kind !== 'worker-died';
  pump.finish(inquest.runEnd(stop, pump.dropped()), ordered);
  look();
  const wallSeconds = (hostMs() - startedMs) / 1000;
  const used = process.cpuUsage(cpuBefore);
  const { plan } = machine.shared;
  const result = collectResult({
    start,
    wallSeconds,
    cpuSeconds: (used.user + used.system) / 1e6,
    stop,
    suspicions: pump.suspicions(),
    oracles: pump.judged(),
    transitions: pump.statistics.transitions.result(),
    hotplug: scenario.control.hotplug === null ? null : pump.statistics.hotplug.result(),
    readers: scenario.control.readers === null ? null : pump.statistics.readers.result(),
    watchdog: inquest.result(),
    statistics: series.result(),
    violations: pump.violations(),
    doubts: idleRun(scenario, pump),
    trace: { records: pump.records, dropped: pump.dropped() },
    actors: Array.from({ length: plan.nrActors - 1 }, (_, actor) => ({
      actor,
      name: actorName(plan, actor),
      counters: countersOf(machine.shared, actor).slice(0, NR_COUNTERS),
    })),
    lockStat: options.lockStat ? machine.shared.lockStat : null,
  });
  if (stop.kind !== 'hung' && stop.kind !== 'worker-died') await machine.dispose();
  return result;
}

/** A run in which the machine did not do what the scenario is about has judged next to nothing. */
function idleRun(scenario: Scenario, pump: TracePump): string[] {
  if (scenario.patches.length === 0 || pump.statistics.counts().completed > 0) return [];
  return ['no transition was completed: the run was too short'];
}

/** Runs until the time is over, the user stops it, a thread dies, or the watchdog gives up. */
function untilStop(
  machine: ThreadsMachine,
  inquest: Inquest,
  durationMs: number,
  signal: AbortSignal,
): Promise<StopReason> {
  return new Promise((resolve) => {
    let watch: NodeJS.Timeout | undefined;
    let timer: NodeJS.Timeout | undefined;
    const done = (reason: StopReason) => {
      clearInterval(watch);
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      resolve(reason);
    };
    const aborted = () => done({ kind: 'interrupted', text: 'interrupted by the user' });
    watch = setInterval(() => {
      const hang = inquest.look(hostMs());
      if (hang !== null) done({ kind: 'hung', text: hang });
    }, WATCH_MS);
    timer = setTimeout(() => done({ kind: 'duration', text: 'the time was over' }), durationMs);
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted, { once: true });
    machine.died.then((death) => done(diedOf(machine, death)));
  });
}

function diedOf(machine: ThreadsMachine, death: { actor: number; error: Error }): StopReason {
  const { error } = death;
  const name = actorName(machine.shared.plan, death.actor);
  return { kind: 'worker-died', text: `the thread of ${name} died: ${error.name}: ${error.message}` };
}

/** Ends the run in order: control paths first, then the CPUs. A part that does not end makes the run hung. */
async function windDown(
  machine: ThreadsMachine,
  inquest: Inquest,
  scenario: Scenario,
  stop: StopReason,
  pump: TracePump,
): Promise<StopReason> {
  machine.stop();
  if (stop.kind === 'hung' || stop.kind === 'worker-died') {
    inquest.takePicture(hostMs());
    machine.halt();
    /* The dead thread's promise is settled; the others get a moment to leave. */
    await Promise.race([machine.allDone, new Promise((resolve) => setTimeout(resolve, LEAVE_MS))]);
    return stop;
  }
  const grace = Math.max(scenario.limits.hungTransitionS, scenario.limits.hungActorS) * 1000 + 2000;
  const controls = await settled(machine.controlsDone, machine, grace, () => inquest.look(hostMs()));
  let result = stop;
  if (controls !== 'done') {
    inquest.takePicture(hostMs());
    result =
      controls === 'timeout'
        ? { kind: 'hung', text: inquest.reason() ?? 'the control paths did not end' }
        : diedOf(machine, controls);
  }
  machine.halt();
  const all = await settled(machine.allDone, machine, HALT_MS);
  if (all !== 'done' && result.kind !== 'hung' && result.kind !== 'worker-died') {
    inquest.takePicture(hostMs());
    result =
      all === 'timeout' ? { kind: 'hung', text: 'the CPUs did not leave their loops' } : diedOf(machine, all);
  }
  pump.stop();
  return result;
}

/** Waits for `promise`, a death, or the time; `look` is called meanwhile and ends the wait when it finds a hang. */
function settled(
  promise: Promise<void>,
  machine: ThreadsMachine,
  limitMs: number,
  look: () => string | null = () => null,
): Promise<'done' | 'timeout' | { actor: number; error: Error }> {
  return new Promise((resolve) => {
    const watch = setInterval(() => {
      if (look() !== null) finish('timeout');
    }, WATCH_MS);
    const timer = setTimeout(() => finish('timeout'), limitMs);
    const finish = (r: 'done' | 'timeout' | { actor: number; error: Error }) => {
      clearInterval(watch);
      clearTimeout(timer);
      resolve(r);
    };
    /* A dead thread also settles its own promise: the death is looked at first. */
    machine.died.then(finish);
    promise.then(() => setImmediate(() => finish('done')));
  });
}
