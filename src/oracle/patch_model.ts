// SPDX-License-Identifier: GPL-2.0-only
/**
 * What the klp_* events say about patches: which are live, which one is in transition, and so which version of a
 * function a task must get on either side of the transition. Derived from the specification alone: a later patch
 * lies over an earlier one, and a task that has not switched to a patch sees what lies under it.
 *
 * A patch is live from the klp_init of its enabling to the klp_completed of its unpatching. All these events are
 * emitted under klp_mutex, so their order is exact.
 */
import { KLP_PATCHED, KLP_UNPATCHED } from '../kernel/abi/constants.js';
import type { Scenario } from '../scenario/types.js';
import { EV, type EventName, type TraceRecord } from '../trace/events.js';

/** A task's side of the transition that runs: before (old, UNPATCHED) or after (new, PATCHED) the patch. */
export const OLD = 0;
export const NEW = 1;
/** No side that could be judged. */
export const NO_SIDE = -1;

/** Words of a mask with one bit for each function. */
export function maskWords(functions: number): number {
  return Math.max(1, Math.ceil(functions / 32));
}

export function sideOf(patchState: number): number {
  return patchState === KLP_PATCHED ? NEW : patchState === KLP_UNPATCHED ? OLD : NO_SIDE;
}

/** none; init: states are being set; starting: flags are; active; reversing: flags are being cleared; completing. */
export const PHASE_OF = { none: 0, init: 1, starting: 2, active: 3, reversing: 4, completing: 5 } as const;

export const PATCH_MODEL_EVENTS = [
  'klp_init',
  'klp_start',
  'klp_started',
  'klp_reverse',
  'klp_cancel',
  'klp_force',
  'klp_complete',
  'klp_completed',
] as const satisfies readonly EventName[];

type PatchedFunctions = readonly (readonly number[])[];

const patched = new WeakMap<Scenario, PatchedFunctions>();

/** Functions by patch. */
function patchedFunctions(scenario: Scenario): PatchedFunctions {
  let known = patched.get(scenario);
  if (known === undefined) {
    const byName = new Map(scenario.functions.map((f, id) => [f.name, id]));
    known = scenario.patches.map((p) =>
      p.functions.map((f) => byName.get(f.fn) ?? -1).filter((id) => id >= 0),
    );
    patched.set(scenario, known);
  }
  return known;
}

export class PatchModel {
  /** Patches in the order in which they were enabled. */
  readonly live: number[] = [];
  /** The patch in transition, or -1. */
  patch = -1;
  /** Side that the transition moves tasks to. */
  target: number = NO_SIDE;
  phase: number = PHASE_OF.none;
  /** Side of a task that has not been heard of in this transition. */
  initial: number = NO_SIDE;
  /** Counts transitions. */
  serial = 0;
  /** Counts starts and turns, that is, times at which all flags were set. */
  startSerial = 0;
  /** Consistency is waived: from klp_force to the end of that transition. */
  forced = false;
  /** Counts forced transitions that have ended. */
  forceSerial = 0;
  /** Functions that change in this transition: the patch has them, and on top. One bit each. */
  readonly questioned: Int32Array;
  /** Version to run by function, on the old and on the new side; the same for functions not in question. */
  readonly expectedOld: Int32Array;
  readonly expectedNew: Int32Array;
  private readonly funcs: PatchedFunctions;

  constructor(scenario: Scenario) {
    this.funcs = patchedFunctions(scenario);
    this.questioned = new Int32Array(maskWords(scenario.functions.length));
    this.expectedOld = new Int32Array(scenario.functions.length);
    this.expectedNew = new Int32Array(scenario.functions.length);
  }

  isLive(patch: number): boolean {
    return this.live.includes(patch);
  }

  has(patch: number, func: number): boolean {
    return this.funcs[patch]?.includes(func) ?? false;
  }

  expected(func: number, side: number): number {
    return (side === NEW ? this.expectedNew[func] : this.expectedOld[func]) as number;
  }

  isQuestioned(func: number): boolean {
    return (((this.questioned[func >>> 5] as number) >>> (func & 31)) & 1) === 1;
  }

  /**
   * Side of a version as `patch` sees it. A version from a patch that lies above it says nothing about it, nor does
   * that of a patch that is not live.
   */
  sideIn(patch: number, func: number, version: number): number {
    if (!this.has(patch, func)) return NO_SIDE;
    if (version === patch + 1) return NEW;
    if (version === 0) return OLD;
    const rank = this.live.indexOf(version - 1);
    return rank >= 0 && rank < this.live.indexOf(patch) ? OLD : NO_SIDE;
  }

  feed(r: TraceRecord): void {
    switch (r.ev) {
      case EV.klp_init:
        this.init(r.a, sideOf(r.b));
        break;
      case EV.klp_start:
        this.phase = PHASE_OF.starting;
        this.target = sideOf(r.b);
        break;
      case EV.klp_started:
        this.phase = PHASE_OF.active;
        this.startSerial++;
        break;
      case EV.klp_reverse:
        this.phase = PHASE_OF.reversing;
        break;
      case EV.klp_cancel:
        this.target = OLD;
        break;
      case EV.klp_force:
        this.forced = true;
        break;
      case EV.klp_complete:
        /* All have switched: from here on a task that is not known is on the target side. */
        this.phase = PHASE_OF.completing;
        this.target = sideOf(r.b);
        break;
      case EV.klp_completed:
        this.completed(r.a, sideOf(r.b));
        break;
    }
  }

  private init(patch: number, target: number): void {
    this.serial++;
    this.patch = patch;
    this.target = target;
    this.initial = target === NEW ? OLD : NEW;
    this.phase = PHASE_OF.init;
    if (target === NEW && !this.isLive(patch)) this.live.push(patch);
    this.derive();
  }

  private completed(patch: number, target: number): void {
    if (target === OLD) {
      const at = this.live.indexOf(patch);
      if (at >= 0) this.live.splice(at, 1);
    }
    if (this.forced) this.forceSerial++;
    this.forced = false;
    this.patch = -1;
    this.target = NO_SIDE;
    this.phase = PHASE_OF.none;
    this.derive();
  }

  private derive(): void {
    this.expectedOld.fill(0);
    this.expectedNew.fill(0);
    this.questioned.fill(0);
    for (const patch of this.live) {
      for (const func of this.funcs[patch] ?? []) {
        this.expectedNew[func] = patch + 1;
        if (patch !== this.patch) this.expectedOld[func] = patch + 1;
      }
    }
    for (let f = 0; f < this.expectedOld.length; f++) {
      if (this.expectedOld[f] !== this.expectedNew[f]) {
        this.questioned[f >>> 5] = (this.questioned[f >>> 5] as number) | (1 << (f & 31));
      }
    }
  }
}
