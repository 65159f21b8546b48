// SPDX-License-Identifier: GPL-2.0-only
/**
 * Writes a file whole or not at all: into a temporary file in the same folder, which then takes the target's name.
 * A device or a pipe cannot be replaced that way (and must not be): it is written in place.
 */
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from './fault.js';

const reasons: Record<string, string> = {
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than the limit',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'input/output error',
};

/** What a file system error means, in words, with its code. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) return error instanceof Error ? error.message : String(error);
  return `${reasons[code] ?? 'the system refused'} (${code})`;
}

/** Follows links, so that the file behind a link is replaced and not the link. */
function targetOf(path: string): { readonly file: string; readonly stat: Stats | null } {
  try {
    const file = realpathSync(path);
    return { file, stat: statSync(file) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { file: path, stat: null };
  }
}

let temporaries = 0;

function temporaryName(file: string): string {
  temporaries++;
  /* The process id keeps two runs apart, the counter two files of one run. Short: a name has 255 bytes. */
  const stem = basename(file).slice(0, 100);
  return join(dirname(file), `.${stem}.${process.pid}-${temporaries}.tmp`);
}

function removeQuietly(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    /* It was never made, or the disk is gone: there is nothing better to do. */
  }
}

/**
 * Tries out whether `path` can be written, before the work whose result goes there is begun.
 * Returns what is wrong, or null.
 */
export function writeProblem(path: string): string | null {
  try {
    const { file, stat } = targetOf(path);
    if (stat?.isDirectory()) return `cannot write "${path}": it is a folder`;
    if (stat !== null) accessSync(file, constants.W_OK);
    if (stat !== null && !stat.isFile()) return null;
    const probe = temporaryName(file);
    closeSync(openSync(probe, 'wx'));
    removeQuietly(probe);
    return null;
  } catch (error) {
    return `cannot write "${path}": ${reasonOf(error)}`;
  }
}

/** Writes `text` to `path`. UsageError if that fails: then the file that was there before is still there, unchanged. */
export function writeAtomically(path: string, text: string): void {
  let temporary: string | null = null;
  try {
    const { file, stat } = targetOf(path);
    if (stat !== null && !stat.isFile()) {
      writeFileSync(file, text);
      return;
    }
    temporary = temporaryName(file);
    const fd = openSync(temporary, 'wx');
    try {
      writeFileSync(fd, text);
      /* Some file systems find out only here that the disk is full. */
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    if (stat !== null) chmodSync(temporary, stat.mode & 0o7777);
    renameSync(temporary, file);
  } catch (error) {
    if (temporary !== null) removeQuietly(temporary);
    throw new UsageError(`cannot write "${path}": ${reasonOf(error)}; nothing was written`);
  }
}
