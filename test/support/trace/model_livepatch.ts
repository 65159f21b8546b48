// SPDX-License-Identifier: GPL-2.0-only
/** The livepatch of the model machine. */
import { KLP_PATCHED, KLP_UNDEFINED, KLP_UNPATCHED } from '#src/kernel/abi/constants.js';
import { type EventName, HOW, PHASE } from '#src/trace/events.js';
import { LIVEPATCH, textOf } from './builder.js';
import { stackAllows } from './model_tasks.js';
import type { Control, ModelCpu, ModelTask, StackEntry, World } from './model_world.js';

const TEXT_SIZE = 0x100;

function klp(w: World, name: EventName, ...payload: number[]): void {
  w.emit(name, LIVEPATCH, -100 - LIVEPATCH, ...payload);
}

function* readTasklist(w: World, visit: (t: ModelTask) => Control): Control {
  while (w.tasklist.writer) yield;
  w.tasklist.readers++;
  for (const t of [...w.tasks]) {
    yield;
    yield* visit(t);
  }
  w.tasklist.readers--;
}

function* lockHotplug(w: World): Control {
  if (!w.faulty('reader-ignores-writer')) while (w.hotplug.writer) yield;
  w.hotplug.readers++;
  w.emit('rwsem_read', LIVEPATCH, -104, 1, PHASE.begin);
  yield;
}

function* unlockHotplug(w: World): Control {
  w.emit('rwsem_read', LIVEPATCH, -104, 1, PHASE.end);
  w.hotplug.readers--;
  yield;
}

/** Waits until every online CPU has been seen with preemption on. */
function* synchronize(w: World): Control {
  yield* lockHotplug(w);
  for (const c of w.cpus) while (c.online && c.off) yield;
  yield* unlockHotplug(w);
}

function* set(t: ModelTask, state: number): Control {
  t.state = state;
  yield;
}

function* allTasks(w: World, visit: (t: ModelTask) => Control, onlineOnly = false): Control {
  yield* readTasklist(w, visit);
  for (const c of w.cpus) if (!onlineOnly || c.online) yield* visit(c.idle);
}

function* init(w: World, patch: number, target: number): Control {
  const initial = target === KLP_PATCHED ? KLP_UNPATCHED : KLP_PATCHED;
  w.patch = patch;
  w.target = target;
  klp(w, 'klp_init', patch, target);
  if (w.faulty('publish-first') && target === KLP_PATCHED) yield* publish(w, patch, false);
  yield* allTasks(w, (t) => set(t, initial), w.faulty('init-online-only'));
  for (const func of w.functionsOf(patch)) {
    for (let e = w.tops[func] as StackEntry | null; e !== null; e = e.below)
      if (e.patch === patch) e.transition = true;
    yield;
  }
}

function* publish(w: World, patch: number, transition = true): Control {
  for (const func of w.functionsOf(patch)) {
    const top = w.tops[func] as StackEntry | null;
    if (w.faulty('push-at-tail') && top !== null) {
      top.below = { patch, below: top.below, transition };
    } else {
      w.tops[func] = { patch, below: top, transition };
    }
    klp(w, 'klp_patch_func', func, patch);
    yield;
  }
}

function* start(w: World): Control {
  klp(w, 'klp_start', w.patch, w.target);
  const flag = function* (t: ModelTask): Control {
    if (t.state !== w.target) t.flag = true;
    yield;
  };
  yield* allTasks(w, flag, w.faulty('flag-online-only'));
  klp(w, 'klp_started', w.patch, w.target);
}

/** Looks at a stack with the task kept as it is, and switches it if the stack allows. */
function* trySwitch(w: World, t: ModelTask): Generator<void, boolean, void> {
  if (t.state === w.target) return true;
  if (!w.reliable) return false;
  t.pinned = true;
  const c = w.cpus[t.cpu] as ModelCpu;
  const queued = !t.blocked;
  if (queued) {
    while (c.locked) yield;
    if (t.blocked || t.cpu !== c.nr) {
      t.pinned = false;
      return false;
    }
    c.locked = true;
  }
  let done = false;
  if (!w.running(t) && stackAllows(w, t)) {
    t.flag = false;
    yield;
    const from = t.state;
    t.state = w.target;
    yield;
    klp(w, 'patch_state', t.pid, from, w.target, HOW.stack_check);
    done = true;
  }
  if (queued) c.locked = false;
  t.pinned = false;
  return done;
}

function* tryComplete(w: World): Generator<void, boolean, void> {
  let left = 0;
  yield* readTasklist(w, function* (t) {
    if (!(yield* trySwitch(w, t))) left++;
  });
  if (!w.faulty('switch-offline-unlocked')) yield* lockHotplug(w);
  for (const c of w.cpus) {
    if (c.online) {
      if (yield* trySwitch(w, c.idle)) continue;
      c.resched = true;
      left++;
    } else if (c.idle.state !== w.target) {
      yield;
      const from = c.idle.state;
      c.idle.flag = false;
      c.idle.state = w.target;
      klp(w, 'patch_state', c.idle.pid, from, w.target, HOW.offline_idle);
    }
  }
  if (!w.faulty('switch-offline-unlocked')) yield* unlockHotplug(w);
  if (w.faulty('complete-early') && left === 1) left = 0;
  klp(w, 'klp_try', w.patch, left, 0);
  return left === 0;
}

function* complete(w: World): Control {
  const { patch, target } = w;
  klp(w, 'klp_complete', patch, target);
  if (w.faulty('free-early') && target === KLP_UNPATCHED) klp(w, 'mod_free', patch, textOf(patch), TEXT_SIZE);
  if (target === KLP_UNPATCHED) {
    for (const func of w.functionsOf(patch)) {
      remove(w, func, patch);
      yield;
      klp(w, 'klp_unpatch_func', func, patch);
    }
    if (!w.faulty('no-sync-in-complete')) yield* synchronize(w);
  }
  for (const func of w.functionsOf(patch)) {
    for (let e = w.tops[func] as StackEntry | null; e !== null; e = e.below)
      if (e.patch === patch) e.transition = false;
    yield;
  }
  if (target === KLP_PATCHED && !w.faulty('no-sync-in-complete')) yield* synchronize(w);
  yield* allTasks(w, (t) => set(t, KLP_UNDEFINED));
  w.target = KLP_UNDEFINED;
  w.patch = -1;
  klp(w, 'klp_completed', patch, target);
}

function remove(w: World, func: number, patch: number): void {
  const top = w.tops[func] as StackEntry | null;
  if (top?.patch === patch) {
    w.tops[func] = top.below;
    return;
  }
  for (let e = top; e !== null; e = e.below) if (e.below?.patch === patch) e.below = e.below.below;
}

function* reverse(w: World): Control {
  const from = w.target;
  const to = from === KLP_PATCHED ? KLP_UNPATCHED : KLP_PATCHED;
  klp(w, 'klp_reverse', w.patch, from, to);
  yield* allTasks(w, function* (t) {
    t.flag = false;
    yield;
  });
  if (!w.faulty('no-sync-in-reverse')) yield* synchronize(w);
  w.target = to;
  yield;
  yield* start(w);
  klp(w, 'klp_reversed', w.patch, from, to);
}

/** Returns whether the removal was forced: then the module stays. */
function* force(w: World): Generator<void, boolean, void> {
  klp(w, 'klp_force', w.patch, w.target);
  yield* allTasks(w, function* (t) {
    if (!t.flag) return;
    t.flag = false;
    const from = t.state;
    yield;
    t.state = w.target;
    yield;
    klp(w, 'patch_state', t.pid, from, w.target, HOW.force);
  });
  return w.target === KLP_UNPATCHED;
}

/** Enables, reverses, forces and disables the two patches in random order, and frees what it may. */
export function* livepatch(w: World): Control {
  const enabled: number[] = [];
  const pinned = new Set<number>();
  for (;;) {
    const off = [0, 1].filter((p) => !enabled.includes(p) && !pinned.has(p));
    const enable = enabled.length === 0 || (off.length > 0 && w.rng.chance(0.5));
    const patch = (enable ? off : enabled)[w.rng.below(enable ? off.length : enabled.length)];
    if (patch === undefined || w.stopping) return;
    if (enable) klp(w, 'mod_load', patch, textOf(patch), TEXT_SIZE);
    yield* init(w, patch, enable ? KLP_PATCHED : KLP_UNPATCHED);
    if (enable && !w.faulty('publish-first')) yield* publish(w, patch);
    yield* start(w);
    if (!enable) enabled.splice(enabled.indexOf(patch), 1);
    let { target } = w;
    let forced = false;
    while (!(yield* tryComplete(w))) {
      if (w.rng.chance(0.2) && !w.stopping) yield* reverse(w);
      else if (w.options.force && w.rng.chance(0.1)) forced = (yield* force(w)) || forced;
      for (let n = w.rng.below(60); n > 0; n--) yield;
    }
    ({ target } = w);
    yield* complete(w);
    if (target === KLP_PATCHED) enabled.push(patch);
    else if (forced) pinned.add(patch);
    else if (!w.faulty('free-early')) klp(w, 'mod_free', patch, textOf(patch), TEXT_SIZE);
  }
}
