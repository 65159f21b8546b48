// SPDX-License-Identifier: GPL-2.0-only
/** Reads the simulated kernel text of a file: functions, their bodies, and the patches' new bodies. */
import { suggestion } from '../util/suggest.js';
import type { DraftFunction, DraftPatch, PlacedStep } from './draft.js';
import { limits } from './limits.js';
import { isRecord, isThere, namedEntries, nameList, readObject, show, tellRepeated } from './objects.js';
import { functionSchema, patchSchema, type StepOp, stepOps, stepSchemas, topSchema } from './schema.js';
import type { Path, ScenarioSource } from './source.js';
import type { Step } from './types.js';

const stepForm = `a step: cond_resched, or a map with one of ${stepOps.join(', ')}`;

/** Which kind of step a map is: the one key that names an operation. */
function stepKind(source: ScenarioSource, path: Path, value: Record<string, unknown>): StepOp | null {
  const keys = Object.keys(value);
  const ops = stepOps.filter((op) => keys.includes(op));
  if (ops.length === 1) return ops[0] ?? null;
  if (ops.length > 1) {
    source.problem(path, `a step does one thing, this one ${ops.join(' and ')}; make it ${ops.length} steps`);
    return null;
  }
  const key = keys.find((name) => name !== 'chance' && name !== 'state') ?? keys[0];
  if (key === undefined) source.problem(path, `must be ${stepForm}; got an empty map`);
  else source.problem([...path, key], `unknown step "${key}"${suggestion(key, stepOps)}`, 'key');
  return null;
}

function readStep(source: ScenarioSource, path: Path, value: unknown): PlacedStep | null {
  if (typeof value === 'string') {
    if (value === 'cond_resched') return { step: { op: 'cond_resched', chance: 1 }, path };
    source.problem(
      path,
      `unknown step ${show(value)}${suggestion(value, ['cond_resched'])}; others are maps, such as "call: f"`,
    );
    return null;
  }
  if (!isRecord(value)) {
    source.problem(path, `must be ${stepForm}; got ${show(value)}`);
    return null;
  }
  const op = stepKind(source, path, value);
  if (op === null) return null;
  const step = toStep(source, path, op, value);
  return step === null ? null : { step, path: [...path, op] };
}

function toStep(source: ScenarioSource, path: Path, op: StepOp, value: Record<string, unknown>): Step | null {
  switch (op) {
    case 'work': {
      const s = readObject(source, path, stepSchemas.work, value);
      return s && { op: 'work', units: s.work, chance: s.chance };
    }
    case 'call': {
      const s = readObject(source, path, stepSchemas.call, value);
      return s && { op: 'call', fn: s.call, chance: s.chance };
    }
    case 'sleep_ms': {
      const s = readObject(source, path, stepSchemas.sleep_ms, value);
      return s && { op: 'sleep', ms: s.sleep_ms, interruptible: s.state === 'S', chance: s.chance };
    }
    case 'wait': {
      const s = readObject(source, path, stepSchemas.wait, value);
      return s && { op: 'wait', channel: s.wait, chance: s.chance };
    }
    case 'wake': {
      const s = readObject(source, path, stepSchemas.wake, value);
      return s && { op: 'wake', channel: s.wake, chance: s.chance };
    }
    case 'cond_resched': {
      const s = readObject(source, path, stepSchemas.cond_resched, value);
      return s && { op: 'cond_resched', chance: s.chance };
    }
    case 'fork': {
      const s = readObject(source, path, stepSchemas.fork, value);
      return s && { op: 'fork', program: s.fork, chance: s.chance };
    }
  }
}

function readBody(source: ScenarioSource, path: Path, value: unknown): PlacedStep[] {
  if (!Array.isArray(value)) {
    source.problem(path, `must be a list of steps; got ${show(value)}`);
    return [];
  }
  if (value.length > limits.steps) {
    source.problem(path, `has ${value.length} steps; at most ${limits.steps} are possible`, 'key');
  }
  const body: PlacedStep[] = [];
  for (const [i, item] of value.slice(0, limits.steps).entries()) {
    const step = readStep(source, [...path, i], item);
    if (step !== null) body.push(step);
  }
  return body;
}

/** Every function that has a good name, with those of its steps that are right. */
export function readFunctions(source: ScenarioSource, value: unknown): Map<string, DraftFunction> {
  const functions = new Map<string, DraftFunction>();
  if (!isThere(source, ['functions'], topSchema.shape.functions, value)) return functions;
  for (const [name, spec] of namedEntries(source, ['functions'], value, 'functions', limits.functions)) {
    const path = ['functions', name];
    if (!isRecord(spec)) {
      /* `f:` with nothing after it is an empty function. */
      const body = spec === null ? [] : readBody(source, path, spec);
      functions.set(name, { name, path, traceable: true, body });
      continue;
    }
    const head = readObject(source, path, functionSchema, spec);
    const there = isThere(source, [...path, 'body'], functionSchema.shape.body, spec.body);
    const body = there ? readBody(source, [...path, 'body'], spec.body) : [];
    /* If the head is wrong nobody knows: then no second problem is made of it. */
    functions.set(name, { name, path, traceable: head === null || !head.notrace, body });
  }
  return functions;
}

export function readPatches(source: ScenarioSource, value: unknown): DraftPatch[] {
  if (!isThere(source, ['patches'], topSchema.shape.patches, value)) return [];
  const patches: DraftPatch[] = [];
  const entries = namedEntries(source, ['patches'], value, 'patches', limits.patches);
  if (entries.length === 0 && isRecord(value) && Object.keys(value).length === 0) {
    source.problem(['patches'], 'is empty; livepatch needs at least one patch to enable');
  }
  for (const [name, spec] of entries) {
    const path = ['patches', name];
    if (readObject(source, path, patchSchema, spec) === null && !isRecord(spec)) continue;
    const list = isRecord(spec) ? spec.functions : undefined;
    const at = [...path, 'functions'];
    if (!isThere(source, at, patchSchema.shape.functions, list)) continue;
    const functions: { fn: string; path: Path; body: PlacedStep[] | null }[] = [];
    if (Array.isArray(list)) {
      const names = nameList(source, at, list, 1, limits.functions);
      tellRepeated(source, names);
      for (const placed of names) functions.push({ fn: placed.name, path: placed.path, body: null });
    } else {
      for (const [fn, body] of namedEntries(source, at, list, 'functions', limits.functions)) {
        const place = [...at, fn];
        functions.push({ fn, path: place, body: body === null ? null : readBody(source, place, body) });
      }
      if (isRecord(list) && Object.keys(list).length === 0)
        source.problem(at, 'is empty; a patch replaces something');
    }
    patches.push({ name, functions });
  }
  return patches;
}
