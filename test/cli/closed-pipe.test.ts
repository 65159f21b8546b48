// SPDX-License-Identifier: GPL-2.0-only
/** A reader that goes away, as `head` does, ends the program without a word and without a stack. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const main = fileURLToPath(import.meta.resolve('#src/cli/main.js'));

it('leaves when nobody reads any more', async () => {
  const words = ['explore', 'hotplug', '--workers', '1', '--executions', '64', '--no-explain'];
  const child = spawn(process.execPath, [main, ...words, '--protocol', 'online-only']);
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => {
    stderr += data;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect(status).toBe(4);
  expect(stderr).toBe('');
});
