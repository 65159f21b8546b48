// SPDX-License-Identifier: GPL-2.0-only
/** A report that cannot be written is told of, and is no bug of the program. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const main = fileURLToPath(import.meta.resolve('#src/cli/main.js'));

it('says that the disk is full, exit code 2', () => {
  const full = openSync('/dev/full', 'w');
  const run = spawnSync(process.execPath, [main, 'list'], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  expect(run.status).toBe(2);
  expect(run.stderr).toBe(
    'klptorture: the report cannot be written to stdout: no space left on the device (ENOSPC)\n',
  );
});
