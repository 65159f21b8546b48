// SPDX-License-Identifier: GPL-2.0-only
/** What the tasks and CPUs of the model machine do. A yield is a place where anybody else may come between. */
import { KLP_UNDEFINED, KLP_UNPATCHED } from '#src/kernel/abi/constants.js';
import { HOW, SWITCH_POINT } from '#src/trace/events.js';
import { textOf } from './builder.js';
import type { Control, ModelCpu, ModelTask, Program, StackEntry, World } from './model_world.js';

export function newTask(w: World, pid: number, kind: ModelTask['kind'], cpu: number): ModelTask {
  const t: ModelTask = {
    pid,
    kind,
    state: KLP_UNDEFINED,
    flag: false,
    stack: [],
    blocked: false,
    pinned: false,
    cpu,
    program: (function* () {})(),
  };
  t.program = kind === 'user' ? userTask(w, t) : kind === 'kthread' ? kthread(w, t) : idleTask(w, t, cpu);
  return t;
}

/** A call through the handler: decides on a version with preemption off, runs it, returns. */
function* call(w: World, t: ModelTask, func: number, depth: number): Program {
  yield 'off';
  let version = 0;
  const top = w.tops[func] as StackEntry | null;
  if (top !== null) {
    yield 'off';
    const { transition } = top;
    let chosen: StackEntry | null = top;
    let state = -2;
    if (transition) {
      yield 'off';
      state = w.faulty('handler-uses-target') ? w.target : t.state;
      if (state === KLP_UNPATCHED) chosen = top.below;
    }
    version = chosen === null ? 0 : chosen.patch + 1;
    w.emit('klp_handler', w.cpuOf(t), t.pid, func, version, transition ? 1 : 0, state);
  }
  t.stack.push({ func, version });
  yield 'on';
  w.emit('func_enter', w.cpuOf(t), t.pid, func, version, version === 0 ? 16 : textOf(version - 1) + 4);
  for (let n = w.rng.below(3); n > 0; n--) yield* inside(w, t, depth);
  yield 'on';
  w.emit('func_exit', w.cpuOf(t), t.pid, func, version);
  yield 'on';
  t.stack.pop();
}

/** A bit of what a function or system call does. */
function* inside(w: World, t: ModelTask, depth: number): Program {
  const what = w.rng.below(10);
  const func = w.rng.below(w.scenario.functions.length);
  if (what < 4 && depth < 3 && !t.stack.some((f) => f.func === func)) yield* call(w, t, func, depth + 1);
  else if (what === 4 && t.kind !== 'idle') yield 'sleep';
  else if (what === 5 && t.kind !== 'idle') yield* condResched(w, t);
  else if (what === 6 && w.faulty('switch-in-call') && t.flag) yield* selfSwitch(w, t);
  else yield 'on';
}

function* selfSwitch(w: World, t: ModelTask): Program {
  yield 'off';
  if (!t.flag) return;
  t.flag = false;
  yield 'off';
  const from = t.state;
  const to = w.target;
  yield 'off';
  t.state = to;
  yield 'off';
  w.emit('patch_state', w.cpuOf(t), t.pid, t.pid, from, to, HOW.self);
}

function switchPoint(w: World, t: ModelTask, kind: number): void {
  w.emit('switch_point', w.cpuOf(t), t.pid, kind, t.state, t.flag ? 1 : 0);
}

function* condResched(w: World, t: ModelTask): Program {
  if (!t.flag) return;
  yield 'off';
  if (w.reliable && t.state !== w.target && stackAllows(w, t)) {
    t.flag = false;
    const from = t.state;
    yield 'off';
    t.state = w.target;
    w.emit('patch_state', w.cpuOf(t), t.pid, t.pid, from, t.state, HOW.sched);
  }
  switchPoint(w, t, SWITCH_POINT.cond_resched);
}

/** Nothing of the transition's patch, in the version that the task leaves, is on its stack. */
export function stackAllows(w: World, t: ModelTask): boolean {
  if (w.faulty('ignore-stack')) return true;
  const leavesNew = w.target === KLP_UNPATCHED;
  const funcs = w.functionsOf(w.patch);
  return !t.stack.some((f) => funcs.includes(f.func) && leavesNew === (f.version === w.patch + 1));
}

function* userTask(w: World, t: ModelTask): Program {
  for (let life = t.pid > 6 ? 1 + w.rng.below(4) : 1e9; life > 0; life--) {
    yield 'on';
    w.emit('syscall_enter', w.cpuOf(t), t.pid, 0);
    for (let n = 1 + w.rng.below(3); n > 0; n--) yield* inside(w, t, 0);
    if (w.rng.chance(0.1) && w.nextPid < 200) yield* fork(w, t);
    yield* exitToUser(w, t);
  }
  while (w.tasklist.writer || w.tasklist.readers > 0) yield 'off';
  w.tasks.splice(w.tasks.indexOf(t), 1);
  w.emit('task_exit', w.cpuOf(t), t.pid, t.pid);
}

function* exitToUser(w: World, t: ModelTask): Program {
  for (;;) {
    yield 'on';
    if (!t.flag) break;
    yield* selfSwitch(w, t);
    yield 'off';
    switchPoint(w, t, SWITCH_POINT.kernel_exit);
  }
  yield 'off';
  const { state } = t;
  yield 'off';
  w.emit('syscall_exit', w.cpuOf(t), t.pid, state);
}

function* fork(w: World, t: ModelTask): Program {
  const child = newTask(w, w.nextPid++, 'user', t.cpu);
  child.flag = t.flag;
  yield 'on';
  while (w.tasklist.writer || w.tasklist.readers > 0) yield 'on';
  w.tasklist.writer = true;
  yield 'off';
  if (!w.faulty('fork-early')) child.flag = t.flag;
  child.state = t.state;
  yield 'off';
  w.tasks.push(child);
  w.emit('task_new', w.cpuOf(t), t.pid, child.pid, child.state, child.flag ? 1 : 0);
  w.tasklist.writer = false;
  w.wake(child);
}

function* kthread(w: World, t: ModelTask): Program {
  for (;;) {
    yield 'on';
    yield* selfSwitch(w, t);
    yield 'off';
    switchPoint(w, t, SWITCH_POINT.kthread);
    yield* inside(w, t, 0);
    if (w.rng.chance(0.3)) yield 'sleep';
  }
}

function* idleTask(w: World, t: ModelTask, nr: number): Program {
  const idleWork = w.scenario.functions.length - 1;
  for (;;) {
    yield* selfSwitch(w, t);
    yield 'off';
    switchPoint(w, t, SWITCH_POINT.idle);
    const c = w.cpus[nr] as ModelCpu;
    while (!c.resched) {
      yield 'off';
      if (c.stop) yield* die(w, c);
      w.emit('idle_pass', nr, t.pid, nr, t.state);
      yield 'on';
      if (w.rng.chance(0.5)) yield* call(w, t, idleWork, 2);
      if (w.rng.chance(0.3)) yield* call(w, t, 0, 3);
    }
    c.resched = false;
    yield 'idle';
  }
}

/** The CPU goes offline and stays so until it is booted. */
function* die(w: World, c: ModelCpu): Program {
  c.online = false;
  w.emit('cpu_online', c.nr, c.idle.pid, c.nr, 0);
  /* Whoever looks at the stack of a queued task keeps it on its queue. */
  while (c.locked) yield 'off';
  for (const t of c.queue.splice(0)) w.wake(t);
  w.emit('cpu_dead', c.nr, c.idle.pid, c.nr);
  c.stop = false;
  c.parked = true;
  while (!c.boot) yield 'off';
  c.boot = false;
  c.parked = false;
  w.emit('cpu_boot', c.nr, c.idle.pid, c.nr);
  yield 'off';
  c.online = true;
  w.emit('cpu_online', c.nr, c.idle.pid, c.nr, 1);
}

export function* cpuLoop(w: World, c: ModelCpu): Control {
  for (;;) {
    const t = c.curr;
    const { value, done } = t.program.next();
    c.off = value === 'off' && !c.parked;
    yield;
    if (value === 'off') continue;
    const idle = t.kind === 'idle';
    if (done || value === 'sleep' || value === 'idle' || (!idle && (c.stop || w.rng.chance(0.1)))) {
      yield* contextSwitch(w, c, done === true || value === 'sleep');
    }
  }
}

function* contextSwitch(w: World, c: ModelCpu, blocks: boolean): Control {
  while (c.locked) yield;
  c.locked = true;
  const prev = c.curr;
  prev.blocked = blocks;
  if (!blocks && prev.kind !== 'idle') c.queue.push(prev);
  const next = c.stop ? c.idle : (c.queue.shift() ?? c.idle);
  if (next !== prev) {
    c.curr = next;
    next.cpu = c.nr;
    yield;
    w.emit('sched_switch', c.nr, prev.pid, prev.pid, next.pid, 0);
  }
  c.locked = false;
  yield;
}
