// SPDX-License-Identifier: GPL-2.0-only
/** Worker entry points of a campaign: what needs a machine is done here, so that what goes wrong with it ends a worker. */
import {
  type BatchFault,
  type BatchResult,
  type BatchTask,
  measured,
  runBatch,
} from '../src/explore/batch.js';
import { type Study, type StudyTask, study } from '../src/explore/study.js';
import type { Subject } from '../src/explore/subject.js';
import { faultText } from '../src/util/fault.js';

/** One batch of executions. What is thrown is no death of this worker, and told apart from that. */
export default async function explore(task: BatchTask): Promise<BatchResult | BatchFault> {
  try {
    return await runBatch(task);
  } catch (error) {
    return { fault: faultText(error) };
  }
}

/** How long executions are. */
export function measure(subject: Subject): Promise<Subject> {
  return measured(subject);
}

/** A finding made smaller and explained. */
export function explain(task: StudyTask): Promise<Study | null> {
  return study(task);
}
