// SPDX-License-Identifier: GPL-2.0-only
/** The README says what the registries say, and its commands run. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commands } from '#src/cli/commands.js';
import { optionTable } from '#src/cli/options.js';
import { oracles } from '#src/oracle/index.js';
import { protocols } from '#src/protocol/index.js';
import { presetNames } from '#src/scenario/presets.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(`${root}/README.md`, 'utf8');

describe('the README', () => {
  it('has the option tables that the program is made from', () => {
    const missing = Object.values(commands)
      .filter((c) => c.options.length > 2 && c.name !== 'selfcheck')
      .filter((c) => !readme.includes(optionTable(c.options).trim()))
      .map((c) => c.name);
    expect(missing).toEqual([]);
    for (const { name } of Object.values(commands)) expect(readme).toContain(`klptorture ${name}`);
  });

  it('has a replay line that shows what it says, on coroutines and on threads, to the same state', () => {
    const [, token] = /replay: klptorture replay (klp1:\S+)/.exec(readme) ?? [];
    const replay = (...more: string[]) =>
      spawnSync(process.execPath, ['dist/src/cli/main.js', 'replay', token as string, '--json', ...more], {
        cwd: root,
        encoding: 'utf8',
      });
    const [fibers, threads] = [replay(), replay('--threads')];
    expect([fibers.status, threads.status]).toEqual([1, 1]);
    const [a, b] = [JSON.parse(fibers.stdout), JSON.parse(threads.stdout)];
    expect(a.violations[0].code).toBe('KLP-MISSED-SWITCH');
    expect(b.violations[0].code).toBe('KLP-MISSED-SWITCH');
    expect(b.stateHash).toBe(a.stateHash);
    expect(readme).toContain(`state ${a.stateHash}`);
  });

  it('names every protocol, oracle and scenario, with what the program says of it', () => {
    for (const p of protocols) expect(readme).toContain(`| ${p.id} | ${p.idea} |`);
    for (const o of oracles) expect(readme).toContain(`| ${o.name} | ${o.about} |`);
    for (const s of presetNames()) expect(readme).toContain(`| ${s} |`);
  });

  it('links to files that are there', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((m) => m[1] as string);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((path) => !existsSync(`${root}/${path}`))).toEqual([]);
  });

  it('shows a first screen of the shape that its command prints', () => {
    const [, command, shown] = /```\n\$ npx klptorture (.*)\n([\s\S]*?)```/.exec(readme) ?? [];
    expect(command).toBeDefined();
    const words = (command as string).split(' ');
    const run = spawnSync(process.execPath, ['dist/src/cli/main.js', ...words], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(run.status).toBe(1);
    /* The lines of the shown screen with all numbers taken out: each must come up in the run. */
    const shape = (text: string) => text.replace(/\d[\d.,]*(us|ms|s|k|M)?/g, '#').trim();
    const printed = new Set(run.stdout.split('\n').map(shape));
    const kept = (shown as string)
      .split('\n')
      .filter((l) => /^(FAILURE|KLP-MISSED|Transitions:)/.test(l.trim()));
    expect(kept.length).toBeGreaterThanOrEqual(1);
    const missing = kept
      .map((l) => shape(l).split(' ')[0])
      .filter((w) => ![...printed].some((p) => p.startsWith(w as string)));
    expect(missing).toEqual([]);
  });
});
