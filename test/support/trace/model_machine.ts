// SPDX-License-Identifier: GPL-2.0-only
/** The model machine as a whole: CPUs, livepatch, hotplug, and somebody who wakes sleepers. */

import { CPUHP_OFFLINE, CPUHP_ONLINE } from '#src/kernel/abi/constants.js';
import type { Scenario } from '#src/scenario/types.js';
import { type EventName, PHASE, type TraceRecord } from '#src/trace/events.js';
import { HOTPLUG, idle } from './builder.js';
import { livepatch } from './model_livepatch.js';
import { cpuLoop, newTask } from './model_tasks.js';
import { type Control, type ModelCpu, type ModelOptions, World } from './model_world.js';

function* hotplug(w: World): Control {
  const event = (name: EventName, ...payload: number[]) => w.emit(name, HOTPLUG, -100 - HOTPLUG, ...payload);
  for (;;) {
    for (let n = w.rng.below(100); n > 0 || w.stopping; n--) yield;
    const c = w.cpus[1 + w.rng.below(w.cpus.length - 1)] as ModelCpu;
    const name = c.online ? 'cpu_down' : 'cpu_up';
    event(name, c.nr, PHASE.begin);
    yield;
    while (w.hotplug.writer || w.hotplug.readers > 0) yield;
    w.hotplug.writer = true;
    event('rwsem_write', 1, PHASE.begin);
    if (c.online) {
      c.stop = true;
      c.resched = false;
      while (!c.parked) yield;
    } else {
      c.boot = true;
      while (!c.online) yield;
    }
    yield;
    event('rwsem_write', 1, PHASE.end);
    w.hotplug.writer = false;
    yield;
    event(name, c.nr, PHASE.end, 0, 0, name === 'cpu_up' ? CPUHP_ONLINE : CPUHP_OFFLINE);
  }
}

function* waker(w: World): Control {
  for (;;) {
    for (const t of [...w.tasks]) {
      yield;
      if (t.blocked && !t.pinned && !w.running(t)) w.wake(t);
    }
    yield;
  }
}

/** One run of the model machine. */
export function modelTrace(scenario: Scenario, options: ModelOptions): TraceRecord[] {
  const w = new World(scenario, options);
  for (let nr = 0; nr < scenario.machine.cpus; nr++) {
    const idleTask = newTask(w, idle(nr), 'idle', nr);
    const online = nr < scenario.machine.online;
    const flags = { off: false, locked: false, resched: true, stop: false, boot: false, parked: false };
    w.cpus.push({ nr, idle: idleTask, curr: idleTask, queue: [], online: true, ...flags });
    if (!online) throw new Error('the model starts with all CPUs online');
  }
  for (; w.nextPid <= 6; w.nextPid++) {
    const t = newTask(w, w.nextPid, w.nextPid > 4 ? 'kthread' : 'user', 0);
    w.tasks.push(t);
    w.wake(t);
  }
  w.run([...w.cpus.map((c) => cpuLoop(w, c)), livepatch(w), hotplug(w), waker(w)]);
  return w.trace();
}
