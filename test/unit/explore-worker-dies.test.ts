// SPDX-License-Identifier: GPL-2.0-only
/** A worker that dies ends a campaign, which has then what was found before, and says which executions it was. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import { afterAll, afterEach, expect, it } from 'vitest';
import { campaign } from '../support/exploring.js';

const real = import.meta.resolve('#src/explore/batch.js');
const folder = mkdtempSync(join(tmpdir(), 'klptorture-worker-'));
let pool: Piscina | null = null;
afterEach(() => pool?.destroy());
afterAll(() => rmSync(folder, { recursive: true }));

/** `name`: of the worker's file. `batch`: what becomes of a batch. */
function poolOf(name: string, batch: string): Piscina {
  const filename = join(folder, name);
  writeFileSync(filename, `import { runBatch } from '${real}'; export default (task) => { ${batch} };`);
  return new Piscina({
    filename,
    minThreads: 1,
    maxThreads: 1,
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  });
}

it('keeps what was found before, and names the executions', async () => {
  pool = poolOf('exits.mjs', 'if (task.from === 32) process.exit(7); return runBatch(task)');
  const made = await campaign({ protocol: 'online-only' }, { executions: 96, pool });
  expect(made.end).toBe('worker-died');
  expect(made.cause).toMatch(/^in executions 32 to 63: /);
  expect(made.findings.executions).toBe(32);
  expect(made.findings.list().length).toBeGreaterThan(0);
});

it('says that it was for want of memory', async () => {
  pool = poolOf('grows.mjs', 'const all = []; for (;;) all.push(new Array(1000).fill(all.length))');
  const made = await campaign({ protocol: 'online-only' }, { executions: 32, pool });
  expect(made.end).toBe('worker-died');
  expect(made.cause).toMatch(/^in executions 0 to 31: .*memory limit/);
});

it('does not wait for one that cannot start', async () => {
  pool = poolOf('no-start.mjs', '}; process.exit(7); {');
  const made = await campaign({ protocol: 'online-only' }, { executions: 32, pool });
  expect(made.end).toBe('worker-died');
  expect(made.cause).toMatch(/exit/);
  expect(made.findings.executions).toBe(0);
});
