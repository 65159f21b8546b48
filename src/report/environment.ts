// SPDX-License-Identifier: GPL-2.0-only
/** Where a run took place: numbers mean little without it. */
import os from 'node:os';
import type { Environment } from './result.js';

export function readEnvironment(): Environment {
  return {
    node: process.version,
    cpuModel: os.cpus()[0]?.model.trim() || 'unknown',
    cores: os.availableParallelism(),
    platform: `${process.platform}-${process.arch} ${os.release()}`,
    memoryBytes: os.totalmem(),
  };
}
