// SPDX-License-Identifier: GPL-2.0-only
/** The classic shapes on the operational models: what is forbidden is never reached, what is allowed is. */
import { describe, expect, it } from 'vitest';
import { ScModel } from '#src/engine/fibers/weak/sc.js';
import { TsoModel } from '#src/engine/fibers/weak/tso.js';
import { ViewModel } from '#src/engine/fibers/weak/view.js';
import { reachable } from '../support/memory/shape.js';
import { classicShapes } from '../support/memory/shapes.js';

const complete = { reorderStores: true, staleFailures: true, patience: Number.POSITIVE_INFINITY };

describe.each(classicShapes)('$name', ({ text, state, sc, tso, lkmm, notModelled }) => {
  it('sc', () => expect(reachable(new ScModel(), text, state)).toBe(sc));
  it('tso', () => expect(reachable(new TsoModel(), text, state)).toBe(tso));
  it('weak', () =>
    expect(reachable(new ViewModel(complete), text, state)).toBe(lkmm && notModelled === undefined));
});
