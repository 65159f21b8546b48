// SPDX-License-Identifier: GPL-2.0-only
/** Build step: the trees of the kernel as it stands, into dist/fibers. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildTrees, machineEntries, trees } from './build.js';

const root = fileURLToPath(new URL('../../../../../', import.meta.url)).replace(/\/$/, '');
const dist = join(root, 'dist');
const out = join(dist, 'fibers');
rmSync(out, { recursive: true, force: true });
const result = buildTrees({ root, entries: machineEntries, replaced: new Map(), out, dist, trees });
for (const p of result.problems) process.stderr.write(`${p.file}:${p.line}:${p.column}: ${p.text}\n`);
process.exitCode = result.problems.length > 0 ? 1 : 0;
