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

  it('shows what the two commands of its first screen print, but for the middle of the token', () => {
    const screens = [...readme.matchAll(/```\n\$ npx klptorture ([^|<\n]*).*\n\.\.\.\n([\s\S]*?)```/g)];
    const [explore, replay] = screens.map(([, command, shown]) => ({
      words: (command as string).trim().split(' '),
      shown: shown as string,
    }));
    const run = (words: readonly string[], input?: string) =>
      spawnSync(process.execPath, ['dist/src/cli/main.js', ...words], { cwd: root, encoding: 'utf8', input });
    const found = run(explore?.words ?? []);
    expect(found.status).toBe(1);
    /* How often it is seen before the campaign stops depends on the number of workers. */
    const shape = (text: string) =>
      text
        .replace(/seen .*/, 'seen')
        .trimEnd()
        .split('\n');
    const printed = new Set(shape(found.stdout));
    const [token] = /klp1:\S+/.exec(found.stdout) ?? [''];
    const shown = shape(explore?.shown ?? 'nothing');
    const lines = shown.filter((l) => !l.includes('replay: '));
    expect(lines.filter((l) => !printed.has(l))).toEqual([]);
    expect(lines.length).toBe(shown.length - 1);
    const again = run(replay?.words ?? [], found.stdout);
    expect(again.status).toBe(1);
    expect(again.stdout.trimEnd()).toMatch(/End of replay: FAILURE$/);
    const threads = new Set(shape(again.stdout));
    expect(shape(replay?.shown ?? 'nothing').filter((l) => !threads.has(l))).toEqual([]);
    const fibers = JSON.parse(run(['replay', token as string, '--json']).stdout);
    expect(fibers.violations[0].code).toBe('KLP-MISSED-SWITCH');
    expect(again.stdout).toContain(`state ${fibers.stateHash}`);
  });
});
