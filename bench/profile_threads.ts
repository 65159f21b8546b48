// SPDX-License-Identifier: GPL-2.0-only
/**
 * Threads of a soak that can be profiled. V8 writes a log for each thread, and clinic draws the one that it finds: so
 * the logs of all others are taken away.
 */
import { readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

export interface ProfiledThread {
  readonly name: string;
  readonly about: string;
  /** A script that only such threads load. */
  readonly script: string;
}

export const profiledThreads: readonly ProfiledThread[] = [
  { name: 'cpu', about: 'a simulated CPU', script: 'workers/cpu.js' },
  { name: 'control', about: 'a control path', script: 'workers/control.js' },
  { name: 'host', about: 'what reads and judges the trace', script: 'bench/profile_target.js' },
];

/** Names of the logs of the process `pid` in `folder`: isolate-0x5a3d6c0-4711-4711-v8.log. */
export function isolateLogs(folder: string, pid: number): string[] {
  return readdirSync(folder).filter((file) => file.startsWith('isolate') && file.endsWith(`-${pid}-v8.log`));
}

/**
 * Does the log say that its thread has compiled the script? Only that: its name alone also stands in sources, which
 * are logged too.
 */
export function loadsScript(log: string, script: string): boolean {
  return log
    .split('\n')
    .some((line) => line.startsWith('code-creation,Script,') && line.includes(`/${script}:`));
}

/** Leaves the largest log of the threads of that kind, and deletes the other logs of the process. */
export function keepLogOf(thread: ProfiledThread, folder: string, pid: number): void {
  const logs = isolateLogs(folder, pid).map((name) => join(folder, name));
  const own = logs.filter((path) => loadsScript(readFileSync(path, 'latin1'), thread.script));
  own.sort((a, b) => statSync(b).size - statSync(a).size);
  const kept = own[0];
  if (kept === undefined) return;
  for (const path of logs) if (path !== kept) unlinkSync(path);
}
