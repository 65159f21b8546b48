// SPDX-License-Identifier: GPL-2.0-only
/** The table of verdicts on a narrow terminal: what a header says that was agreed with is left out. */
import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { litmus } from '#src/cli/litmus.js';
import { projectRoot } from '../support/arch/source.js';

function shown(columns: number): string[] {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const terminal = Object.assign(stream, { columns });
  const io = { stdout: terminal, stderr: terminal, json: false, env: { NO_COLOR: '1' } };
  expect(litmus([`${projectRoot}/test/litmus/stop-state-release.litmus`], { quiet: true }, [], io)).toBe(0);
  return text.trimEnd().split('\n');
}

it('fits, and has the header where there is room', () => {
  expect(shown(120)[0]).toMatch(/test +header +lkmm +positive +negative/);
  const narrow = shown(60);
  expect(narrow[0]).toMatch(/test +lkmm +\+\/-/);
  expect(narrow[1]).toMatch(/stop-state-release +Never +0\/3 +agrees/);
  for (const line of narrow) expect(line.length).toBeLessThanOrEqual(60);
});
