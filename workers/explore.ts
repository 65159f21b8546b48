// SPDX-License-Identifier: GPL-2.0-only
/** Worker entry point of a campaign: one batch of executions at a time. */
import { type BatchResult, type BatchTask, runBatch } from '../src/explore/batch.js';

export default function explore(task: BatchTask): Promise<BatchResult> {
  return runBatch(task);
}
