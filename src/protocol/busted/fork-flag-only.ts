// SPDX-License-Identifier: GPL-2.0-only

import { KLP_UNDEFINED } from '../../kernel/abi/constants.js';
import { task_struct } from '../../kernel/abi/structs.js';
import type { Kernel, Task } from '../../kernel/kernel.js';
import type { Protocol } from '../../kernel/livepatch/protocol.js';
import { WRITE_ONCE } from '../../mem/heap.js';
import { copy_flag_and_state } from '../idle_steps.js';
import { mainline_6_12 } from '../mainline-6.12.js';

function copy_flag(k: Kernel, child: Task): void {
  copy_flag_and_state(k, child);
  WRITE_ONCE(k, child, task_struct.patch_state, KLP_UNDEFINED);
}

export const busted_fork_flag_only: Protocol = {
  ...mainline_6_12,
  id: 'busted-fork-flag-only',
  author: 'klptorture',
  date: '2026',
  source: 'klp_copy_process without its last line',
  expected: 'fail: KLP-UNDEF, KLP-STRAY-SWITCH',
  idea: 'A child gets the flag of its parent and no state.',
  objection:
    'It meets functions in transition with an undefined state, for the flag alone says nothing about the side.',
  copy_process: copy_flag,
};
