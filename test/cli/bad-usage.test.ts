// SPDX-License-Identifier: GPL-2.0-only
/** The program itself: bad usage exits 2 with every problem on stderr, nothing on stdout and nothing written. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { scenarioText } from '../support/scenario_text.js';

const main = fileURLToPath(import.meta.resolve('#src/cli/main.js'));
const folder = mkdtempSync(join(tmpdir(), 'klptorture-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

function klptorture(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr: stderr.split('\n').slice(0, -1) };
}

it('says nothing else than what is wrong, with options, file and report together', () => {
  writeFileSync(join(folder, 'bad.yaml'), scenarioText({ machine: 'machine: {cpuz: 3, online: 5}' }));
  const run = klptorture('soak', '--cpu', '3', 'bad.yaml', '--retry', '0', '--report', 'no/r.json');
  expect(run).toEqual({
    status: 2,
    stdout: '',
    stderr: [
      'unknown option "--cpu": did you mean "--cpus"?',
      '--retry: must be an integer from 1 to 60000; got "0"',
      'bad.yaml:4:11: machine.cpuz: unknown key "cpuz": did you mean "cpus"? known: cpus, online, reliable_stacks, unreliable_chance, hotplug_lock, protocol, preempt, retry_ms, slice_steps, trace_records, spare_tasks',
      'bad.yaml:4:28: machine.online: must be at most cpus, which is 4; got 5',
      '--report: cannot write "no/r.json": there is no such file or folder (ENOENT)',
      'klptorture: 5 problems; see: klptorture help',
    ],
  });
});

it('does not make a report of a run that cannot start', () => {
  const run = klptorture('soak', 'none.yaml', '--report', 'r.json');
  expect(run.status).toBe(2);
  expect(existsSync(join(folder, 'r.json'))).toBe(false);
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

it('does not write the report over the scenario', () => {
  writeFileSync(join(folder, 'mine.yaml'), scenarioText());
  const run = klptorture('soak', 'mine.yaml', '--report', './mine.yaml');
  expect(run.status).toBe(2);
  expect(run.stderr[0]).toBe('--report: "./mine.yaml" is the scenario itself');
  expect(readFileSync(join(folder, 'mine.yaml'), 'utf8')).toBe(scenarioText());
});

it('without a command shows the help, as an error', () => {
  const run = klptorture();
  expect(run.status).toBe(2);
  expect(run.stdout).toBe('');
  expect(run.stderr[0]).toBe('Usage: klptorture <command> [options]');
});

it('shows help and version where they are asked for', () => {
  expect(klptorture('--version')).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^klptorture \d+\.\d+\.\d+\n$/),
    stderr: [],
  });
  for (const args of [['help'], ['help', 'soak'], ['list', '-h']]) {
    const run = klptorture(...args);
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/^Usage: klptorture /);
    expect(run.stderr).toEqual([]);
  }
});

it('with --json says it in JSON on stdout, too', () => {
  const run = klptorture('explore', 'nope', '--json', '--executions', '0');
  expect(run.status).toBe(2);
  expect(JSON.parse(run.stdout)).toMatchObject({
    schema: 1,
    error: 'usage',
    problems: [
      '--executions: must be an integer from 1 to 1000000000; got "0"',
      expect.stringMatching(/^unknown scenario "nope"; known: /),
    ],
  });
  expect(run.stderr).toHaveLength(3);
});
