// SPDX-License-Identifier: GPL-2.0-only
/**
 * What is shown while the machine runs: on a terminal one progress line that is drawn over, elsewhere a statistics
 * line every few seconds. Both take the same snapshots, as often as the caller likes.
 */
import { SingleBar } from 'cli-progress';
import type { Paint } from './paint.js';
import { type SoakStat, type StatSnapshot, statSince } from './stat.js';
import { formatTransitionCounts, statLine } from './text.js';
import { formatCount, formatElapsed, formatRate, ratio } from './units.js';

export type LiveStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export interface LiveOptions {
  /** Where the progress bar is full. */
  readonly durationSeconds: number;
  /** Seconds of the run between two statistics lines. */
  readonly statSeconds: number;
  readonly paint: Paint;
}

export interface Live {
  update(now: StatSnapshot): void;
  /** Lines that stay, such as a violation at the moment it is found. */
  note(text: string): void;
  /** Takes the progress line away; nothing is shown after. Must be called, or its timer keeps the process. */
  stop(): void;
}

export function createLive(stream: LiveStream, options: LiveOptions): Live {
  return stream.isTTY === true ? progressLine(stream, options) : statLines(stream, options);
}

function statLines(stream: LiveStream, { statSeconds, paint }: LiveOptions): Live {
  let last: StatSnapshot | null = null;
  let stopped = false;
  return {
    update(now) {
      if (stopped || now.elapsedSeconds - (last?.elapsedSeconds ?? 0) < statSeconds) return;
      stream.write(`${statLine(statSince(last, now), paint)}\n`);
      last = now;
    },
    note(text) {
      stream.write(`${text}\n`);
    },
    stop() {
      stopped = true;
    },
  };
}

function progressLine(stream: LiveStream, { durationSeconds }: LiveOptions): Live {
  /* linewrap true: cut to the width of the terminal and leave its settings alone. The command line handles signals. */
  const bar = new SingleBar({
    stream,
    format: '[{bar}] {line}',
    barsize: 10,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    fps: 4,
    linewrap: true,
    clearOnComplete: true,
    gracefulExit: false,
  });
  const total = Math.max(durationSeconds, 1e-3);
  let last: StatSnapshot | null = null;
  let line = 'booting';
  let value = 0;
  let stopped = false;
  bar.start(total, value, { line });
  return {
    update(now) {
      if (stopped) return;
      line = progressText(statSince(last, now), durationSeconds);
      value = Math.min(now.elapsedSeconds, total);
      bar.update(value, { line });
      last = now;
    },
    note(text) {
      /* The bar remembers the row on which it began: it has to begin again below. */
      if (!stopped) bar.stop();
      stream.write(`${text}\n`);
      if (!stopped) bar.start(total, value, { line });
    },
    stop() {
      if (!stopped) bar.stop();
      stopped = true;
    },
  };
}

/**
 * Without colours: it is cut at the terminal's edge, where an escape sequence could be cut in two. What matters most
 * stands first.
 */
function progressText(stat: SoakStat, durationSeconds: number): string {
  const { counts: c } = stat;
  const words = [
    `${formatElapsed(stat.elapsedSeconds)}/${formatElapsed(durationSeconds)}`,
    `violations ${formatCount(c.violations)}`,
  ];
  if (c.suspicions > 0) words.push(`suspicions ${formatCount(c.suspicions)}`);
  words.push(
    `calls ${formatRate(ratio(stat.delta.tracedCalls, stat.intervalSeconds))}`,
    `klp ${formatTransitionCounts(stat)}`,
  );
  if (stat.hotplug) {
    const done = c.onlineSuccesses + c.offlineSuccesses;
    words.push(`onoff ${formatCount(done)}/${formatCount(c.onlineAttempts + c.offlineAttempts)}`);
  }
  return words.join('  ');
}
