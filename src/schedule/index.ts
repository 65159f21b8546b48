// SPDX-License-Identifier: GPL-2.0-only
/** The schedulers by name, and the one that a campaign uses if nothing is asked for. */
import { UsageError } from '../util/fault.js';
import { actorSeed } from '../util/rng.js';
import { suggestion } from '../util/suggest.js';
import { BoundedScheduler } from './bounded.js';
import { DporScheduler } from './dpor.js';
import { PctScheduler } from './pct.js';
import { PesterScheduler } from './pester.js';
import { PosScheduler } from './pos.js';
import { RandomScheduler } from './random.js';
import { RoundRobinScheduler } from './round_robin.js';
import type { Scheduler } from './scheduler.js';
import { StallScheduler } from './stall.js';

/** What determines one execution of a sampling scheduler, beside its parameter. */
export interface ExecutionSeed {
  /** Number of the execution in its campaign, from 0. */
  readonly execution: number;
  /** The campaign's. */
  readonly seed: number;
  /** Operations that an execution is expected to make. */
  readonly steps: number;
}

export interface SchedulerChoice {
  /** With its parameter, as `pct(3)`. */
  readonly name: string;
  /** True: one scheduler searches through all executions of a campaign. False: each execution gets a new one. */
  readonly exhaustive: boolean;
  create(of: ExecutionSeed): Scheduler;
}

interface Row {
  /** How the parameter reads, null if there is none. */
  readonly parameter: string | null;
  /** Taken if none is given. */
  readonly otherwise: string;
  readonly summary: string;
  readonly exhaustive: boolean;
  /** The value of the parameter; null if it is nonsense. */
  parse(text: string): number | null;
  create(of: ExecutionSeed, value: number, text: string): Scheduler;
}

const PCT_DEPTHS = [2, 3, 4, 5, 6];
const NOTHING = (): number => 0;

const integer =
  (lo: number, hi: number) =>
  (text: string): number | null => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= lo && value <= hi ? value : null;
  };

/** A number or a fraction in (0, 1]. */
function probability(text: string): number | null {
  const [, above = '', below = '1'] = /^(\d{1,9}(?:\.\d{1,9})?)(?:\/(\d{1,9}))?$/.exec(text) ?? [];
  const value = Number(above) / Number(below);
  return value > 0 && value <= 1 ? value : null;
}

const own = ({ seed, execution }: ExecutionSeed): number => actorSeed(seed, execution);

const rows: Readonly<Record<string, Row>> = {
  mix: {
    parameter: null,
    otherwise: '',
    summary: 'stall, and between random(1/50) and pct(2) to pct(6) in turn',
    exhaustive: false,
    parse: NOTHING,
    create: ({ execution, seed, steps }) => defaultSchedule(execution, seed, steps),
  },
  random: {
    parameter: 'probability of a switch, as 1/50',
    otherwise: '1/50',
    summary: 'switches with a fixed probability before each operation',
    exhaustive: false,
    parse: probability,
    create: (of, value, text) => new RandomScheduler(own(of), value, text),
  },
  pct: {
    parameter: 'depth of the bug, 1 to 20',
    otherwise: '3',
    summary: 'random priorities that change at depth - 1 places',
    exhaustive: false,
    parse: integer(1, 20),
    create: (of, value) => new PctScheduler(own(of), value, of.steps),
  },
  pos: {
    parameter: null,
    otherwise: '',
    summary: 'samples partial orders',
    exhaustive: false,
    parse: NOTHING,
    create: (of) => new PosScheduler(own(of)),
  },
  stall: {
    parameter: null,
    otherwise: '',
    summary: 'keeps actors from words that others access until those have done so',
    exhaustive: false,
    parse: NOTHING,
    create: (of) => new StallScheduler(own(of)),
  },
  pester: {
    parameter: null,
    otherwise: '',
    summary: 'as stall, and an actor is kept from its word each time that it comes back to the same place',
    exhaustive: false,
    parse: NOTHING,
    create: (of) => new PesterScheduler(own(of)),
  },
  'round-robin': {
    parameter: 'operations in a turn, 1 to 1000000',
    otherwise: '100',
    summary: 'fair: everybody in turn',
    exhaustive: false,
    parse: integer(1, 1_000_000),
    create: (_of, value) => new RoundRobinScheduler(value),
  },
  bounded: {
    parameter: 'preemptions, 0 to 1000',
    otherwise: '2',
    summary: 'all schedules with at most so many preemptions',
    exhaustive: true,
    parse: integer(0, 1000),
    create: (_of, value) => new BoundedScheduler({ bound: value }),
  },
  dfs: {
    parameter: null,
    otherwise: '',
    summary: 'all schedules, but for those that sleep sets leave out',
    exhaustive: true,
    parse: NOTHING,
    create: () => new BoundedScheduler({ bound: Number.POSITIVE_INFINITY, sleepSets: true }),
  },
  dpor: {
    parameter: null,
    otherwise: '',
    summary: 'one execution of each class of equivalent schedules',
    exhaustive: true,
    parse: NOTHING,
    create: () => new DporScheduler(),
  },
};

/** Names, parameters and meanings, for a list. `parameter`: null if there is none. */
export const schedulers: readonly { name: string; parameter: string | null; summary: string }[] =
  Object.entries(rows).map(([name, { parameter, summary }]) => ({ name, parameter, summary }));

/** `pct(3)`, `random(1/50)`, `dpor`. Throws a UsageError that says what is right. */
export function parseScheduler(text: string): SchedulerChoice {
  const [, name = text.trim(), given] = /^\s*([^()\s]*)\s*(?:\(\s*([^()]*?)\s*\))?\s*$/.exec(text) ?? [];
  const row = Object.hasOwn(rows, name) ? rows[name] : undefined;
  if (row === undefined)
    throw new UsageError(`unknown scheduler "${name}"${suggestion(name, Object.keys(rows))}`);
  if (row.parameter === null && given !== undefined) {
    throw new UsageError(`scheduler "${name}" has no parameter: "${text.trim()}" should be "${name}"`);
  }
  const written = given ?? row.otherwise;
  const value = row.parse(written);
  if (value === null) {
    throw new UsageError(
      `scheduler "${name}": "${written}" is not a ${row.parameter}; for example ${name}(${row.otherwise})`,
    );
  }
  const { exhaustive } = row;
  const label = row.parameter === null ? name : `${name}(${written})`;
  return { name: label, exhaustive, create: (of) => row.create(of, value, written) };
}

/**
 * The scheduler of one execution of a campaign: stall in every other one, and between them few switches at random and
 * PCT of all usual depths in turn. Narrow windows want stall; the others find much of the rest at once.
 */
export function defaultSchedule(execution: number, seed: number, steps: number): Scheduler {
  const mine = actorSeed(seed, execution);
  if (execution % 2 === 1) return new StallScheduler(mine);
  const turn = execution / 2;
  if (turn % 2 === 0) return new RandomScheduler(mine, 1 / 50, '1/50');
  const depth = PCT_DEPTHS[((turn - 1) / 2) % PCT_DEPTHS.length] as number;
  return new PctScheduler(mine, depth, steps);
}
