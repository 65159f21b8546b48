// SPDX-License-Identifier: GPL-2.0-only
/** SCHEMA.md has every key of the schema, and its example is a scenario. `vitest -u` writes the tables anew. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { fillTables, sections, tablesIn } from '#src/scenario/document.js';
import { fieldText } from '#src/scenario/fields.js';
import { packageRoot } from '#src/scenario/presets.js';
import { problemsOf, scenarioText } from '../support/scenario_text.js';

const path = join(packageRoot(), 'src', 'scenario', 'SCHEMA.md');
const markdown = readFileSync(path, 'utf8');

it('has a table for every section', () => {
  expect(tablesIn(markdown)).toEqual(Object.keys(sections));
});

it('has tables that are up to date', async () => {
  await expect(fillTables(markdown)).toMatchFileSnapshot(path);
});

it('says of every key what it takes and what it is for', () => {
  for (const [name, schema] of Object.entries(sections)) {
    for (const [key, value] of Object.entries(schema.shape)) {
      const text = fieldText(value as z.ZodType);
      expect(`${name}.${key}: ${text.form}, ${text.about}`).toMatch(/: \S.+, \S/);
      expect(markdown).toContain(`| \`${key}\` `);
    }
  }
});

it('quotes defaults that the schema has', () => {
  for (const schema of Object.values(sections)) {
    for (const [key, value] of Object.entries(schema.shape)) {
      if (!(value instanceof z.ZodDefault)) continue;
      const filled = (schema as z.ZodObject).shape[key].parse(undefined);
      expect(filled).toEqual(value.def.defaultValue);
    }
  }
});

it('has examples that are right', () => {
  const blocks = [...markdown.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] as string);
  expect(blocks).toHaveLength(3);
  const [whole, functions, patches] = blocks as [string, string, string];
  expect(problemsOf(whole)).toEqual([]);
  const base = {
    functions: `${functions.trimEnd()}\n  rw_verify_area: []`,
    programs: '',
    patches: 'patches: {p: {functions: [vfs_read]}}',
  };
  expect(problemsOf(scenarioText(base))).toEqual([]);
  expect(problemsOf(scenarioText({ ...base, patches }))).toEqual([]);
});
