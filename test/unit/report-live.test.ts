// SPDX-License-Identifier: GPL-2.0-only
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createLive, type LiveStream } from '#src/report/live.js';
import { plain } from '#src/report/paint.js';
import { firstLook } from '../support/soak_result.js';

const options = { durationSeconds: 30, statSeconds: 5, paint: plain };

function output(): PassThrough {
  return new PassThrough({ encoding: 'utf8' });
}

function terminal(): LiveStream & PassThrough {
  return Object.assign(output(), { isTTY: true, columns: 80 });
}

function written(stream: PassThrough): string {
  return (stream.read() as string | null) ?? '';
}

it('writes a statistics line for every full interval, elsewhere than on a terminal', () => {
  const stream = output();
  const live = createLive(stream, options);
  for (const elapsedSeconds of [1, 4.9, 5, 6, 9, 10.5, 12]) live.update({ ...firstLook, elapsedSeconds });
  live.stop();
  live.update({ ...firstLook, elapsedSeconds: 99 });
  const lines = written(stream).trimEnd().split('\n');
  expect(lines.map((l) => l.split(':')[1]?.trim())).toEqual(['stat 5s', 'stat 11s']);
});

it('draws one line on a terminal and takes it away', () => {
  const stream = terminal();
  const live = createLive(stream, options);
  live.update(firstLook);
  live.stop();
  live.stop();
  const text = written(stream);
  expect(text).toContain('] 5s/30s  violations 0  calls 1.20M/s  klp 12/3r/0f  onoff 9/10');
  expect(text).not.toContain('\n');
  expect(text.endsWith('\u001b[2K')).toBe(true);
});

it('shows violations and suspicions even where the line is cut', () => {
  const stream = terminal();
  const live = createLive(stream, options);
  const counts = { ...firstLook.counts, violations: 12, suspicions: 3, completed: 123_456_789_012 };
  live.update({ ...firstLook, counts });
  live.stop();
  expect(written(stream)).toContain('violations 12  suspicions 3');
});

it('leaves the terminal as it was: the cursor shown, wrapping on', () => {
  const stream = terminal();
  const live = createLive(stream, options);
  live.update(firstLook);
  live.stop();
  const text = written(stream);
  expect(text).not.toContain('\u001b[?25l');
  expect(text).not.toContain('\u001b[?7l');
});

it('keeps what is noted and goes on drawing below', () => {
  const stream = terminal();
  const live = createLive(stream, options);
  live.note('KLP-MIX found');
  live.update(firstLook);
  live.stop();
  const [before, after] = written(stream).split('KLP-MIX found\n');
  expect(before?.endsWith('\u001b[2K')).toBe(true);
  expect(after).toContain('5s/30s');
});

it('adds no handlers of signals: the command ends the run', () => {
  const before = process.listenerCount('SIGINT');
  const live = createLive(terminal(), options);
  expect(process.listenerCount('SIGINT')).toBe(before);
  live.stop();
});

it('shows a run longer than planned as full', () => {
  const stream = terminal();
  const live = createLive(stream, { ...options, durationSeconds: 0 });
  live.update(firstLook);
  live.stop();
  expect(written(stream)).not.toContain('NaN');
});
