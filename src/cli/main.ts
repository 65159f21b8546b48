#!/usr/bin/env node
// SPDX-License-Identifier: GPL-2.0-only
/** The program: looks after signals, which may come at once, and then loads what it takes. */
import { listenEarly } from './interrupts.js';
import type { Io } from './io.js';

/** Others run through at once, or without a break in which a signal could be looked at. */
const LISTENING: ReadonlySet<string> = new Set(['soak', 'explore', 'compare', 'mutate', 'selfcheck']);

const argv = process.argv.slice(2);
const io: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  json: argv.includes('--json'),
  env: process.env,
};
if (LISTENING.has(argv[0] ?? '')) listenEarly(io);
await (await import('./program.js')).program(argv, io);
