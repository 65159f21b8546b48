// SPDX-License-Identifier: GPL-2.0-only
/** wake_up wakes all waiters that are not exclusive and as many exclusive ones as it is told, oldest first. */
import { expect, it } from 'vitest';
import { TASK_RUNNING, TASK_UNINTERRUPTIBLE } from '#src/kernel/abi/constants.js';
import { _THIS_IP_ } from '#src/kernel/abi/lock_classes.js';
import { task_struct } from '#src/kernel/abi/structs.js';
import {
  __add_wait_queue_entry_tail_exclusive,
  init_wait_entry,
  own_wait_entry,
  prepare_to_wait,
  WAKE_AUTOREMOVE,
  waitqueue_active,
  wake_up,
} from '#src/kernel/locking/wait.js';
import { set_current_state } from '#src/kernel/sched/wait_task.js';
import { READ_ONCE } from '#src/mem/heap.js';
import { embedded } from '#src/mem/layout.js';
import { createLab, lab_area, labArea, labKernel } from '../support/locking/lab.js';

const ip = _THIS_IP_.test;

it('stops after the exclusive waiters it was asked for', () => {
  const lab = createLab({ actors: 5 });
  const wq = embedded(labArea(lab), lab_area.wq);
  const ks = [0, 1, 2, 3].map((actor) => labKernel(lab, actor));
  const waker = labKernel(lab, 4);
  ks.forEach((k, i) => {
    init_wait_entry(k, own_wait_entry(k), WAKE_AUTOREMOVE);
    if (i === 3) {
      prepare_to_wait(k, wq, own_wait_entry(k), TASK_UNINTERRUPTIBLE, ip);
    } else {
      __add_wait_queue_entry_tail_exclusive(k, wq, own_wait_entry(k));
      set_current_state(k, TASK_UNINTERRUPTIBLE);
    }
  });
  const awake = () => ks.map((k) => READ_ONCE(k, k.current, task_struct.__state) === TASK_RUNNING);
  wake_up(waker, wq, 1, 0, ip);
  expect(awake()).toEqual([true, false, false, true]);
  wake_up(waker, wq, 2, 0, ip);
  expect(awake()).toEqual([true, true, true, true]);
  expect(waitqueue_active(waker, wq)).toBe(false);
});

it('gives the wake-up to the next one if the first is awake already', () => {
  const lab = createLab({ actors: 3 });
  const wq = embedded(labArea(lab), lab_area.wq);
  const [first, second, waker] = [labKernel(lab, 0), labKernel(lab, 1), labKernel(lab, 2)];
  for (const k of [first, second]) {
    init_wait_entry(k, own_wait_entry(k), WAKE_AUTOREMOVE);
    __add_wait_queue_entry_tail_exclusive(k, wq, own_wait_entry(k));
    set_current_state(k, k === first ? TASK_RUNNING : TASK_UNINTERRUPTIBLE);
  }
  wake_up(waker, wq, 1, 0, ip);
  expect(READ_ONCE(second, second.current, task_struct.__state)).toBe(TASK_RUNNING);
  expect(waitqueue_active(waker, wq)).toBe(true);
});
