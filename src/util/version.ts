// SPDX-License-Identifier: GPL-2.0-only
/** The version in package.json of this installation. */
import { readFileSync } from 'node:fs';

/** From dist/src/util, and from src/util. */
const candidates = ['../../../package.json', '../../package.json'];

export function toolVersion(): string {
  for (const path of candidates) {
    try {
      const text = readFileSync(new URL(path, import.meta.url), 'utf8');
      const { name, version } = JSON.parse(text) as { name?: string; version?: string };
      if (name === 'klptorture' && version !== undefined) return version;
    } catch {
      /* Not this one. */
    }
  }
  return 'unknown';
}
