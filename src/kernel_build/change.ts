// SPDX-License-Identifier: GPL-2.0-only
/** From what the user gives (a copy of the sources, patches) to the changed texts, with all that is wrong with them. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { reasonOf } from '../util/atomic_write.js';
import { applyFileDiff } from './apply_diff.js';
import {
  type Changes,
  changeable,
  changeableFiles,
  filesUnder,
  hashChanges,
  isChangeable,
  packageRoot,
  readSource,
} from './kernel_sources.js';
import { type FileDiff, parseUnifiedDiff } from './unified_diff.js';

export interface KernelInput {
  /** Files with unified diffs, applied one after the other. */
  readonly patches: readonly string[];
  /** A changed copy of the sources (with src/kernel in it), to which the patches are then applied; null: ours. */
  readonly kernelDir: string | null;
}

export interface KernelChange {
  readonly changes: Changes;
  /** Of the changed sources; '' if they are ours. */
  readonly hash: string;
  /** For people: names of the folder and of the patches. */
  readonly label: string;
}

/** Adds to `problems`; what it returns is worth something only if it added none. */
export function readChange(input: KernelInput, problems: string[]): KernelChange {
  const changes: Changes = new Map();
  if (input.kernelDir !== null) readFolder(input.kernelDir, changes, problems);
  for (const patch of input.patches) {
    let text: string;
    try {
      text = readFileSync(patch, 'utf8');
    } catch (error) {
      problems.push(`--patch: cannot read "${patch}": ${reasonOf(error)}`);
      continue;
    }
    applyPatch(patch, text, changes, problems);
  }
  /* A path that is back to what it was is no change. */
  for (const [path, text] of changes) if (text === readSource(path)) changes.delete(path);
  const names = [
    ...(input.kernelDir === null ? [] : [basename(resolve(input.kernelDir))]),
    ...input.patches.map((p) => basename(p)),
  ];
  return { changes, hash: problems.length > 0 ? '' : hashChanges(changes), label: names.join(' + ') };
}

/** Applies the text of a patch to what `changes` and the installed sources say. */
export function applyPatch(name: string, text: string, changes: Changes, problems: string[]): void {
  const parsed = parseUnifiedDiff(name, text);
  problems.push(...parsed.problems);
  for (const diff of parsed.files) applyToFile(diff, changes, problems);
}

function applyToFile(diff: FileDiff, changes: Changes, problems: string[]): void {
  const where = `${diff.patch}:${diff.line}`;
  const path = diff.to ?? diff.from;
  const outside = [diff.from, diff.to].find((p) => p !== null && !isChangeable(p));
  if (path === null || outside !== undefined) {
    problems.push(
      `${where}: "${outside ?? '/dev/null'}" may not be changed; what may: ${changeable.join(', ')}`,
    );
    return;
  }
  const current = changes.has(path) ? (changes.get(path) ?? null) : readSource(path);
  if (diff.from === null && current !== null)
    problems.push(`${where}: makes ${path}, which is there already`);
  else if (diff.from !== null && current === null) problems.push(`${where}: there is no file ${path}`);
  else {
    const applied = applyFileDiff(diff, current ?? '');
    if ('problems' in applied) problems.push(...applied.problems);
    else if (diff.to === null && applied.text !== '')
      problems.push(`${where}: removes ${path}, but not all of its lines`);
    else changes.set(path, diff.to === null ? null : applied.text);
  }
}

function readFolder(folder: string, changes: Changes, problems: string[]): void {
  const root = resolve(folder);
  if (!existsSync(root) || !statSync(root).isDirectory() || !existsSync(`${root}/src/kernel`)) {
    problems.push(
      `--kernel: "${folder}" is no copy of the sources: no src/kernel in it; make one: klptorture kernel --export ${folder}`,
    );
    return;
  }
  const there = filesUnder(root, 'src/');
  for (const path of there) {
    const text = readFileSync(`${root}/${path}`, 'utf8');
    if (isChangeable(path)) changes.set(path, text);
    else if (text !== readSource(path, packageRoot)) {
      problems.push(
        `--kernel: ${folder}/${path} differs from ours and may not be changed; what may: ${changeable.join(', ')}`,
      );
    }
  }
  const names = new Set(there);
  for (const path of changeableFiles()) if (!names.has(path)) changes.set(path, null);
}
