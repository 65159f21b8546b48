// SPDX-License-Identifier: GPL-2.0-only
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['dist/**', 'node_modules/**'],
    globals: false,
    /* A test of its own may start a thread per simulated CPU: more than two at a time only take turns. */
    pool: 'forks',
    maxWorkers: 2,
    /* Threads of a test wait for each other on shared words, on a machine that may be busy. Budgets are in steps. */
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: 0,
    /* The code under test runs as Node runs it, from dist, the same in the test and in the threads that it starts. */
    server: { deps: { external: [/\/dist\//] } },
  },
});
