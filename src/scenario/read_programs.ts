// SPDX-License-Identifier: GPL-2.0-only
/** Reads the programs of a file: what its tasks run. */
import { suggestion } from '../util/suggest.js';
import type { DraftProgram, PlacedName } from './draft.js';
import { limits } from './limits.js';
import { isRecord, isThere, namedEntries, nameList, readObject, show, tellRepeated } from './objects.js';
import { type ProgramKind, programKinds, programSchemas } from './schema.js';
import type { Path, ScenarioSource } from './source.js';
import type { ProgramSpec } from './types.js';

interface Weighted {
  readonly entries: readonly PlacedName[];
  readonly weights: readonly { readonly fn: string; readonly weight: number }[];
}

/** `{sys_read: 5, sys_write: 1}`, or `[sys_read, sys_write]` for equal weights. */
function readWeights(source: ScenarioSource, path: Path, value: unknown): Weighted {
  if (Array.isArray(value)) {
    const entries = nameList(source, path, value, 1, limits.functions);
    tellRepeated(source, entries);
    return { entries, weights: entries.map(({ name }) => ({ fn: name, weight: 1 })) };
  }
  const entries: PlacedName[] = [];
  const weights: { fn: string; weight: number }[] = [];
  if (isRecord(value) && Object.keys(value).length === 0)
    source.problem(path, 'is empty; it must name a function');
  for (const [fn, weight] of namedEntries(source, path, value, 'functions', limits.functions)) {
    const place = [...path, fn];
    entries.push({ name: fn, path: place });
    if (typeof weight === 'number' && weight > 0 && weight <= limits.maxWeight) weights.push({ fn, weight });
    else
      source.problem(
        place,
        `a weight must be a number above 0, at most ${limits.maxWeight}; got ${show(weight)}`,
      );
  }
  return { entries, weights };
}

function kindOf(source: ScenarioSource, path: Path, value: unknown): ProgramKind | null {
  if (!isRecord(value)) {
    source.problem(path, `must be a map with a kind: ${programKinds.join(', ')}; got ${show(value)}`);
    return null;
  }
  const kind = programKinds.find((known) => known === value.kind);
  if (kind !== undefined) return kind;
  const at = [...path, 'kind'];
  if (value.kind === undefined) source.problem(at, `is missing; it must be ${programKinds.join(', ')}`);
  else if (typeof value.kind !== 'string')
    source.problem(at, `must be ${programKinds.join(', ')}; got ${show(value.kind)}`);
  else source.problem(at, `unknown kind ${show(value.kind)}${suggestion(value.kind, programKinds)}`);
  return null;
}

type Parts = Pick<DraftProgram, 'spec' | 'entries'>;

function readUser(source: ScenarioSource, path: Path, name: string, value: Record<string, unknown>): Parts {
  const head = readObject(source, path, programSchemas.user, value);
  const at = [...path, 'syscalls'];
  if (!isThere(source, at, programSchemas.user.shape.syscalls, value.syscalls))
    return { spec: null, entries: [] };
  const { entries, weights } = readWeights(source, at, value.syscalls);
  if (head === null) return { spec: null, entries };
  const { tasks, user_work: userWork, lifetime } = head;
  return { spec: { kind: 'user', name, tasks, syscalls: weights, userWork, lifetime }, entries };
}

function readKthread(
  source: ScenarioSource,
  path: Path,
  name: string,
  value: Record<string, unknown>,
): Parts {
  const head = readObject(source, path, programSchemas.kthread, value);
  const at = [...path, 'calls'];
  if (!isThere(source, at, programSchemas.kthread.shape.calls, value.calls))
    return { spec: null, entries: [] };
  const { entries, weights } = readWeights(source, at, value.calls);
  if (head === null) return { spec: null, entries };
  const { tasks, switch_point: switchPoint, sleep_ms: sleepMs } = head;
  return { spec: { kind: 'kthread', name, tasks, calls: weights, switchPoint, sleepMs }, entries };
}

function readSleeper(
  source: ScenarioSource,
  path: Path,
  name: string,
  value: Record<string, unknown>,
): Parts {
  const head = readObject(source, path, programSchemas.sleeper, value);
  const at = [...path, 'stack'];
  if (!isThere(source, at, programSchemas.sleeper.shape.stack, value.stack))
    return { spec: null, entries: [] };
  const entries = nameList(source, at, value.stack, 1, limits.frames);
  if (head === null) return { spec: null, entries };
  return { spec: { kind: 'sleeper', name, tasks: head.tasks, stack: entries.map((e) => e.name) }, entries };
}

const readers = { user: readUser, kthread: readKthread, sleeper: readSleeper } satisfies Record<
  ProgramSpec['kind'],
  unknown
>;

/** Every program that has a good name, even if the rest of it is wrong. */
export function readPrograms(source: ScenarioSource, value: unknown): Map<string, DraftProgram> {
  const programs = new Map<string, DraftProgram>();
  for (const [name, spec] of namedEntries(source, ['programs'], value, 'programs', limits.programs)) {
    const path = ['programs', name];
    const kind = kindOf(source, path, spec);
    const parts: Parts =
      kind === null
        ? { spec: null, entries: [] }
        : readers[kind](source, path, name, spec as Record<string, unknown>);
    programs.set(name, { name, path, kind, ...parts });
  }
  return programs;
}
