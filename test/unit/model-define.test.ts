// SPDX-License-Identifier: GPL-2.0-only
/** A model that cannot run is refused with all that is wrong with it. */
import { expect, it } from 'vitest';
import type { Field } from '#src/mem/layout.js';
import { i32, struct } from '#src/mem/layout.js';
import { defineModel } from '#src/model/define.js';
import { UsageError } from '#src/util/fault.js';

const words = struct('words', { x: i32 });
const act = (): void => {};
const sound = {
  name: 'm',
  about: '',
  layout: words,
  initial: [[words.x, 1]] as const,
  actors: [{ name: 'a', act, args: [1] }],
  verify: () => [],
};

it('accepts a sound one', () => {
  expect(defineModel(sound).name).toBe('m');
});

it('tells all problems at once', () => {
  const actor = { name: 'a', act, args: [0.5] };
  const bad = { ...sound, initial: [[7 as Field<'words'>, 2 ** 40]] as const, actors: [actor, actor] };
  const refused = () => defineModel(bad);
  expect(refused).toThrow(UsageError);
  for (const part of [/word 7/, /cannot hold/, /two actors "a"/, /0\.5/]) expect(refused).toThrow(part);
});

it('refuses one without actors, and one with too many', () => {
  expect(() => defineModel({ ...sound, actors: [] })).toThrow(/no actors/);
  const many = Array.from({ length: 33 }, (_, i) => ({ name: `${i}`, act, args: [] }));
  expect(() => defineModel({ ...sound, actors: many })).toThrow(/33 actors/);
});
