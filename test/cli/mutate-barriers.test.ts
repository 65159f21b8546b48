// SPDX-License-Identifier: GPL-2.0-only
/** `mutate --barriers` leaves barriers out and tells what that breaks; on real threads that is refused. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const klptorture = (...words: string[]) =>
  spawnSync(process.execPath, ['dist/src/cli/main.js', ...words], { cwd: root, encoding: 'utf8' });

it('finds what breaks without PRW_A with store buffers and under weak memory, and not without them', () => {
  const run = klptorture(
    'mutate',
    '--barriers',
    '--only',
    'PRW_A',
    '--executions',
    '128',
    '--json',
    '--quiet',
  );
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
  const { results } = JSON.parse(run.stdout);
  const excl = expect.stringMatching(/^(RWSEM-EXCL|LOCKDEP-EXCLUSION)$/);
  expect(results.map((r: { memory: string; code: string | null }) => [r.memory, r.code])).toEqual([
    ['sc', null],
    ['tso', excl],
    ['weak', excl],
  ]);
  for (const r of results) expect(r.asExpected).toBe(true);
  expect(results[1].token).toMatch(/^klp1:/);
});

it('is refused on real threads, with the reason', () => {
  const run = klptorture('soak', '--memory', 'weak', '--drop-barrier', 'PRW_A', '--drop-in', 'enable');
  expect(run.status).toBe(2);
  for (const option of ['--memory', '--drop-barrier', '--drop-in'])
    expect(run.stderr).toContain(`${option}: real threads are sequentially consistent and have all barriers`);
});

it('says what is wrong with a barrier that is no barrier, and with a direction of nothing', () => {
  const run = klptorture('explore', 'busy', '--drop-barrier', 'KLP_W_INT', '--drop-in', 'sideways');
  expect(run.status).toBe(2);
  expect(run.stderr).toMatch(/--drop-barrier: unknown value "KLP_W_INT": did you mean "KLP_W_INIT"\?/);
  expect(run.stderr).toContain('--drop-in: unknown value "sideways"');
});
