// SPDX-License-Identifier: GPL-2.0-only
/**
 * A lost wake-up: which word the sleeper looked at and when, who made its condition true and when, and what that one
 * looked at to find somebody to wake. One wake-up more is tried where all stood still: if the sleeper goes on, it was that.
 */
import type { FibersMachine } from '../engine/fibers/machine.js';
import { rt } from '../engine/fibers/runtime.js';
import { forgottenTask, lostWakeup } from '../inspect/standstill.js';
import { Watchdog } from '../inspect/watchdog.js';
import { ACTOR_STATE, actorStateName } from '../kernel/abi/constants.js';
import { completion, mutex, percpu, percpu_rw_semaphore, task_struct } from '../kernel/abi/structs.js';
import type { HungFinding } from '../oracle/oracle.js';
import type { MissingEvent, Tried } from '../report/missing_text.js';
import { parseScheduler } from '../schedule/index.js';
import { type Access, AccessRecorder, isWrite } from './accesses.js';
import { AfterPrefix } from './after_prefix.js';
import { replayOf } from './bench.js';
import { Naming } from './naming.js';
import type { Found, Runner } from './runner.js';
import { upTo } from './up_to.js';

/** Random schedules with a wake-up. */
const TRIALS = 8;
/** Words of what is waited for, with who waits. */
const OBJECT_WORDS = 24;

/** Null: the sleeper was not met again. */
export function lostWakeUp(runner: Runner, found: Found): MissingEvent | null {
  const { observed: machine, model, drops, subject } = runner;
  const recorder = new AccessRecorder(machine, () => []);
  const scheduler = replayOf(found.decisions);
  scheduler.begin(machine.plan.nrActors - 1);
  const { seed } = found;
  const { maxSteps } = subject;
  const options = { seed, maxSteps, model, drops };
  let lost: { readonly sleeper: HungFinding; readonly step: number } | null = null;
  const first = (sleeper: HungFinding, step: number): boolean => {
    lost ??= { sleeper, step };
    return false;
  };
  atStandstill(machine, first, () => machine.execute(scheduler, { ...options, observer: recorder }));
  if (lost === null) return null;
  const { sleeper, step } = lost as { readonly sleeper: HungFinding; readonly step: number };
  const actor = sleeper.actor ?? 0;
  const naming = new Naming(machine, recorder.pids);
  const facts = factsOf(machine, naming, recorder.list, actor);
  const prefix = upTo(found.decisions, step);
  const tried = (event: string): Tried => {
    let ends = 0;
    for (let nr = 0; nr < TRIALS; nr++) {
      const random = parseScheduler('random(1/50)').create({ execution: nr, seed: nr + 1, steps: step });
      const again = new AfterPrefix(prefix, random);
      again.begin(machine.plan.nrActors - 1);
      const wake = (s: HungFinding): boolean => s.actor === actor && rouse(actor);
      atStandstill(machine, wake, () => machine.execute(again, options));
      if (goesOn(machine, actor, step)) ends++;
    }
    return { event, ends, of: TRIALS };
  };
  const woken = tried(`one more wake-up of ${sleeper.name}`);
  return woken.ends > 0 ? { facts, at: step, tried: [woken], without: null } : null;
}

/** Runs with something done where all stand still and somebody sleeps in vain; true: go on, for once. */
function atStandstill(
  machine: FibersMachine,
  act: (sleeper: HungFinding, step: number) => boolean,
  run: () => unknown,
): void {
  const before = machine.onStandstill;
  let acted = false;
  machine.onStandstill = (m) => {
    const sleeper = lostWakeup(m.shared, m.heap, rt, () => new Watchdog(m.shared, 0, m.heap));
    if (sleeper === null) {
      if (forgottenTask(m.shared, m.heap, rt) !== null) rt.stop();
      return;
    }
    if (!acted) {
      acted = true;
      if (act(sleeper, rt.step())) return;
    }
    rt.stop();
  };
  try {
    run();
  } finally {
    machine.onStandstill = before;
  }
}

function rouse(actor: number): boolean {
  const addr = rt.sleepsOn(actor);
  return addr >= 0 && rt.wake(addr, 1) > 0;
}

function goesOn({ trace }: FibersMachine, actor: number, step: number): boolean {
  const r = { seq: 0, ev: 0, actor: 0, task: 0, a: 0, b: 0, c: 0, d: 0, e: 0 };
  for (let i = trace.length - 1; i >= 0 && trace.stepOf(i) > step; i--) {
    trace.read(i, r);
    if (r.actor === actor) return true;
  }
  return false;
}

/** The machine holds the execution. */
function factsOf(
  machine: FibersMachine,
  naming: Naming,
  accesses: readonly Access[],
  actor: number,
): string[] {
  const { heap, plan } = machine;
  const me = plan.percpuBase + actor * percpu.$words;
  const state = heap[me + percpu.state] as number;
  const object = heap[me + percpu.state_obj] as number;
  const words = conditionWords(machine, me, state, object);
  const name = naming.actor(actor);
  const told = (a: Access) => {
    const { fn, place } = naming.place(a.site);
    return `${naming.operation(a)} (step ${a.step}, ${fn}, ${place})`;
  };
  const own = accesses.filter((a) => a.actor === actor);
  const asleep = own.at(-1)?.step ?? 0;
  /* Of several words, as the counters of readers are, the one that has changed since, or whose change it did not see. */
  const looks = [...words].flatMap((addr) => own.findLast((a) => a.addr === addr) ?? []);
  const missed = looks.filter((a) => a.after !== heap[a.addr]).map((a) => a.addr);
  const about = missed.length > 0 ? new Set(missed) : words;
  const change = accesses.findLast((a) => a.actor !== actor && about.has(a.addr) && isWrite(a));
  const look = looks.find((a) => a.addr === change?.addr) ?? looks.at(-1);
  const facts = [`${name} fell asleep in ${actorStateName(state)} at step ${asleep}`];
  if (look !== undefined) facts.push(`  before, it looked: ${told(look)}`);
  if (change === undefined) return facts;
  const isEarlier = change.step < (look?.step ?? 0);
  const unseen = isEarlier && look?.after !== change.after ? ', which did not see it' : '';
  const when = isEarlier ? `before that look${unseen}` : 'after that look';
  facts.push(`${naming.actor(change.actor)} made its condition true ${when}: ${told(change)}`);
  const waker = accesses.find(
    (a) =>
      a.actor === change.actor &&
      a.nr > change.nr &&
      isObject(a.addr, object) &&
      !words.has(a.addr) &&
      !a.plain,
  );
  if (waker !== undefined) facts.push(`  and looked whom to wake: ${told(waker)}`);
  return facts;
}

function isObject(addr: number, object: number): boolean {
  return object !== 0 && addr >= object && addr < object + OBJECT_WORDS;
}

/** Words that say whether the sleeper may go on (sleepsInVain). */
function conditionWords(
  { heap, plan }: FibersMachine,
  me: number,
  state: number,
  object: number,
): Set<number> {
  switch (state) {
    case ACTOR_STATE.mutex_lock:
      return new Set([object + mutex.val]);
    case ACTOR_STATE.completion:
      return new Set([object + completion.done]);
    case ACTOR_STATE.rcuwait: {
      const index = heap[object + percpu_rw_semaphore.read_count_index] as number;
      const counts = [...Array(plan.nrActors).keys()].map(
        (a) => plan.percpuBase + a * percpu.$words + percpu.read_count + index,
      );
      return new Set(counts);
    }
    default: {
      const idle = heap[me + percpu.idle] as number;
      return new Set([me + percpu.ipi, idle + task_struct.thread_flags]);
    }
  }
}
