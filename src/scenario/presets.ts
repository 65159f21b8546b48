// SPDX-License-Identifier: GPL-2.0-only
/** The scenarios that come with the package: src/scenario/presets/*.yaml. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SimulatorBug } from '../util/fault.js';

/** The folder of package.json, found upwards from this file: it lies deeper in dist than in the sources. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const up = dirname(folder);
    if (up === folder) throw new SimulatorBug('package.json is not above the program');
    folder = up;
  }
  return folder;
}

function presetFolder(): string {
  return join(packageRoot(), 'src', 'scenario', 'presets');
}

/** Names of the presets, the default one first. */
export function presetNames(): string[] {
  const names = readdirSync(presetFolder())
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
  return ['default', ...names.filter((name) => name !== 'default')];
}

export function presetFile(name: string): string {
  return join(presetFolder(), `${name}.yaml`);
}
