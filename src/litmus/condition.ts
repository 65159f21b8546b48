// SPDX-License-Identifier: GPL-2.0-only
/** Final states: whether one satisfies a condition, and how values are written. */
import { ADDRESS_BASE, type Condition, type Place, type Program } from './program.js';

/** A final state, as an engine reports it. */
export interface Final {
  /** By thread, by register. */
  readonly registers: readonly (readonly number[])[];
  /** By word. */
  readonly memory: readonly number[];
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

/** Addresses by the name of their word. */
export function valueText(program: Program, value: number): string {
  const word = program.words[value - ADDRESS_BASE];
  return word === undefined ? String(value) : word.name;
}

/** `1:r0=0; [x]=1;`, as herd7 writes a state. */
export function stateText(program: Program, values: readonly number[]): string {
  return program.observed
    .map((place, i) => {
      const name = place.kind === 'word' ? `[${place.text}]` : place.text;
      return `${name}=${valueText(program, values[i] as number)};`;
    })
    .join(' ');
}
