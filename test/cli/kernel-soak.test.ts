// SPDX-License-Identifier: GPL-2.0-only
/** A soak with a patch: the threads run the changed kernel, and the report says which. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { patchFolder } from '../support/kernel_patch.js';
import { scenarioText } from '../support/scenario_text.js';

const main = fileURLToPath(import.meta.resolve('#src/cli/main.js'));
const folder = patchFolder();
beforeAll(() =>
  writeFileSync(join(folder.dir, 'tiny.yaml'), scenarioText({ machine: 'machine: {cpus: 1}' })),
);
afterAll(() => folder.remove());

function soak(...args: string[]) {
  return spawnSync(
    process.execPath,
    [main, 'soak', 'tiny.yaml', '--duration', '1s', '--quiet', '--json', ...args],
    {
      cwd: folder.dir,
      encoding: 'utf8',
      env: { ...process.env, ...folder.env },
    },
  );
}

it('runs what the patch says, on CPUs and on control paths', () => {
  const idle = 'export function do_idle(k: Kernel): void {\n';
  const cpu = folder.patch(
    'cpu.patch',
    'src/kernel/sched/idle.ts',
    idle,
    `${idle}  if (k.actor >= 0) throw new Error('of the patch');\n`,
  );
  const died = JSON.parse(soak('--patch', cpu).stdout);
  expect(died.stop).toEqual({ kind: 'worker-died', text: 'the thread of cpu0 died: Error: of the patch' });
  expect(died.scenario.parameters.kernel).toMatch(/^cpu\.patch \([0-9a-f]{12}\)$/);

  const work = 'export function klp_transition_work_fn(k: Kernel): void {\n';
  const control = folder.patch(
    'control.patch',
    'src/kernel/livepatch/core.ts',
    work,
    `${work}  if (k.actor >= 0) throw new Error('of the patch');\n`,
  );
  const stop = JSON.parse(soak('--patch', control).stdout).stop;
  expect(stop).toEqual({ kind: 'worker-died', text: 'the thread of kworker died: Error: of the patch' });
});

it('says nothing of a kernel without one', () => {
  expect(JSON.parse(soak().stdout).scenario.parameters).not.toHaveProperty('kernel');
});

it('tells of a bad patch with all else that is wrong, and does not run', () => {
  const run = soak('--patch', 'none.patch', '--cpus', '0');
  expect(run.status).toBe(2);
  const problems = [
    '--cpus: must be an integer from 1 to 32; got "0"',
    '--patch: cannot read "none.patch": there is no such file or folder (ENOENT)',
  ];
  expect(JSON.parse(run.stdout)).toMatchObject({ error: 'usage', problems });
  expect(run.stderr.split('\n').slice(0, 2)).toEqual(problems);
});
