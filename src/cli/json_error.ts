// SPDX-License-Identifier: GPL-2.0-only
/** With --json stdout has one JSON document whatever comes: a report, or this. */
import { toolVersion } from '../util/version.js';
import type { Io } from './io.js';

/** Raised when a field is renamed, removed or changes its meaning. */
const ERROR_SCHEMA = 1;

/** usage: exit code 2. bug: 3. interrupted: 4, left without a report. */
export type ErrorKind = 'usage' | 'bug' | 'interrupted';

/** Nothing if no JSON was asked for. */
export function writeJsonError(io: Io, kind: ErrorKind, problems: readonly string[]): void {
  if (!io.json) return;
  const tool = { name: 'klptorture', version: toolVersion() };
  io.stdout.write(`${JSON.stringify({ schema: ERROR_SCHEMA, tool, error: kind, problems }, null, 2)}\n`);
}
