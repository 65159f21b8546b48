// SPDX-License-Identifier: GPL-2.0-only
/** Final states: whether one satisfies a condition, and how values are written. */
import { ADDRESS_BASE, type Condition, type Place, type Program, THIN_AIR } from './program.js';

/** A final state, as an engine reports it. */
export interface Final {
  /** By thread, by register. */
  readonly registers: readonly (readonly number[])[];
  /** By word. */
  readonly memory: ArrayLike<number>;
}

export function valueAt(place: Place, final: Final): number {
  if (place.kind === 'word') return final.memory[place.word] as number;
  return place.reg < 0 ? 0 : (final.registers[place.thread]?.[place.reg] as number);
}

export function holds(condition: Condition, final: Final): boolean {
  switch (condition.kind) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'equal':
    case 'differ': {
      const right = typeof condition.right === 'number' ? condition.right : valueAt(condition.right, final);
      return (valueAt(condition.left, final) === right) === (condition.kind === 'equal');
    }
    case 'not':
      return !holds(condition.inner, final);
    case 'and':
      return holds(condition.left, final) && holds(condition.right, final);
    case 'or':
      return holds(condition.left, final) || holds(condition.right, final);
    case 'implies':
      return !holds(condition.left, final) || holds(condition.right, final);
  }
}

function placeText(place: Place): string {
  return place.kind === 'word' ? `[${place.text}]` : place.text;
}

/** As herd7 writes it; `outer` says what it stands in, to know where parentheses are needed. */
function textOf(program: Program, c: Condition, outer: 'or' | 'and' | 'not' | null): string {
  const wrap = (text: string, needed: boolean): string => (needed ? `(${text})` : text);
  switch (c.kind) {
    case 'true':
    case 'false':
      return c.kind;
    case 'equal':
    case 'differ': {
      const right = typeof c.right === 'number' ? valueText(program, c.right) : placeText(c.right);
      const text = `${placeText(c.left)}=${right}`;
      return c.kind === 'equal' ? text : `not (${text})`;
    }
    case 'not':
      return `not (${textOf(program, c.inner, null)})`;
    case 'and': {
      const text = `${textOf(program, c.left, 'and')} /\\ ${textOf(program, c.right, 'and')}`;
      return wrap(text, outer === 'not');
    }
    case 'or': {
      const text = `${textOf(program, c.left, 'or')} \\/ ${textOf(program, c.right, 'or')}`;
      return wrap(text, outer === 'and');
    }
    case 'implies':
      return wrap(`${textOf(program, c.left, 'and')} => ${textOf(program, c.right, 'and')}`, outer !== null);
  }
}

/** The condition with its quantifier. */
export function conditionText(program: Program): string {
  return `${program.quantifier} (${textOf(program, program.condition, null)})`;
}

/** Addresses by the name of their word; S: a value out of thin air. */
export function valueText(program: Program, value: number): string {
  const word = program.words[value - ADDRESS_BASE];
  if (value === THIN_AIR) return 'S';
  return word === undefined ? String(value) : word.name;
}

/** `1:r0=0; [x]=1;`, as herd7 writes a state. */
export function stateText(program: Program, values: readonly number[]): string {
  return program.observed
    .map((place, i) => {
      return `${placeText(place)}=${valueText(program, values[i] as number)};`;
    })
    .join(' ');
}
