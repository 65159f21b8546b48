// SPDX-License-Identifier: GPL-2.0-only
/** The program with a real run behind it: where its words go, what an interrupt does, what a full disk does. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scenarioText } from '../support/scenario_text.js';

const main = fileURLToPath(import.meta.resolve('#src/cli/main.js'));
const folder = mkdtempSync(join(tmpdir(), 'klptorture-soak-'));
beforeAll(() => writeFileSync(join(folder, 'tiny.yaml'), scenarioText({ machine: 'machine: {cpus: 1}' })));
afterAll(() => rmSync(folder, { recursive: true }));

/** A second on a busy host may be too short to be judged; it is never a failure. */
const codes: Readonly<Record<string, number>> = { pass: 0, inconclusive: 4 };

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program, and interrupts it when `at` has come on stderr. */
function soak(args: readonly string[], at: string | null = null): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, 'soak', 'tiny.yaml', ...args], { cwd: folder });
    let waiting = at;
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => {
      stdout += data;
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr += data;
      if (waiting === null || !stderr.includes(waiting)) return;
      waiting = null;
      child.kill('SIGINT');
    });
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

it('puts JSON alone on stdout, and the report as text in its file', async () => {
  const { status, stdout, stderr } = await soak(['--duration', '1s', '--json', '--report', 'r.txt']);
  const result = JSON.parse(stdout);
  expect(result.scenario.name).toBe('tiny');
  expect(status).toBe(codes[result.verdict]);
  expect(stderr).toMatch(/^klptorture: --- Start of soak: scenario=tiny cpus=1 /);
  expect(readFileSync(join(folder, 'r.txt'), 'utf8')).toMatch(
    /^klptorture: --- End of soak: [A-Z]+: scenario=tiny /,
  );
  expect(readdirSync(folder).sort()).toEqual(['r.txt', 'tiny.yaml']);
});

it('says nothing but the report when it is told to be quiet', async () => {
  const { stdout, stderr } = await soak(['--duration', '1s', '--quiet']);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^klptorture: --- End of soak: /);
});

it('ends in order at an interrupt, with its report', async () => {
  const { status, stdout } = await soak(['--duration', '1h', '--json'], 'Start of soak');
  const result = JSON.parse(stdout);
  expect(result.stop.kind).toBe('interrupted');
  expect(status).toBe(codes[result.verdict]);
});

it('tells of a full disk, after the report has been shown', async () => {
  const { status, stdout, stderr } = await soak(['--duration', '1s', '--quiet', '--report', '/dev/full']);
  expect(status).toBe(2);
  expect(stdout).toMatch(/^klptorture: --- End of soak: /);
  expect(stderr).toContain(
    'cannot write "/dev/full": no space left on the device (ENOSPC); nothing was written\n',
  );
});
