// SPDX-License-Identifier: GPL-2.0-only
/** Small programs from a seed: all kinds of operations, some made only if the last read gave 0. */
import { Rng } from '#src/util/rng.js';
import * as ops from './program.js';

export interface ProgramSize {
  readonly actors: number;
  /** Operations of an actor at most. */
  readonly operations: number;
  readonly words: number;
  /** With futex operations. */
  readonly sleeps?: boolean;
}

interface Draft {
  readonly kind: number;
  readonly addr: number;
  readonly other: number;
  readonly value: number;
  readonly wanted: number;
  readonly conditional: boolean;
}

const VALUES = 3;

export function randomProgram(
  seed: number,
  { actors, operations, words, sleeps = false }: ProgramSize,
): ops.Program {
  const rng = new Rng(seed);
  const draft = (): Draft => ({
    kind: rng.below(sleeps ? 9 : 7),
    addr: rng.below(words),
    other: rng.below(words),
    value: rng.below(VALUES),
    wanted: rng.below(VALUES),
    conditional: rng.chance(0.2),
  });
  const drafts = Array.from({ length: actors }, () =>
    Array.from({ length: 1 + rng.below(operations) }, draft),
  );
  return {
    words: new Array<number>(words).fill(0),
    actors: drafts.map((mine) => () => run(mine)),
  };
}

function* run(drafts: readonly Draft[]): ops.Actor {
  let last = 0;
  for (const draft of drafts) {
    if (draft.conditional && last === 0) continue;
    last = yield operation(draft);
  }
}

function operation({ kind, addr, other, value, wanted }: Draft): ops.Op {
  switch (kind) {
    case 0:
      return ops.read(addr);
    case 1:
    case 2:
      return ops.write(addr, value);
    case 3:
      return ops.exchange(addr, value);
    case 4:
      return ops.compareExchange(addr, wanted, value);
    case 5:
      return ops.until([addr], (now) => now(addr) === value);
    case 6:
      if (addr === other) return ops.work();
      return ops.until([addr, other], (now) =>
        wanted === 0
          ? now(addr) === value || now(other) === wanted
          : now(addr) === value && now(other) === wanted,
      );
    case 7:
      return ops.sleep(addr, value);
    default:
      return ops.wake(addr);
  }
}
