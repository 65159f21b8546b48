// SPDX-License-Identifier: GPL-2.0-only
/** Worker entry point of one actor of the replays on threads: it lives as long as their machine. */

import type { TokenShared } from '../src/engine/threads/token_words.js';
import { runTokenActor } from '../src/engine/threads/token_worker.js';

export default function token(task: { shared: TokenShared; actor: number }): Promise<void> {
  return runTokenActor(task.shared, task.actor);
}
