// SPDX-License-Identifier: GPL-2.0-only
/** Ctrl-C: the first ends a run in order, the second at once. */
import { EXIT } from './exit.js';
import type { Io } from './io.js';
import { writeJsonError } from './json_error.js';

/** The first Ctrl-C ends the run in order, with its report; the second leaves at once. */
export function listenForInterrupts(
  io: Io,
  onFirst: () => void,
): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      io.stderr.write('klptorture: left without a report\n');
      writeJsonError(io, 'interrupted', ['left without a report']);
      process.exit(EXIT.inconclusive);
    }
    controller.abort();
    onFirst();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
