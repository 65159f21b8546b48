// SPDX-License-Identifier: GPL-2.0-only
/** Patches: both forms, and what cannot be patched. */
import { expect, it } from 'vitest';
import { parse, problemsOf, scenarioText } from '../support/scenario_text.js';

const patch = (functions: string) => scenarioText({ patches: `patches: {p: {functions: ${functions}}}` });

it('takes a list, which keeps the old bodies, and a map of new bodies', () => {
  expect(parse(patch('[f, g]')).patches[0]?.functions).toEqual([
    { fn: 'f', body: null },
    { fn: 'g', body: null },
  ]);
  expect(parse(patch('{f: [work: 3], g: }')).patches[0]?.functions).toEqual([
    { fn: 'f', body: [{ op: 'work', units: 3, chance: 1 }] },
    { fn: 'g', body: null },
  ]);
});

it.each([
  ['[ff]', 'my.yaml:2:27: patches.p.functions[0]: there is no function "ff" to patch: did you mean "f"?'],
  [
    '{ff: [work: 1]}',
    'my.yaml:2:27: patches.p.functions.ff: there is no function "ff" to patch: did you mean "f"?',
  ],
  ['[f, f]', 'my.yaml:2:30: patches.p.functions[1]: "f" stands in this list already'],
  ['[]', 'patches.p.functions: must have 1 to 4096 function names; got 0'],
  ['{}', 'patches.p.functions: is empty; a patch replaces something'],
  ['3', 'patches.p.functions: must be a map of names to functions; got 3'],
])('%s is refused', (functions, problem) => {
  const problems = problemsOf(patch(functions));
  expect(problems.join('\n')).toContain(problem);
  expect(problems).toHaveLength(1);
});

it('does not patch a function without a call site', () => {
  const functions = 'functions: {f: [call: g], g: {notrace: true, body: [work: 1]}}';
  const text = scenarioText({ functions, patches: 'patches: {p: {functions: [g]}}' });
  expect(problemsOf(text)).toEqual([
    'my.yaml:2:27: patches.p.functions[0]: "g" is notrace: it has no call site for ftrace, so it cannot be patched',
  ]);
});

it('needs one patch and takes sixteen', () => {
  expect(problemsOf(scenarioText({ patches: 'patches: {}' }))[0]).toContain('patches: is empty');
  const many = (n: number) =>
    scenarioText({
      patches: `patches: {${Array.from({ length: n }, (_, i) => `p${i}: {functions: [f]}`).join(', ')}}`,
    });
  expect(problemsOf(many(16))).toEqual([]);
  expect(problemsOf(many(17))).toEqual(['my.yaml:2:1: patches: has 17 patches; at most 16 are possible']);
});
