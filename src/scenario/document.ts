// SPDX-License-Identifier: GPL-2.0-only
/** The tables of SCHEMA.md, made from the schema: keys, what they take, defaults, meaning. */
import { z } from 'zod';
import { markdownTable } from '../util/markdown_table.js';
import { type FieldText, fieldText } from './fields.js';
import {
  controlSchema,
  exploreSchema,
  functionSchema,
  hotplugSchema,
  limitsSchema,
  livepatchSchema,
  machineSchema,
  patchSchema,
  programSchemas,
  readersSchema,
  shuffleSchema,
  stepSchemas,
  stutterSchema,
  topSchema,
} from './schema.js';

/** Every section of a scenario file, by the name of its table. */
export const sections: Readonly<Record<string, z.ZodObject>> = {
  file: topSchema,
  machine: machineSchema,
  function: functionSchema,
  ...Object.fromEntries(Object.entries(stepSchemas).map(([op, schema]) => [`step ${op}`, schema])),
  patch: patchSchema,
  ...Object.fromEntries(Object.entries(programSchemas).map(([kind, schema]) => [`program ${kind}`, schema])),
  control: controlSchema,
  'control.livepatch': livepatchSchema,
  'control.hotplug': hotplugSchema,
  'control.stutter': stutterSchema,
  'control.shuffle': shuffleSchema,
  'control.readers': readersSchema,
  explore: exploreSchema,
  limits: limitsSchema,
};

function defaultOf(schema: z.ZodType, text: FieldText): string {
  if (text.fallback !== undefined)
    return /^[[{]/.test(text.fallback) ? `\`${text.fallback}\`` : text.fallback;
  if (!(schema instanceof z.ZodDefault)) return '**required**';
  const value = schema.def.defaultValue;
  return value === '' ? 'empty' : `\`${JSON.stringify(value).replaceAll('"', '')}\``;
}

/** A Markdown table of one section. */
export function sectionTable(schema: z.ZodObject): string {
  const rows = Object.entries(schema.shape).map(([key, value]) => {
    const text = fieldText(value as z.ZodType);
    const about = /[.?!]$/.test(text.about) ? text.about : `${text.about}.`;
    return [`\`${key}\``, text.form, defaultOf(value as z.ZodType, text), about];
  });
  return markdownTable(['key', 'takes', 'default', 'meaning'], rows);
}

const MARKED = /(<!-- table: (.+?) -->\n)[\s\S]*?(<!-- end -->)/g;

/** Fills every `<!-- table: name -->` ... `<!-- end -->` of a Markdown text. RangeError for an unknown name. */
export function fillTables(markdown: string): string {
  return markdown.replace(MARKED, (_all, head: string, name: string, end: string) => {
    const schema = sections[name];
    if (schema === undefined) throw new RangeError(`no section "${name}"`);
    return `${head}\n${sectionTable(schema)}\n\n${end}`;
  });
}

/** The sections that a Markdown text has a table for. */
export function tablesIn(markdown: string): string[] {
  return [...markdown.matchAll(MARKED)].map((match) => match[2] as string);
}
