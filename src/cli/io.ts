// SPDX-License-Identifier: GPL-2.0-only
import type { LiveStream } from '../report/live.js';

/** What a command has of the process, so that tests can give it something else. */
export interface Io {
  readonly stdout: LiveStream;
  readonly stderr: LiveStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}
