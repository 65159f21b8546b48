// SPDX-License-Identifier: GPL-2.0-only
/** Who waits for whom at the end of an execution that is stuck: locks with their holders, and the circle if there is one. */

import { rt } from '../engine/fibers/runtime.js';
import { actorStateName } from '../kernel/abi/constants.js';
import { ip_names } from '../kernel/abi/lock_classes.js';
import { percpu } from '../kernel/abi/structs.js';
import type { Waiting, WaitsFor } from '../report/waits_text.js';
import { callStack, KERNEL_CODE } from '../util/call_stack.js';
import { replayOf } from './bench.js';
import type { Recorded } from './recorded.js';

/** Waits that are no sign of anything. */
const RESTING = new Set([
  'idle',
  'offline',
  'wait_event',
  'delayed_work',
  'boot',
  'exited',
  'timer',
  'pause',
  'klp_transition',
  'running',
  'ipi_ack',
  'stop_machine',
]);
/** All who sleep are in these. */
const SCHEDULE = /^(__)?schedule(_timeout)?$/;
/** Words of a lock at most. */
const LOCK_WORDS = 24;

/** Null: nobody waits for anything in particular. The machine must hold the execution. */
export function waitsFor(r: Recorded): WaitsFor | null {
  const { observed } = r.runner;
  const { plan, heap } = observed;
  const held = observed.kernels.map((_, actor) => [...r.runner.locksOf(actor)]);
  const word = (actor: number, field: number) =>
    heap[plan.percpuBase + actor * percpu.$words + field] as number;
  const actors = [...Array(plan.nrActors - 1).keys()].filter((a) => rt.isAlive(a));
  const waiting = actors
    .map((actor) => ({
      actor,
      state: actorStateName(word(actor, percpu.state)),
      object: word(actor, percpu.state_obj),
    }))
    .filter((w) => !RESTING.has(w.state) && w.object !== 0);
  if (waiting.length === 0) return null;
  const stacks = stacksOf(
    r,
    waiting.map((w) => w.actor),
  );
  const holders = (object: number, but: number): number[] =>
    held.flatMap((locks, actor) =>
      actor !== but && locks.some((l) => object >= l.lock && object < l.lock + LOCK_WORDS) ? [actor] : [],
    );
  const list = waiting.map(({ actor, state, object }): Waiting & { readonly on: readonly number[] } => {
    const holding = holders(object, actor);
    /* A reader waits for a writer that waits for other readers. */
    const ahead = waiting.filter((w) => w.actor !== actor && w.object === object && w.state === 'rcuwait');
    const on = state === 'rwsem_read' && ahead.length > 0 ? ahead.map((w) => w.actor) : holding;
    return {
      on,
      actor: r.naming.actor(actor),
      state,
      object: r.naming.word(object).replace(/\+\d+$/, ''),
      by: on.map((a) => r.naming.actor(a)),
      isPending: on !== holding,
      holds: (held[actor] ?? []).map((l) => ({
        lock: r.naming.word(l.lock).replace(/\+\d+$/, ''),
        by: ip_names[l.ip] ?? '?',
      })),
      stack: stacks.get(actor) ?? [],
    };
  });
  return { waiting: list.map(({ on: _, ...w }) => w), circle: circleOf(list, (a) => r.naming.actor(a)) };
}

/** Names of actors and of what they wait for, in turn; empty if there is no circle. */
function circleOf(
  list: readonly (Waiting & { readonly on: readonly number[] })[],
  nameOf: (actor: number) => string,
): string[] {
  for (const first of list) {
    const path = [first.actor];
    let at: (typeof list)[number] | undefined = first;
    while (at !== undefined && path.length <= 2 * list.length + 1) {
      const next: string | undefined = at.on.map(nameOf).find((name) => list.some((w) => w.actor === name));
      if (next === undefined) break;
      path.push(at.object, next);
      if (next === first.actor) return path;
      at = list.find((w) => w.actor === next);
    }
  }
  return [];
}

/** What each actor had called when it made its last access: the execution is made once more for it. */
function stacksOf(r: Recorded, actors: readonly number[]): Map<number, readonly string[]> {
  const last = new Map<number, number>();
  for (const a of r.accesses) if (actors.includes(a.actor)) last.set(a.nr, a.actor);
  const latest = new Map([...last].map(([nr, actor]) => [actor, nr]));
  const wanted = new Set(latest.values());
  const stacks = new Map<number, readonly string[]>();
  let nr = 0;
  const scheduler = replayOf(r.decisions);
  scheduler.begin(r.runner.observed.plan.nrActors - 1);
  r.runner.watch(scheduler, r.seed, {
    access: (actor) => {
      if (wanted.has(nr++))
        stacks.set(
          actor,
          callStack(KERNEL_CODE).filter((fn) => !SCHEDULE.test(fn)),
        );
    },
    fence: () => {},
    futex: () => {},
  });
  return stacks;
}
