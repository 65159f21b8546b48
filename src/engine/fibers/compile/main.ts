// SPDX-License-Identifier: GPL-2.0-only
/** Build step: the trees of the kernel as it stands, into dist/fibers. */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildTrees, machineEntries, trees } from './build.js';

const root = fileURLToPath(new URL('../../../../../', import.meta.url)).replace(/\/$/, '');
const dist = join(root, 'dist');
const out = join(dist, 'fibers');
/* Whoever runs meanwhile finds the old trees or the new ones, not half of them. */
const fresh = `${out}.${process.pid}`;
const result = buildTrees({ root, entries: machineEntries, replaced: new Map(), out: fresh, dist, trees });
for (const p of result.problems) process.stderr.write(`${p.file}:${p.line}:${p.column}: ${p.text}\n`);
if (result.problems.length === 0) {
  rmSync(out, { recursive: true, force: true });
  renameSync(fresh, out);
} else rmSync(fresh, { recursive: true, force: true });
process.exitCode = result.problems.length > 0 ? 1 : 0;
