// SPDX-License-Identifier: GPL-2.0-only
/**
 * Kinds of values of the schema. Each carries what it takes in words (`form`) and what it is for (`about`): the form
 * is the second half of every error message, both are the rows of SCHEMA.md.
 */
import { z } from 'zod';
import { limits } from './limits.js';

export interface FieldText {
  readonly form: string;
  readonly about: string;
  /** Shown as the default where it is not a plain value: "same as cpus". */
  readonly fallback?: string;
  /** The valid words, for suggestions. */
  readonly words?: readonly string[];
}

const texts = new WeakMap<z.ZodType, FieldText>();

/** What a field takes and is for. */
export function fieldText(schema: z.ZodType): FieldText {
  return texts.get(schema) ?? { form: 'a value', about: '' };
}

/** Attaches the text; `def` undefined makes the key required. */
export function field<T extends z.ZodType>(schema: T, text: FieldText): T {
  texts.set(schema, text);
  return schema;
}

/** The same with a default value. */
export function fieldOr<T extends z.ZodType>(schema: T, def: z.output<T>, text: FieldText) {
  return field(schema.default(def as never), text);
}

export const integerForm = (min: number, max: number) => `an integer from ${min} to ${max}`;

export function integer(min: number, max: number) {
  return z.int().min(min).max(max);
}

/** An integer with a default. */
export function integerOr(min: number, max: number, def: number, about: string) {
  return fieldOr(integer(min, max), def, { form: integerForm(min, max), about });
}

/** A number of at most `max` and more than 0. */
export function positiveOr(max: number, def: number, about: string) {
  return fieldOr(z.number().positive().max(max), def, { form: `a number above 0, at most ${max}`, about });
}

/** A probability, 0..1. */
export function shareOr(def: number, about: string) {
  return fieldOr(z.number().min(0).max(1), def, { form: 'a number from 0 to 1', about });
}

/** The same without a value of its own. */
export function shareOf(about: string, fallback: string) {
  return field(z.number().min(0).max(1).optional(), { form: 'a number from 0 to 1', about, fallback });
}

export function flagOr(def: boolean, about: string) {
  return fieldOr(z.boolean(), def, { form: 'true or false', about });
}

export function wordOr<const W extends readonly [string, ...string[]]>(
  words: W,
  def: W[number],
  about: string,
) {
  return fieldOr(z.enum(words), def as never, { form: words.join(' or '), about, words });
}

const NAME = /^[A-Za-z_][A-Za-z0-9_.:-]*$/;

export const nameForm = `a name: letters, digits, _ . : -, at most ${limits.nameLength} of them, no digit first`;

export function isName(text: string): boolean {
  return text.length <= limits.nameLength && NAME.test(text);
}

/** A name of a thing defined elsewhere in the file. */
export function reference(about: string) {
  return field(z.string().refine(isName), { form: nameForm, about });
}

/** `5` or `[5, 40]`: uniform between the two. */
export function rangeOr(max: number, def: readonly [number, number], about: string) {
  const bound = z.number().min(0).max(max);
  const pair = z.preprocess(
    (v) => (typeof v === 'number' ? [v, v] : v),
    z.tuple([bound, bound]).refine(([min, max]) => min <= max),
  );
  return field(pair.default(def as [number, number]), {
    form: `a number from 0 to ${max}, or [min, max] with min <= max`,
    about,
    fallback: `[${def[0]}, ${def[1]}]`,
  });
}

/** A step's condition; every kind of step has it. */
export const chance = fieldOr(z.number().min(limits.minChance).max(1), 1, {
  form: `a number from ${limits.minChance} to 1`,
  about: 'Probability that the step is done when it is reached.',
});
