// SPDX-License-Identifier: GPL-2.0-only
/**
 * Lost wake-ups: at a moment when nobody can go on and only time can help, nobody is in the middle of a wake-up either.
 * So whoever sleeps then with what it waits for already there, sleeps for nothing: at best until something else comes, or
 * until its time limit, which then makes up for the wake-up and hides that there was none.
 */
import {
  ACTOR_STATE,
  actorStateName,
  PF_CONTROL,
  PF_NO_SETAFFINITY,
  TASK_INTERRUPTIBLE,
  TASK_NEW,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
  TASK_WAKING,
  TIF_NEED_RESCHED,
} from '../kernel/abi/constants.js';
import {
  completion,
  mutex,
  percpu,
  percpu_rw_semaphore,
  task_struct,
  vmlinux,
  wait_queue_entry,
} from '../kernel/abi/structs.js';
import { actorName } from '../machine/plan.js';
import type { MachineShared } from '../machine/view.js';
import { list_head } from '../mem/list.js';
import type { HungFinding } from '../oracle/oracle.js';
import { describeTask } from './tasks.js';
import type { Watchdog } from './watchdog.js';

/** Of the futex wait of an actor: the word, -1 if it is in none; and what the word held when it went to sleep. */
export interface Sleeps {
  sleepsOn(actor: number): number;
  sleptAt(actor: number): number;
}

/** The first such sleeper, or null. */
export function lostWakeup(
  shared: MachineShared,
  words: Int32Array,
  sleeps: Sleeps,
  watchdog: () => Watchdog,
): HungFinding | null {
  const { plan } = shared;
  for (let a = 0; a < plan.nrActors - 1; a++) {
    const me = plan.percpuBase + a * percpu.$words;
    const state = words[me + percpu.state] as number;
    const addr = sleeps.sleepsOn(a);
    if (addr < 0) continue;
    /* Requests of a CPU that has not halted need no wake-up. */
    const changed = addr !== me + percpu.ipi && words[addr] !== sleeps.sleptAt(a);
    if (!changed && !sleepsInVain(plan, words, me, state)) continue;
    return {
      kind: 'lost-wakeup',
      actor: a,
      name: actorName(plan, a),
      state: actorStateName(state),
      object: watchdog().actors(0)[a]?.object ?? '',
      sinceMs: 0,
      owners: watchdog().owners(),
      pendingTasks: [],
    };
  }
  return null;
}

function sleepsInVain(plan: MachineShared['plan'], words: Int32Array, me: number, state: number): boolean {
  const obj = words[me + percpu.state_obj] as number;
  switch (state) {
    case ACTOR_STATE.mutex_lock:
      return words[obj + mutex.val] === 0;
    case ACTOR_STATE.completion:
      return words[obj + completion.done] !== 0;
    case ACTOR_STATE.rcuwait:
      return readersInside(plan, words, obj) === 0;
    case ACTOR_STATE.idle:
      return hasWork(words, me);
    default:
      return false;
  }
}

function readersInside(plan: MachineShared['plan'], words: Int32Array, sem: number): number {
  const index = words[sem + percpu_rw_semaphore.read_count_index] as number;
  let sum = 0;
  for (let a = 0; a < plan.nrActors; a++) {
    sum = (sum + (words[plan.percpuBase + a * percpu.$words + percpu.read_count + index] as number)) | 0;
  }
  return sum;
}

/** A CPU that has halted: with a request, or with its idle task asked to give way. */
function hasWork(words: Int32Array, me: number): boolean {
  if (words[me + percpu.irq_count] !== 0) return false;
  const flags = words[(words[me + percpu.idle] as number) + task_struct.thread_flags] as number;
  return words[me + percpu.ipi] !== 0 || ((flags >>> TIF_NEED_RESCHED) & 1) !== 0;
}

const READY: ReadonlySet<number> = new Set([TASK_RUNNING, TASK_NEW, TASK_WAKING]);
const ASLEEP = TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE;

/**
 * A task that is ready to run while every CPU has halted or is down, or one that sleeps with no timer and on no queue,
 * so that nobody will wake it; null: there is none. Kthreads that are bound to their CPU wait for it while it is down,
 * and for work; control paths do not run on CPUs; sleepers never wake.
 */
export function forgottenTask(shared: MachineShared, words: Int32Array, sleeps: Sleeps): HungFinding | null {
  const { plan } = shared;
  for (let cpu = 0; cpu < plan.nrCpus; cpu++) {
    const state = words[plan.percpuBase + cpu * percpu.$words + percpu.state] as number;
    if (state !== ACTOR_STATE.offline && (state !== ACTOR_STATE.idle || sleeps.sleepsOn(cpu) < 0))
      return null;
  }
  const head = plan.g + vmlinux.init_tasks;
  const next = (n: number) => words[n + list_head.next] as number;
  /* Who changes the list may be asleep with it half done. */
  for (let n = next(head), i = 0; n !== head && n > 0 && i < words.length; n = next(n), i++) {
    const p = n - task_struct.tasks;
    const flags = words[p + task_struct.flags] as number;
    if ((flags & (PF_CONTROL | PF_NO_SETAFFINITY)) !== 0) continue;
    const ready = READY.has(words[p + task_struct.__state] as number);
    if (!ready && !sleepsForGood(shared, words, p)) continue;
    const { name, state } = describeTask(shared, words, p);
    return {
      kind: 'forgotten',
      actor: null,
      name,
      state,
      object: ready ? '' : 'no timer, no queue',
      sinceMs: 0,
      owners: [],
      pendingTasks: [],
    };
  }
  return null;
}

function sleepsForGood({ scenario }: MachineShared, words: Int32Array, p: number): boolean {
  if (((words[p + task_struct.__state] as number) & ASLEEP) === 0) return false;
  if (scenario.programs[words[p + task_struct.program] as number]?.kind === 'sleeper') return false;
  const queue = p + task_struct.wait_entry + wait_queue_entry.entry;
  return words[p + task_struct.timer_cpu] === 0 && words[queue + list_head.next] === queue;
}
