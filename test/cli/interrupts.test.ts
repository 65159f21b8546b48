// SPDX-License-Identifier: GPL-2.0-only
/** Signals before, in and after a campaign: stdout has one JSON document, whenever they come. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const main = fileURLToPath(import.meta.resolve('#src/cli/main.js'));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `at`: what is sent when a text has come on stderr, in turn. */
function explore(at: readonly (readonly [text: string, signal: NodeJS.Signals])[]): Promise<Ended> {
  return new Promise((resolve) => {
    const words = [
      'explore',
      'hotplug',
      '--json',
      '--workers',
      '1',
      '--executions',
      '1000000',
      '--no-explain',
    ];
    const child = spawn(process.execPath, [main, ...words]);
    const left = [...at];
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => {
      stdout += data;
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr += data;
      const [next] = left;
      if (next === undefined || !stderr.includes(next[0])) return;
      left.shift();
      child.kill(next[1]);
    });
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

const STARTED = 'explore: scenario=hotplug';

it.each(['SIGHUP', 'SIGTERM', 'SIGINT'] as const)('%s ends a campaign with its report', async (signal) => {
  const { status, stdout, stderr } = await explore([[STARTED, signal]]);
  const report = JSON.parse(stdout);
  /* What had been made by then was clean, if anything was. */
  const codes: Readonly<Record<string, number>> = { pass: 0, inconclusive: 4, interrupted: 4 };
  expect(status).toBe(codes[report.verdict ?? report.error]);
  expect(report.executions ?? 0).toBeLessThan(1_000_000);
  expect(stderr).toContain('interrupted');
});

it('leaves with a document before anything was run', async () => {
  const interrupts = import.meta.resolve('#src/cli/interrupts.js');
  const program = `
    import { listenEarly } from '${interrupts}';
    const { stdout, stderr } = process;
    listenEarly({ stdout, stderr, env: {}, json: true });
    stderr.write('ready');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, '--', '--json']);
  let stdout = '';
  child.stdout.on('data', (data: Buffer) => {
    stdout += data;
  });
  child.stderr.once('data', () => child.kill('SIGINT'));
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(4);
  expect(JSON.parse(stdout).error).toBe('interrupted');
});

it('leaves at the second one, with one JSON document all the same', async () => {
  const { status, stdout } = await explore([
    [STARTED, 'SIGINT'],
    ['interrupted', 'SIGINT'],
  ]);
  expect([0, 4]).toContain(status);
  expect(JSON.parse(stdout).tool.name).toBe('klptorture');
});
