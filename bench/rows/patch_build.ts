// SPDX-License-Identifier: GPL-2.0-only
/** How long `--patch` takes before anything runs: a kernel that is compiled, and one that is there. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { buildKernel } from '../../src/kernel_build/build.js';
import { readSource } from '../../src/kernel_build/kernel_sources.js';
import { bar, counted } from '../result.js';
import type { Row } from '../row.js';

const FILE = 'src/kernel/livepatch/transition.ts';
const BEFORE = 'export function klp_try_complete_transition(';

/** A diff that puts an empty statement into the middle of livepatch. */
function diff(): string {
  const lines = (readSource(FILE) ?? '').split('\n');
  const at = lines.findIndex((line) => line.startsWith(BEFORE));
  if (at < 0) throw new Error(`${FILE} has no ${BEFORE}`);
  const line = lines[at] as string;
  return `--- a/${FILE}\n+++ b/${FILE}\n@@ -${at + 1},1 +${at + 1},2 @@\n ${line}\n+  if (k.nr_cpus < 0) return;\n`;
}

export const patchBuild: Row = {
  name: 'patch-build',
  what: 'From a patch to a kernel that can run, elapsed time in a new process',
  bound: '10 s and 1 s',
  byDefault: true,
  processes: 3,
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'klptorture-bench-'));
    try {
      const patch = join(folder, 'change.patch');
      writeFileSync(patch, diff());
      const build = async (): Promise<{ seconds: number; cpu: number; cached: boolean }> => {
        const start = performance.now();
        const before = process.cpuUsage();
        const { cached } = await buildKernel(
          { patches: [patch], kernelDir: null },
          { XDG_CACHE_HOME: folder },
        );
        const { user, system } = process.cpuUsage(before);
        return { seconds: (performance.now() - start) / 1000, cpu: (user + system) / 1e6, cached };
      };
      const cold = await build();
      const again = await build();
      if (cold.cached || !again.cached) throw new Error('the cache is not used');
      return {
        bars: [
          bar(counted('cold', 's', cold.seconds), 'at most', 10),
          bar(counted('cached', 's', again.seconds), 'at most', 1),
        ],
        figures: [counted('cold, CPU time', 's', cold.cpu)],
        warnings: [],
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
