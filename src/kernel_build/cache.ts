// SPDX-License-Identifier: GPL-2.0-only
/**
 * Where compiled kernels are kept: a folder each, named by a hash of all that went into it. A folder is filled under
 * another name and then takes its own, so that it is whole when it is there; whoever comes second uses the first one's.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { reasonOf } from '../util/atomic_write.js';
import { hostMs } from '../util/clock.js';

/** Not used for so long, a kernel goes. */
const KEPT_MS = 30 * 24 * 3600 * 1000;

export interface Cached {
  readonly dir: string;
  readonly cached: boolean;
  /** For the user: what is out of the ordinary. */
  readonly notes: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

export function cacheFolder(env: Environment): string {
  const xdg = env.XDG_CACHE_HOME;
  /* A relative path in it is to be ignored (XDG Base Directory Specification). */
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(env.HOME ?? homedir(), '.cache');
  return join(base, 'klptorture');
}

/** The folder of `key`, filled by `fill` if it is not there. What `fill` throws is passed on, and nothing is left. */
export async function cachedFolder(
  key: string,
  env: Environment,
  fill: (dir: string) => Promise<void>,
): Promise<Cached> {
  const parent = cacheFolder(env);
  const dir = join(parent, key);
  if (existsSync(dir)) {
    touch(dir);
    return { dir, cached: true, notes: [] };
  }
  let temporary: string;
  try {
    mkdirSync(parent, { recursive: true });
    temporary = mkdtempSync(join(parent, '.new-'));
  } catch (error) {
    const other = mkdtempSync(join(tmpdir(), 'klptorture-kernel-'));
    process.once('exit', () => rmSync(other, { recursive: true, force: true }));
    await fill(other);
    return {
      dir: other,
      cached: false,
      notes: [
        `cannot keep the compiled kernel in "${parent}": ${reasonOf(error)}; it is in "${other}" for this run`,
      ],
    };
  }
  try {
    await fill(temporary);
    renameSync(temporary, dir);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    const code = (error as NodeJS.ErrnoException).code;
    if ((code !== 'ENOTEMPTY' && code !== 'EEXIST') || !existsSync(dir)) throw error;
  }
  prune(parent);
  return { dir, cached: false, notes: [] };
}

function touch(dir: string): void {
  try {
    const now = hostMs() / 1000;
    utimesSync(dir, now, now);
  } catch {
    /* A cache that others own: it only is not marked as used. */
  }
}

function prune(parent: string): void {
  for (const name of readdirSync(parent)) {
    try {
      if (hostMs() - statSync(join(parent, name)).mtimeMs > KEPT_MS)
        rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      /* Another run was faster. */
    }
  }
}
