// SPDX-License-Identifier: GPL-2.0-only
/** Folders that the user names. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it. Throws as mkdirSync does. Not by its option `recursive`, which never returns where
 * folders cannot be made at all, as in /proc.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  mkdirSync(path);
}
