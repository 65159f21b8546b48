// SPDX-License-Identifier: GPL-2.0-only
/**
 * Ctrl-C, SIGTERM, and a terminal that goes away: the first ends a run in order, the second at once. There is no moment
 * from the start of a command to the end of its report at which one does something else: before the run it leaves, with
 * nothing that could be told; after it the report, which is being written, is left alone.
 */
import { EXIT } from './exit.js';
import type { Io } from './io.js';
import { writeJsonError } from './json_error.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What a signal does now; null: what it does to any program. */
let handler: (() => void) | null = null;
/** The process is that of one command. */
let isProgram = false;

function onSignal(): void {
  handler?.();
}

function listen(to: () => void): void {
  if (handler === null) for (const name of SIGNALS) process.on(name, onSignal);
  handler = to;
}

/** From the start of a command that runs for long, and gives way to signals while it does. */
export function listenEarly(io: Io): void {
  isProgram = true;
  listen(() => leave(io, 'interrupted before anything was run'));
}

/** The first one ends the run in order, with its report; the second leaves at once. */
export function listenForInterrupts(
  io: Io,
  onFirst: () => void,
): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  listen(() => {
    if (controller.signal.aborted) leave(io, 'left without a report');
    controller.abort();
    onFirst();
  });
  return {
    signal: controller.signal,
    stop: () => {
      if (isProgram) listen(reportIsWritten());
      else {
        for (const name of SIGNALS) process.off(name, onSignal);
        handler = null;
      }
    },
  };
}

/** A reader that does not read would keep it for ever: the second one does not wait. */
function reportIsWritten(): () => void {
  let asked = 0;
  return () => {
    if (++asked > 1) process.exit(EXIT.inconclusive);
  };
}

function leave(io: Io, why: string): never {
  io.stderr.write(`klptorture: ${why}\n`);
  writeJsonError(io, 'interrupted', [why]);
  process.exit(EXIT.inconclusive);
}
