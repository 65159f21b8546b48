// SPDX-License-Identifier: GPL-2.0-only
/**
 * The JSON of a run: a SoakResult as it stands (see result.ts for every field), what the reader wants first first.
 * `schema` is its version. JSON has no NaN or infinity; null stands for them, as it does for what was not measured.
 */
import type { SoakResult } from './result.js';

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Plain data, independent of `result`. */
export function toJson(result: SoakResult): { readonly [key: string]: JsonValue } {
  const { schema, tool, verdict, reasons, stop, violations, suspicions, ...rest } = result;
  return copyObject({ schema, tool, verdict, reasons, stop, violations, suspicions, ...rest });
}

/** `toJson` as a file, with a newline at the end. */
export function jsonText(result: SoakResult): string {
  return `${JSON.stringify(toJson(result), null, 2)}\n`;
}

function copyObject(object: object): { [key: string]: JsonValue } {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, copy(value)]),
  );
}

function copy(value: unknown): JsonValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value === 'object') return copyObject(value);
  throw new TypeError(`a result holds plain data only, not a ${typeof value}`);
}
