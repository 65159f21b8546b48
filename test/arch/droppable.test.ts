// SPDX-License-Identifier: GPL-2.0-only
/** Each barrier that can be left out stands somewhere: one that names nothing would always look as if it were spare. */
import { expect, it } from 'vitest';
import { builtTrees, loadTree } from '#src/engine/fibers/tree.js';
import { barriersOfSites } from '#src/engine/fibers/weak/drops.js';
import { type Barrier, barriers, canBeDropped } from '#src/mem/barriers.js';
import { impliedPlaces } from '#src/mem/implied_barriers.js';
import { projectSources } from '../support/arch/source.js';

const { sites } = await loadTree(builtTrees, 'observed');
const called = new Set<string>();
for (const { text } of projectSources('src/kernel', 'src/protocol'))
  for (const [, id] of text.matchAll(/\bsmp_\w+\([^;]*?\b(?:B\.)?([A-Z]+_[A-Z_]+)\)/g))
    called.add(id as string);

it('is a call with its id, or an operation of the compiled kernel', () => {
  const implied = new Set(barriersOfSites(barriers, sites).flat());
  const nowhere = (b: Barrier) => !called.has(b.id) && !implied.has(b.nr);
  expect(barriers.filter(canBeDropped).filter(nowhere)).toEqual([]);
});

it('names no operation that its function does not have', () => {
  for (const [id, places] of Object.entries(impliedPlaces))
    for (const { fn, op } of places)
      expect(
        sites.some((s) => s.op === op && (s.fn === fn || s.via.includes(fn))),
        `${id}: ${op} in ${fn}`,
      ).toBe(true);
});
