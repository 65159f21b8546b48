// SPDX-License-Identifier: GPL-2.0-only
/** Statistics that every actor keeps and the host reads: 64-bit floats in shared memory, one block per actor. */

export const COUNTER = {
  syscalls: 0,
  /** Calls of traceable functions. */
  traced_calls: 1,
  /** Calls of klp_ftrace_handler for a function outside a transition, and in one: each is counted once. */
  handler_settled: 2,
  handler_transition: 3,
  steps: 4,
  context_switches: 5,
  idle_passes: 6,
  forks: 7,
  exits: 8,
  ipis: 9,
  preemptions: 10,
  throttles: 11,
  throttle_ns: 12,
  halt_ns: 13,
  timers: 14,
  migrations: 15,
  fork_failures: 16,
  switched_self: 17,
  switched_stack: 18,
} as const;
export type CounterName = keyof typeof COUNTER;
export const NR_COUNTERS = 32;

/** One actor's block. Written by that actor only. */
export type Counters = Float64Array;
