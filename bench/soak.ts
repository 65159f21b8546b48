// SPDX-License-Identifier: GPL-2.0-only
/** Runs the command line's soak in a process of its own and reads its JSON. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SoakResult } from '../src/report/result.js';

const cli = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));

/** Exit codes after which there is a report: pass, fail, inconclusive. */
const REPORTED: readonly (number | null)[] = [0, 1, 4];

/** Throws when the soak ends without a report, with the end of what it said. */
export function runSoak(args: readonly string[]): Promise<SoakResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, 'soak', ...args, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err = (err + text).slice(-2000);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (!REPORTED.includes(code)) {
        reject(new Error(`soak ${args.join(' ')} ended with ${code}: ${err.trim()}`));
        return;
      }
      try {
        resolve(JSON.parse(out) as SoakResult);
      } catch (cause) {
        reject(new Error(`soak ${args.join(' ')} printed no JSON`, { cause }));
      }
    });
  });
}
