// SPDX-License-Identifier: GPL-2.0-only
import { fitLine } from '../report/fit.js';
import type { LiveStream } from '../report/live.js';

/** What a command has of the process, so that tests can give it something else. */
export interface Io {
  readonly stdout: LiveStream;
  readonly stderr: LiveStream;
  /** stdout is for one JSON document. */
  readonly json: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Columns for what may be as wide as the terminal is: not so narrow that nothing can be read, nor wider than a page. */
export function textWidth(stream: LiveStream): number {
  return Math.min(140, Math.max(72, stream.columns ?? 110));
}

/** As wide as it is for a file or a pipe; broken between words where a terminal is narrower. */
export function writeLines(stream: LiveStream, lines: readonly string[]): void {
  const { columns } = stream;
  const fitted = columns === undefined ? lines : lines.flatMap((l) => fitLine(l, columns));
  stream.write(`${fitted.join('\n')}\n`);
}
