// SPDX-License-Identifier: GPL-2.0-only
/** Sizes that a scenario may have. What they protect stands beside them; the schema and its document quote them. */

export const limits = {
  /** A larger file is refused before it is read. */
  fileBytes: 1024 * 1024,
  /** A cpumask is one word. */
  cpus: 32,
  /** The task table's size. */
  tasks: 1_000_000,
  spareTasks: 100_000,
  functions: 4096,
  /** Steps of one body. A conditional step skips by an 8-bit distance, text addresses have 24 bits. */
  steps: 256,
  patches: 16,
  programs: 64,
  /** Frames of the deepest call chain. The stack check copies 100 entries. */
  frames: 64,
  /** Wait queues of the workload. */
  channels: 16,
  /** Turns of a work step. There is no preemption inside one: this is about a millisecond. */
  workUnits: 1_000_000,
  /** One hour. An operand has 24 bits. */
  sleepMs: 3_600_000,
  /** Draws have 16 bits. */
  minChance: 0.00002,
  maxWeight: 1_000_000,
  lifetime: 1_000_000_000,
  retryMs: 60_000,
  sliceSteps: [16, 1_000_000],
  traceRecords: [4096, 1_048_576],
  pauseMs: 600_000,
  holdUs: 1_000_000,
  /** A week. */
  durationS: 604_800,
  hungS: 3600,
  seed: 0xffffffff,
  nameLength: 64,
  /** Aliases that a YAML file may expand to: more is an attack on memory, not a scenario. */
  aliases: 1000,
  /** Problems printed; the rest is counted. */
  problems: 50,
} as const;
