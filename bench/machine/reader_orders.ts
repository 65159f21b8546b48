// SPDX-License-Identifier: GPL-2.0-only
/** What passes between the host and the workers that contend for the reader side of a lock. */
import type { ControlRole } from '../../src/kernel/abi/actors.js';
import type { MachineShared } from '../../src/machine/view.js';

export interface ReaderTask {
  readonly shared: MachineShared;
  readonly role: ControlRole;
  readonly gate: SharedArrayBuffer;
}

export interface ReaderOrder {
  readonly flavour: 'percpu' | 'refcount';
  /** Number of the round, from 1 on, and how many readers take part. */
  readonly round: number;
  readonly readers: number;
  /** The first reader that has made so many ends the round for all. */
  readonly sections: number;
}

export interface ReaderReply {
  readonly ns: number;
  readonly sections: number;
}

/** Words of the gate: arrivals of all rounds, and the last round that is over. */
export const ARRIVED = 0;
export const OVER = 1;
export const GATE_BYTES = 8;
