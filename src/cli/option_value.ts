// SPDX-License-Identifier: GPL-2.0-only
/** Reads the value of an option. */
import { suggestion } from '../util/suggest.js';
import { type OptionSpec, optionForm } from './options.js';

const unitSeconds: Record<string, number> = { ms: 0.001, '': 1, s: 1, m: 60, h: 3600 };

/** `30`, `30s`, `1.5m`, `1h`, `500ms` in seconds; null for anything else. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|)$/.exec(text.trim());
  if (match === null) return null;
  return Number(match[1]) * (unitSeconds[match[2] as string] as number);
}

export type OptionValue = { readonly value: string | number } | { readonly problem: string };

/** The value, or a line that says what is wrong with it. Not for flags. */
export function parseValue(option: OptionSpec, text: string): OptionValue {
  const bad = { problem: `--${option.name}: must be ${optionForm(option)}; got ${JSON.stringify(text)}` };
  switch (option.kind) {
    case 'integer': {
      /* Number() also takes hexadecimal and exponents, which nobody means here. */
      const n = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return n >= option.min && n <= option.max ? { value: n } : bad;
    }
    case 'duration': {
      const s = parseDuration(text);
      return s !== null && s >= option.min && s <= option.max ? { value: s } : bad;
    }
    case 'choice':
    case 'choices':
      if (option.words.includes(text)) return { value: text };
      return {
        problem: `--${option.name}: unknown value ${JSON.stringify(text)}${suggestion(text, option.words)}`,
      };
    case 'file':
    case 'files':
    case 'text':
      return text === '' ? bad : { value: text };
    case 'flag':
      return { problem: `--${option.name} takes no value; got ${JSON.stringify(text)}` };
  }
}
