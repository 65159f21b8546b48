// SPDX-License-Identifier: GPL-2.0-only
/**
 * What a build leaves behind for the next one: a kernel with one changed function differs in one file, and all others
 * need not be looked at again.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { FileFacts } from './facts.js';
import type { Site, Tree } from './transform.js';

export interface BaseFile {
  /** Of its text, and of what others see of it. */
  readonly hash: string;
  readonly shape: string;
  /** Colouring.summary */
  readonly summary: string;
  /** Files from which functions were inlined into it. */
  readonly inlined: readonly string[];
  /** Functions that have a quick version. */
  readonly quick: readonly string[];
  /** Null: a shared module. */
  readonly facts: FileFacts | null;
}

export interface Base {
  /** Of the compile step itself. */
  readonly tool: string;
  /** Constants.fingerprint */
  readonly constants: string;
  readonly dist: string;
  readonly trees: readonly Tree[];
  readonly files: Readonly<Record<string, BaseFile>>;
  readonly siteKeys: readonly string[];
}

export const BASE_FILE = 'base.json';

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

let tool: string | null = null;

/** Of the programs of the compile step. */
export function toolHash(): string {
  if (tool !== null) return tool;
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const texts = readdirSync(folder)
    .filter((n) => n.endsWith('.js'))
    .sort()
    .map((n) => readFileSync(join(folder, n), 'utf8'));
  tool = hashOf(`${ts.version}\n${texts.join('\n')}`);
  return tool;
}

const known = new Map<
  string,
  { readonly text: string; readonly base: Base; readonly sites: readonly Site[] }
>();

/** Null: there is none, or it is of another compile step. */
export function readBase(
  dir: string,
  dist: string,
  trees: readonly Tree[],
): { base: Base; sites: readonly Site[] } | null {
  let text: string;
  try {
    text = readFileSync(join(dir, BASE_FILE), 'utf8');
  } catch {
    return null;
  }
  let found = known.get(dir);
  if (found?.text !== text) {
    const sites = JSON.parse(readFileSync(join(dir, 'sites.json'), 'utf8')) as Site[];
    found = { text, base: JSON.parse(text) as Base, sites };
    known.set(dir, found);
  }
  const { base, sites } = found;
  const fits = base.tool === toolHash() && base.dist === dist && trees.every((t) => base.trees.includes(t));
  return fits ? { base, sites } : null;
}
