// SPDX-License-Identifier: GPL-2.0-only
/**
 * Livepatch control: loads, enables, reverses, disables and removes patches at random moments, as an administrator
 * with a script would. It stands for all writers of /sys/kernel/livepatch.
 */
import { ACTOR_STATE, ENOMEM } from '../../kernel/abi/constants.js';
import { klp_patch } from '../../kernel/abi/structs.js';
import type { Kernel } from '../../kernel/kernel.js';
import {
  enabled_store,
  force_store,
  free_module,
  klp_enable_patch,
  klp_in_transition,
  load_module,
} from '../../kernel/livepatch/core.js';
import type { Patch } from '../../kernel/livepatch/transition.js';
import { trace_pid } from '../../kernel/sched/pid.js';
import { set_actor_state } from '../../kernel/sched/preempt.js';
import { load } from '../../mem/heap.js';
import { NULL } from '../../mem/layout.js';
import { EV } from '../../trace/events.js';
import type { Rng } from '../../util/rng.js';
import { nap, pause, running } from './pause.js';
import { disown_function, own_function } from './tracer.js';

export interface LivepatchRates {
  readonly pauseMs: readonly [number, number];
  readonly reverse: number;
  readonly force: number;
  readonly fail?: number;
  /** Most operations until it winds down, 1 or more of them; 0: as long as the machine runs. */
  readonly operations: number;
}

/** A module that is loaded: its patch, and whether it was taken out of use by a disable. */
interface Loaded {
  readonly id: number;
  readonly patch: Patch;
}

export function tortureLivepatch(k: Kernel, rng: Rng, rates: LivepatchRates): void {
  const loaded: Loaded[] = [];
  /** Patches that a forced removal has pinned: their modules cannot be loaded again. */
  const pinned = new Set<number>();
  const modules = k.cfg.modules.length;
  const operations = draw(rng, rates.operations);
  for (let done = 0; running(k) && done < operations; done++) {
    pause(k, rng.between(rates.pauseMs[0], rates.pauseMs[1]));
    if (!running(k)) break;
    const free = unloaded(modules, loaded, pinned);
    const enable = loaded.length === 0 || (free.length > 0 && rng.chance(0.5));
    if (enable) {
      if (free.length === 0) continue;
      enableOne(k, rng, rates, loaded, free[rng.below(free.length)] as number, pinned);
    } else {
      /* In upstream any patch may be disabled whatever lies above it. */
      disableOne(k, rng, rates, loaded, rng.below(loaded.length), pinned);
    }
  }
  settle(k, loaded, pinned);
}

/** How many operations this run makes. */
function draw(rng: Rng, most: number): number {
  if (most === 0) return Number.POSITIVE_INFINITY;
  return most === 1 ? 1 : 1 + rng.below(most);
}

function isLoaded(loaded: readonly Loaded[], id: number): boolean {
  for (let i = 0; i < loaded.length; i++) if (loaded[i]?.id === id) return true;
  return false;
}

function refused(k: Kernel, id: number, errno: number): void {
  k.trace.emit(EV.klp_refused, trace_pid(k), id, errno, 0, 0, 0);
}

function unloaded(modules: number, loaded: readonly Loaded[], pinned: ReadonlySet<number>): number[] {
  const free: number[] = [];
  for (let id = 0; id < modules; id++) {
    if (!pinned.has(id) && !isLoaded(loaded, id)) free.push(id);
  }
  return free;
}

/** A function of the patch that another tracer wants, too; -1: none does. */
function rival(k: Kernel, rng: Rng, chance: number, id: number): number {
  if (chance === 0 || !rng.chance(chance)) return -1;
  const funcs = k.cfg.modules[id]?.funcs ?? [];
  return funcs[rng.below(funcs.length)]?.func_id ?? -1;
}

function enableOne(
  k: Kernel,
  rng: Rng,
  rates: LivepatchRates,
  loaded: Loaded[],
  id: number,
  pinned: Set<number>,
): void {
  const patch = load_module(k, id);
  if (patch === NULL) {
    refused(k, id, -ENOMEM);
    return;
  }
  const wanted = rival(k, rng, rates.fail ?? 0, id);
  const owned = wanted < 0 ? NULL : own_function(k, wanted);
  const ret = klp_enable_patch(k, patch);
  if (owned !== NULL) disown_function(k, owned, wanted);
  if (ret !== 0) {
    refused(k, id, ret);
    free_module(k, patch, false);
    return;
  }
  steer(k, rng, rates, patch, pinned);
  if (load(k, patch, klp_patch.enabled) !== 0) loaded.push({ id, patch });
  else if (!free_module(k, patch, true)) pinned.add(id);
}

function disableOne(
  k: Kernel,
  rng: Rng,
  rates: LivepatchRates,
  loaded: Loaded[],
  index: number,
  pinned: Set<number>,
): void {
  const one = loaded[index] as Loaded;
  const ret = enabled_store(k, one.patch, 0);
  if (ret !== 0) {
    refused(k, one.id, ret);
    return;
  }
  steer(k, rng, rates, one.patch, pinned);
  if (load(k, one.patch, klp_patch.enabled) !== 0) return;
  loaded.splice(index, 1);
  if (!free_module(k, one.patch, true)) pinned.add(one.id);
}

/** Follows a transition to its end; on the way it may reverse it, several times, or force it. */
function steer(k: Kernel, rng: Rng, rates: LivepatchRates, patch: Patch, pinned: ReadonlySet<number>): void {
  let reverse = rng.chance(rates.reverse);
  let force = rng.chance(rates.force);
  let waitMs = rng.between(0, 4);
  while (klp_in_transition(k, patch)) {
    set_actor_state(k, ACTOR_STATE.klp_transition, load(k, patch, klp_patch.id));
    nap(k, Math.max(waitMs, 0.2));
    waitMs = 1;
    if (!running(k)) continue;
    if (reverse && klp_in_transition(k, patch)) {
      enabled_store(k, patch, load(k, patch, klp_patch.enabled) === 0 ? 1 : 0);
      reverse = rng.chance(rates.reverse);
      waitMs = rng.between(0, 4);
    } else if (force && klp_in_transition(k, patch) && may_force(k, patch, pinned)) {
      force_store(k, patch);
      force = false;
    }
  }
  set_actor_state(k, ACTOR_STATE.running, 0);
}

/** A forced removal pins its module for good; the last one that can still be loaded is not spent so. */
function may_force(k: Kernel, patch: Patch, pinned: ReadonlySet<number>): boolean {
  return load(k, patch, klp_patch.enabled) !== 0 || k.cfg.modules.length - pinned.size > 1;
}

/** At the end of a run: everything is disabled and removed, so that the last removals are judged too. */
function settle(k: Kernel, loaded: Loaded[], pinned: Set<number>): void {
  while (loaded.length > 0) {
    const one = loaded[loaded.length - 1] as Loaded;
    const ret = enabled_store(k, one.patch, 0);
    if (ret !== 0) {
      refused(k, one.id, ret);
      return;
    }
    set_actor_state(k, ACTOR_STATE.klp_transition, one.id);
    while (klp_in_transition(k, one.patch)) nap(k, 1);
    set_actor_state(k, ACTOR_STATE.running, 0);
    if (!free_module(k, one.patch, true)) pinned.add(one.id);
    loaded.pop();
  }
}
