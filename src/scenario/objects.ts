// SPDX-License-Identifier: GPL-2.0-only
/** Validates one map or list of a file against its schema and words what is wrong with it. */
import type { z } from 'zod';
import { suggestion } from '../util/suggest.js';
import type { PlacedName } from './draft.js';
import { fieldText, isName, nameForm } from './fields.js';
import type { Path, ScenarioSource } from './source.js';

export type Shape = Readonly<Record<string, z.ZodType>>;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value in a message: short, and safe for values that contain themselves. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string')
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (Array.isArray(value)) {
    const items = value.slice(0, 4).map((item) => (typeof item === 'object' ? '...' : show(item)));
    return `[${items.join(', ')}${value.length > 4 ? ', ...' : ''}]`;
  }
  if (isRecord(value)) return 'a map';
  return String(value);
}

/**
 * Reads a strict map. Every bad key is a problem of its own, with its place.
 * Null if anything was wrong; undefined stands for an empty map (absent sections take their defaults).
 */
export function readObject<S extends Shape>(
  source: ScenarioSource,
  path: Path,
  schema: z.ZodObject<S>,
  value: unknown,
): z.output<z.ZodObject<S>> | null {
  if (value !== undefined && value !== null && !isRecord(value)) {
    source.problem(path, `must be a map of ${Object.keys(schema.shape).join(', ')}; got ${show(value)}`);
    return null;
  }
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  const told = new Set<string>();
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) unknownKey(source, path, key, Object.keys(schema.shape));
      continue;
    }
    /* A list may have several issues: one line for the key is enough, at the first of them. */
    const key = String(issue.path[0]);
    if (told.has(key)) continue;
    told.add(key);
    badValue(source, path, key, schema.shape[key], isRecord(value) ? value[key] : undefined);
  }
  return null;
}

/** The keys of a map that are right by themselves, though others may not be. */
export function goodKeys<S extends Shape>(
  schema: z.ZodObject<S>,
  value: unknown,
): Partial<z.output<z.ZodObject<S>>> {
  const good: Record<string, unknown> = {};
  const given = isRecord(value) ? value : {};
  for (const [key, field] of Object.entries(schema.shape)) {
    const result = (field as z.ZodType).safeParse(given[key]);
    if (result.success) good[key] = result.data;
  }
  return good as Partial<z.output<z.ZodObject<S>>>;
}

export function unknownKey(source: ScenarioSource, path: Path, key: string, known: readonly string[]): void {
  source.problem([...path, key], `unknown key "${key}"${suggestion(key, known)}`, 'key');
}

function badValue(
  source: ScenarioSource,
  path: Path,
  key: string,
  schema: z.ZodType | undefined,
  value: unknown,
): void {
  const text = schema === undefined ? { form: 'left out' } : fieldText(schema);
  const words = 'words' in text ? text.words : undefined;
  if (value === undefined) source.problem([...path, key], `is missing; it must be ${text.form}`);
  else if (words !== undefined && typeof value === 'string')
    source.problem([...path, key], `unknown value ${show(value)}${suggestion(value, words)}`);
  else source.problem([...path, key], `must be ${text.form}; got ${show(value)}`);
}

/** A required part with a form of its own is there. */
export function isThere(
  source: ScenarioSource,
  path: Path,
  schema: z.ZodType | undefined,
  value: unknown,
): boolean {
  if (value !== undefined && value !== null) return true;
  source.problem(path, `is missing; it must be ${schema === undefined ? 'there' : fieldText(schema).form}`);
  return false;
}

/** The entries of a map of names, at most `max`, those with bad names told of and left out. */
export function namedEntries(
  source: ScenarioSource,
  path: Path,
  value: unknown,
  what: string,
  max: number,
): [string, unknown][] {
  if (value === undefined || value === null) return [];
  if (!isRecord(value)) {
    source.problem(path, `must be a map of names to ${what}; got ${show(value)}`);
    return [];
  }
  const entries = Object.entries(value);
  if (entries.length > max)
    source.problem(path, `has ${entries.length} ${what}; at most ${max} are possible`, 'key');
  return entries.filter(([name]) => {
    if (isName(name)) return true;
    source.problem([...path, name], `${show(name)} must be ${nameForm}`, 'key');
    return false;
  });
}

/** A list of `min` to `max` names, each with its place; bad ones are told of and left out. */
export function nameList(
  source: ScenarioSource,
  path: Path,
  value: unknown,
  min: number,
  max: number,
): PlacedName[] {
  if (!Array.isArray(value)) {
    source.problem(path, `must be a list of function names; got ${show(value)}`);
    return [];
  }
  if (value.length < min || value.length > max) {
    source.problem(path, `must have ${min} to ${max} function names; got ${value.length}`);
  }
  const names: PlacedName[] = [];
  for (const [i, item] of value.slice(0, max).entries()) {
    if (typeof item === 'string' && isName(item)) names.push({ name: item, path: [...path, i] });
    else source.problem([...path, i], `must be ${nameForm}; got ${show(item)}`);
  }
  return names;
}

/** A name that stands twice in a list: the second place is the problem. */
export function tellRepeated(source: ScenarioSource, names: readonly PlacedName[]): void {
  const seen = new Set<string>();
  for (const { name, path } of names) {
    if (seen.has(name)) source.problem(path, `"${name}" stands in this list already`);
    seen.add(name);
  }
}
