// SPDX-License-Identifier: GPL-2.0-only
import { TIF_PATCH_PENDING } from '../kernel/abi/constants.js';
import { task_struct } from '../kernel/abi/structs.js';
import type { Kernel, Task } from '../kernel/kernel.js';
import type { Protocol } from '../kernel/livepatch/protocol.js';
import { klp_target_state } from '../kernel/livepatch/transition.js';
import { clear_tsk_thread_flag, set_tsk_thread_flag } from '../kernel/sched/thread_flags.js';
import { READ_ONCE } from '../mem/heap.js';
import { copy_state } from './idle_steps.js';
import { mainline_6_12 } from './mainline-6.12.js';

function copy_process_by_target(k: Kernel, child: Task): void {
  copy_state(k, child);
  const state = READ_ONCE(k, child, task_struct.patch_state);
  if (state !== klp_target_state(k)) set_tsk_thread_flag(k, child, TIF_PATCH_PENDING);
  else clear_tsk_thread_flag(k, child, TIF_PATCH_PENDING);
}

export const fork_fix_v1: Protocol = {
  ...mainline_6_12,
  id: 'fork-fix-v1',
  author: 'Rik van Riel',
  date: '2022-07-20',
  source: 'v1 of 747f7a290117, <20220720121023.043738bb@imladris.surriel.com>',
  expected: 'fail: KLP-TIF-LEFT, at the very end of a transition',
  idea: 'A child whose state differs from klp_target_state gets the flag.',
  objection:
    'While a transition ends the states are undefined before the target is: the child keeps a flag (Petr Mladek).',
  copy_process: copy_process_by_target,
};
