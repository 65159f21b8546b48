// SPDX-License-Identifier: GPL-2.0-only
/** Changes that look like bugs and are none: a tool that reports one of them is wrong. */
import type { KnownBug } from '../bugs.js';

export const equivalents: readonly KnownBug[] = [
  {
    id: 'EQ1',
    title: 'no KLP_R_FUNC: the address dependency and KLP_R_STATE order the same',
    needs: 'none',
    change: { patch: 'EQ1' },
    scenario: { name: 'default' },
    expected: [],
    soaks: false,
    source: 'kernel/livepatch/patch.c, klp_ftrace_handler',
  },
  {
    id: 'EQ2',
    title: 'no KLP_W_ENABLE: publication is a release',
    needs: 'none',
    change: { patch: 'EQ2' },
    scenario: { name: 'default' },
    expected: [],
    soaks: false,
    source: 'kernel/livepatch/core.c, __klp_enable_patch',
  },
  {
    id: 'EQ3',
    title: 'no KLP_W_INIT when patching: publication is a release',
    needs: 'none',
    change: { patch: 'EQ3' },
    scenario: { name: 'default' },
    expected: [],
    soaks: false,
    source: 'kernel/livepatch/transition.c, klp_init_transition',
  },
  {
    id: 'EQ4',
    title: 'no KLP_R_STATE when patching: KLP_R_FUNC orders the same',
    needs: 'none',
    change: { patch: 'EQ4' },
    scenario: { name: 'default' },
    expected: [],
    soaks: false,
    source: 'kernel/livepatch/patch.c, klp_ftrace_handler',
  },
  {
    id: 'EQ5',
    title: 'klp_target_state is written after KLP_W_INIT: the next write barrier orders the same',
    needs: 'none',
    change: { patch: 'EQ5' },
    scenario: { name: 'default' },
    expected: [],
    soaks: false,
    source: 'kernel/livepatch/transition.c, klp_init_transition',
  },
  {
    id: 'EQ6',
    title: 'the stack check writes the state before it clears the flag: the task does not run',
    needs: 'none',
    change: { patch: 'EQ6' },
    scenario: { name: 'default' },
    expected: [],
    soaks: false,
    source: 'kernel/livepatch/transition.c, klp_check_and_switch_task',
  },
  {
    id: 'cr-reverse-flips-under-stack-check',
    title: 'the target flips before the flags are cleared: a data race, and no outcome differs',
    needs: 'none',
    change: { patch: 'cr-reverse-flips-under-stack-check' },
    scenario: { name: 'default' },
    expected: [],
    soaks: false,
    source: '<Y+zefMw6wqaXHZSz@alley>',
  },
  {
    /*
     * Whoever frees the chosen function has first seen the task switch, and by then no handler of the task runs: it
     * switches itself outside of handlers only; others look at its stack only while it is off its CPU, which a task in a
     * handler is not (in Linux one that was preempted there has registers on its stack, which makes it unreliable); and a
     * removal by force keeps the module for good. Before there was a state for each task this was a bug.
     */
    id: 'new-func-read-late',
    title: 'the handler reads func->new_func alone after it has turned preemption on',
    needs: 'none',
    change: { patch: 'new-func-read-late' },
    scenario: { name: 'handlers', explore: { cpus: 1, tasks: 2, syscalls: 20, livepatch: 4 } },
    expected: [],
    soaks: false,
    source: 'kernel/livepatch/patch.c, klp_ftrace_handler; what is left of klp-func-used-after-rcu',
  },
  {
    id: 'M20',
    also: ['hotplug-disable-whole-transition'],
    title: 'hotplug is disabled for the whole transition: it costs refused operations and breaks no rule',
    needs: 'none',
    change: { protocol: 'hotplug-disabled' },
    scenario: { name: 'hotplug' },
    expected: [],
    soaks: false,
    source: 'Re: [PATCH v3 13/15], 2017-01-10',
  },
];
