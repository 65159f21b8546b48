// SPDX-License-Identifier: GPL-2.0-only
/**
 * `npm run profile`: a flame graph of the default soak, of one of its threads, with clinic from bench's own
 * package.json. The result is bench/.clinic/<pid>.clinic-flame.html.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/scenario/presets.js';
import { suggestion } from '../src/util/suggest.js';
import { profiledThreads } from './profile_threads.js';

const USAGE = `Usage: npm run profile -- [options]

  --thread NAME    ${profiledThreads.map((t) => `${t.name}: ${t.about}`).join('; ')} (default cpu)
  --seconds N      length of the soak (default 10)
  --scenario NAME  what to soak (default default)
`;

/** clinic asks before it reports its use to its authors; without a terminal it leaves instead. It is not to report. */
const env = { ...process.env, NO_INSIGHT: '1', NO_UPDATE_NOTIFIER: '1' };

/** Runs a command with our terminal; returns its exit code, 1 if a signal ended it. */
function run(command: string, args: readonly string[], cwd: string): number {
  const done = spawnSync(command, args, { cwd, env, stdio: 'inherit', shell: process.platform === 'win32' });
  if (done.error !== undefined) process.stderr.write(`profile: ${command}: ${done.error.message}\n`);
  return done.status ?? 1;
}

function profile(thread: string, seconds: string, scenario: string): number {
  const bench = join(packageRoot(), 'bench');
  const out = join(bench, '.clinic');
  const clinic = join(bench, 'node_modules', 'clinic', 'bin.js');
  if (!existsSync(clinic)) {
    process.stderr.write('profile: installing clinic, about 700 packages, into bench/node_modules\n');
    const installed = run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], bench);
    if (installed !== 0) return installed;
  }
  mkdirSync(out, { recursive: true });
  const target = fileURLToPath(new URL('./profile_target.js', import.meta.url));
  const soak = ['soak', scenario, '--duration', seconds, '--quiet'];
  /* The profiler writes its logs to the working directory. */
  const flame = ['flame', '--dest', out, '--open=false', '--', process.execPath, target, thread, ...soak];
  const code = run(process.execPath, [clinic, ...flame], out);
  const graphs = readdirSync(out).filter((file) => file.endsWith('.html'));
  for (const file of graphs) process.stdout.write(`${join('bench', '.clinic', file)}\n`);
  return code;
}

const { values } = parseArgs({
  options: {
    thread: { type: 'string', default: 'cpu' },
    seconds: { type: 'string', default: '10' },
    scenario: { type: 'string', default: 'default' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
} else if (!profiledThreads.some((t) => t.name === values.thread)) {
  const known = profiledThreads.map((t) => t.name);
  process.stderr.write(`profile: unknown thread "${values.thread}"${suggestion(values.thread, known)}\n`);
  process.exitCode = 2;
} else {
  process.exitCode = profile(values.thread, values.seconds, values.scenario);
}
