// SPDX-License-Identifier: GPL-2.0-only
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { paintFor, plain } from '#src/report/paint.js';
import { textReport } from '#src/report/text.js';
import { failure } from '../support/soak_result.js';

const colour = paintFor({ isTTY: true }, { TERM: 'xterm' });

it('paints on a terminal', () => {
  expect(colour.red('x')).toContain('\u001b[');
});

it.each([
  ['a file', { isTTY: false }, {}],
  ['a pipe', {}, { FORCE_COLOR: '1' }],
  ['a terminal with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }],
  ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }],
])('does not paint on %s', (_, stream, env) => {
  expect(paintFor(stream, env).red('x')).toBe('x');
});

it('paints with an empty NO_COLOR, which means nothing', () => {
  expect(paintFor({ isTTY: true }, { NO_COLOR: '' }).red('x')).not.toBe('x');
});

it('says the same in colour', () => {
  const painted = textReport(failure(), colour);
  expect(painted).toContain('\u001b[');
  expect(stripVTControlCharacters(painted)).toBe(textReport(failure(), plain));
});

it('has plain ASCII and no control characters without colour', () => {
  expect(textReport(failure(), plain)).toMatch(/^[\n\x20-\x7e]*$/);
});
