// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { type JsonValue, jsonText, toJson } from '#src/report/json.js';
import { RESULT_SCHEMA } from '#src/report/result.js';
import { environmentLine, textReport } from '#src/report/text.js';
import {
  formatCount,
  formatElapsed,
  formatFixed,
  formatLockTime,
  formatMs,
  formatSi,
  formatUs,
} from '#src/report/units.js';
import { emptyRun, failure, start } from '../support/soak_result.js';

const NUMBER = /(?<![\w.])\d+(?:\.\d+)?(?:us|ms|s|[kMG](?:iB)?)?(?!\w)/g;

/** Every way in which the text may show a value of the JSON. */
function renderings(value: JsonValue, into: Set<string>): Set<string> {
  if (typeof value === 'number') {
    const spans = [formatUs(value), formatUs(value * 1000), formatUs(value / 1000), formatElapsed(value)];
    const counts = [
      String(value),
      formatCount(value),
      formatSi(value),
      formatMs(value),
      formatFixed(value, 1),
    ];
    const rest = [formatLockTime(value), formatCount(value / 2 ** 20), value.toString(16).padStart(16, '0')];
    for (const text of [...spans, ...counts, ...rest]) into.add(text);
  } else if (typeof value === 'boolean') {
    into.add(value ? '1' : '0');
  } else if (typeof value === 'string') {
    for (const [text] of value.matchAll(NUMBER)) into.add(text);
  } else if (value !== null) {
    if (Array.isArray(value)) into.add(String(value.length));
    for (const v of Object.values(value)) renderings(v, into);
  }
  return into;
}

it.each([
  ['a full run', failure()],
  ['an empty run', emptyRun()],
])('has every number that the text of %s has', (_, result) => {
  const known = renderings(toJson(result), new Set(['0']));
  const text = `${environmentLine(start)}\n${textReport(result)}`.replace('lock_stat version 0.4', '');
  const numbers = [...text.matchAll(NUMBER)].map(([n]) => n);
  expect(numbers.length).toBeGreaterThan(50);
  expect(numbers.filter((n) => !known.has(n))).toEqual([]);
});

it('is versioned and starts with the verdict', () => {
  const json = toJson(failure());
  expect(json.schema).toBe(RESULT_SCHEMA);
  expect(Object.keys(json).slice(0, 5)).toEqual(['schema', 'tool', 'verdict', 'reasons', 'stop']);
});

it('has every field of the result, and the whole scenario', () => {
  const result = failure();
  const json = toJson(result);
  expect(Object.keys(json).sort()).toEqual(Object.keys(result).sort());
  expect(JSON.parse(jsonText(result))).toEqual(JSON.parse(JSON.stringify(result)));
  expect(json).toMatchObject({ scenario: { spec: { name: 'small', seed: 42, limits: { durationS: 30 } } } });
});

it('has null and never NaN for what cannot be told', () => {
  const broken = { ...failure(), wallSeconds: Number.NaN, cpuSeconds: Number.POSITIVE_INFINITY };
  expect(toJson(broken)).toMatchObject({ wallSeconds: null, cpuSeconds: null });
  expect(jsonText(emptyRun())).not.toMatch(/NaN|Infinity/);
});

it('ends with a newline, as a file does', () => {
  expect(jsonText(failure()).endsWith('}\n')).toBe(true);
});
