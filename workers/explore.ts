// SPDX-License-Identifier: GPL-2.0-only
/** Worker entry points of a campaign: what needs a machine is done here, so that what goes wrong with it ends a worker. */
import { type BatchResult, type BatchTask, measured, runBatch } from '../src/explore/batch.js';
import { type Study, type StudyTask, study } from '../src/explore/study.js';
import type { Subject } from '../src/explore/subject.js';

/** One batch of executions. */
export default function explore(task: BatchTask): Promise<BatchResult> {
  return runBatch(task);
}

/** How long executions are. */
export function measure(subject: Subject): Promise<Subject> {
  return measured(subject);
}

/** A finding made smaller and explained. */
export function explain(task: StudyTask): Promise<Study | null> {
  return study(task);
}
