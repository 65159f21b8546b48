// SPDX-License-Identifier: GPL-2.0-only
/** Litmus files: those of this package (test/litmus), and what the command line names. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasonOf, writeAtomically } from '../util/atomic_write.js';
import { SimulatorBug, UsageError } from '../util/fault.js';
import { makeFolder } from '../util/make_folder.js';

/** The folder of the tests of this package. */
export function suiteFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const up = dirname(folder);
    if (up === folder) throw new SimulatorBug('package.json is not above the program');
    folder = up;
  }
  return join(folder, 'test', 'litmus');
}

/** Litmus files of a folder and of those in it, sorted. */
function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.litmus'))
    .sort()
    .map((name) => join(folder, name));
}

/** Files that are meant by paths of files and folders. What is wrong with a path is added to `problems`. */
export function litmusFiles(paths: readonly string[], problems: string[]): string[] {
  return paths.flatMap((path) => {
    try {
      if (!statSync(path).isDirectory()) return [path];
      const files = filesUnder(path);
      if (files.length === 0) problems.push(`no *.litmus file in "${path}"`);
      return files;
    } catch (error) {
      problems.push(`cannot read "${path}": ${reasonOf(error)}`);
      return [];
    }
  });
}

export function readLitmus(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read "${file}": ${reasonOf(error)}`);
  }
}

/** Copies the tests of this package; returns how many. */
export function exportSuite(folder: string): number {
  try {
    makeFolder(folder);
  } catch (error) {
    throw new UsageError(`cannot make the folder "${folder}": ${reasonOf(error)}`);
  }
  const files = filesUnder(suiteFolder());
  for (const file of files) writeAtomically(join(folder, basename(file)), readLitmus(file));
  return files.length;
}
