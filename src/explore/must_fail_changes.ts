// SPDX-License-Identifier: GPL-2.0-only
/** Of the must-fail set, what no protocol does: a changed line for each code, and what cannot be shown that way. */
import type { MustFail } from './must_fail.js';

const UP_DOWN = { scenario: 'hotplug', explore: { online: 2, hotplug: 3, livepatch: 1 } } as const;
const REVERSE = { scenario: 'forkstorm', explore: { reverse: 1, livepatch: 1 } } as const;
/** Transitions that somebody forces, whose start fails, or that need a signal. */
const FORCED = { scenario: 'forced', explore: { hotplug: 0, fail: 0, reverse: 0, force: 1 } } as const;
const FAILING = { scenario: 'forced', explore: { hotplug: 0, fail: 0.7, livepatch: 3 } } as const;
const SIGNALLED = { scenario: 'forced', explore: { hotplug: 0, fail: 0, force: 0, livepatch: 1 } } as const;
const FORK = { scenario: 'forkstorm', explore: { reverse: 0, livepatch: 2 } } as const;
const NEWEST = { protocol: 'mainline-6.12', scheduler: 'mix' } as const;

const LIVEPATCH = 'src/kernel/livepatch';
const HOTPLUG = 'src/kernel/cpu/hotplug.ts';

/** `edits`: file, what stands there once, what it becomes. */
function changed(
  code: string,
  about: string,
  edits: readonly (readonly [file: string, from: string, to: string])[],
  place: Pick<MustFail, 'scenario' | 'explore'> & Partial<Pick<MustFail, 'protocol'>> = UP_DOWN,
  executions = 64,
): MustFail {
  const change = edits.map(([file, from, to]) => ({ file, from, to }));
  return { ...NEWEST, name: code.toLowerCase(), about, ...place, change, executions, codes: [code] };
}

export const changedKernels: readonly MustFail[] = [
  changed(
    'KLP-SWITCH-ON-STACK',
    'the stack check looks for the functions of the other direction',
    [
      [
        `${LIVEPATCH}/stack.ts`,
        'klp_target_state) === KLP_UNPATCHED)',
        'klp_target_state) !== KLP_UNPATCHED)',
      ],
    ],
    REVERSE,
    256,
  ),
  changed(
    'KLP-INCOMPLETE',
    'the tasks are walked without tasklist_lock: a child is missed',
    [
      [`${LIVEPATCH}/transition.ts`, '  read_lock(k, list, _THIS_IP_.klp_try_complete_transition);\n', ''],
      [`${LIVEPATCH}/transition.ts`, '  read_unlock(k, list);\n  const idle_done', '  const idle_done'],
    ],
    FORK,
    256,
  ),
  changed(
    'KLP-TIF-LEFT',
    'a transition is forced by writing the states alone: flags stay',
    [
      [
        `${LIVEPATCH}/transition.ts`,
        'p = next_task(k, p)) __klp_update_patch_state(k, p, HOW.force);',
        'p = next_task(k, p))\n    WRITE_ONCE(k, p, task_struct.patch_state, klp_target_state(k));',
      ],
    ],
    FORCED,
  ),
  changed(
    'KLP-STALE',
    'enabling that fails is given up without a reset of the states',
    [
      [
        `${LIVEPATCH}/transition.ts`,
        '  WRITE_ONCE(k, k.g, vmlinux.klp_target_state, KLP_UNPATCHED);\n  klp_complete_transition(k);',
        '  WRITE_ONCE(k, k.g, vmlinux.klp_target_state, KLP_UNDEFINED);\n  const id = transition_id(k);\n  trace(k, EV.klp_complete, id, KLP_UNPATCHED, 0);\n  WRITE_ONCE(k, k.g, vmlinux.klp_transition_patch, NULL);\n  trace(k, EV.klp_completed, id, KLP_UNPATCHED, 0);',
      ],
    ],
    FAILING,
  ),
  changed(
    'KLP-SIGNALS',
    'those get a signal that have switched, and those that have not get none',
    [
      [
        `${LIVEPATCH}/transition.ts`,
        'if (!klp_patch_pending(k, p)) continue;',
        'if (klp_patch_pending(k, p)) continue;',
      ],
    ],
    SIGNALLED,
  ),
  changed('KLP-REMOVED', 'the functions are on their stacks before the states are set', [
    [`${LIVEPATCH}/core.ts`, '  klp_init_transition(k, patch, KLP_PATCHED);\n', ''],
    [
      `${LIVEPATCH}/core.ts`,
      '  klp_start_transition(k);\n  store(k, patch, klp_patch.enabled, 1);',
      '  klp_init_transition(k, patch, KLP_PATCHED);\n  klp_start_transition(k);\n  store(k, patch, klp_patch.enabled, 1);',
    ],
  ]),
  changed('CPUHP-RAN-OFFLINE', 'a CPU that is booted does not start from its first state', [
    [
      'src/kernel/cpu/hotplug_ap.ts',
      'percpu.boot_word) !== 0 && !cpu_online(k, k.actor)',
      'percpu.boot_word) !== 0 && cpu_online(k, k.actor)',
    ],
  ]),
  changed(
    'CPUHP-DISABLED',
    'cpu_up does not look whether hotplug is disabled',
    [
      [
        HOTPLUG,
        'cpu_hotplug_disabled) !== 0) err = -EBUSY;\n  else err = _cpu_up',
        'cpu_hotplug_disabled) < 0) err = -EBUSY;\n  else err = _cpu_up',
      ],
    ],
    { ...UP_DOWN, protocol: 'hotplug-disabled' },
  ),
  changed('KLP-WARN', 'the handler takes every stack of functions for an empty one', [
    [`${LIVEPATCH}/handler.ts`, 'if (first === NONE)', 'if (first !== NONE)'],
  ]),
  changed('KLP-ORDER', 'a completion does not wait for the tasks that are left', [
    [
      `${LIVEPATCH}/transition.ts`,
      'const complete = remaining === 0 &&',
      'const complete = remaining >= 0 &&',
    ],
    [`${LIVEPATCH}/transition.ts`, 'complete ? 0 : remaining + (idle_done ? 0 : 1) || 1', 'remaining'],
  ]),
  changed('KLP-FUNCS', 'the functions stay on their stacks when a patch is removed', [
    [
      `${LIVEPATCH}/patch.ts`,
      'if (load(k, func, klp_func.patched) !== 0) klp_unpatch_func(k, func);',
      'if (load(k, func, klp_func.patched) === 0) klp_unpatch_func(k, func);',
    ],
  ]),
  changed(
    'KLP-TARGET',
    'a reversal does not turn round',
    [[`${LIVEPATCH}/transition.ts`, '    flip_target(k, patch, from);\n    /*', '    /*']],
    REVERSE,
  ),
  changed('KLP-SPURIOUS-REFUSAL', 'memory for a function is taken for missing', [
    [`${LIVEPATCH}/core.ts`, 'if (func === NULL) return NULL;', 'if (Boolean(func)) return NULL;'],
  ]),
  changed('KLP-UAF', 'a module is freed while its code is in use', [
    [
      `${LIVEPATCH}/transition.ts`,
      'if (load(k, patch, klp_patch.enabled) === 0) klp_free_patch_async',
      'if (load(k, patch, klp_patch.enabled) !== 0) klp_free_patch_async',
    ],
  ]),
  changed('KLP-LEAK', 'a module that may go is kept', [
    [
      `${LIVEPATCH}/core.ts`,
      'if (load(k, patch, klp_patch.mod_refcnt) !== 0) return false;',
      'if (load(k, patch, klp_patch.mod_refcnt) === 0) return false;',
    ],
  ]),
  changed('CPUHP-SPURIOUS-EBUSY', 'hotplug is taken for disabled', [
    [
      HOTPLUG,
      'if (load(k, k.g, vmlinux.cpu_hotplug_disabled) !== 0) err = -EBUSY;\n  else if (!may_go_down(k))',
      'if (load(k, k.g, vmlinux.cpu_hotplug_disabled) === 0) err = -EBUSY;\n  else if (!may_go_down(k))',
    ],
  ]),
  changed('CPUHP-RESULT', 'cpu_up leaves the CPU down and reports success', [
    [HOTPLUG, 'percpu.cpuhp_state) < CPUHP_ONLINE', 'percpu.cpuhp_state) > CPUHP_ONLINE'],
  ]),
  changed('CPUHP-UNLOCKED', 'a CPU comes up without the hotplug lock', [
    [HOTPLUG, '  cpus_write_lock(k, _THIS_IP_.cpu_up);\n', ''],
    [
      HOTPLUG,
      '  cpus_write_unlock(k);\n  return err;\n}\n\n/** The PREPARE',
      '  return err;\n}\n\n/** The PREPARE',
    ],
  ]),
  changed(
    'CPUHP-UNBALANCED',
    'hotplug is enabled twice',
    [
      [
        'src/protocol/hotplug-disabled.ts',
        '  cpu_hotplug_enable(k);\n',
        '  cpu_hotplug_enable(k);\n  cpu_hotplug_enable(k);\n',
      ],
    ],
    { ...UP_DOWN, protocol: 'hotplug-disabled' },
  ),
  changed('PROG-HUNG-CONTROL', 'the CPU that is to come up is woken and finds no word that it should', [
    [
      HOTPLUG,
      'smp_store_release(k, st, percpu.boot_word, 1)',
      'smp_store_release(k, st, percpu.boot_word, 0)',
    ],
  ]),
  changed('LOCKDEP-RECURSION', 'cpu_add_remove_lock is taken twice', [
    [
      HOTPLUG,
      '  cpu_maps_update_begin(k, _THIS_IP_.cpu_down);\n',
      '  cpu_maps_update_begin(k, _THIS_IP_.cpu_down);\n  cpu_maps_update_begin(k, _THIS_IP_.cpu_down);\n',
    ],
  ]),
  changed('LOCKDEP-READ-RECURSION', 'the hotplug lock is taken twice for reading', [
    [
      'src/protocol/mainline.ts',
      '  cpus_read_lock(k, _THIS_IP_.klp_try_complete_transition);\n',
      '  cpus_read_lock(k, _THIS_IP_.klp_try_complete_transition);\n  cpus_read_lock(k, _THIS_IP_.klp_try_complete_transition);\n',
    ],
    [
      'src/protocol/mainline.ts',
      '  cpus_read_unlock(k);\n',
      '  cpus_read_unlock(k);\n  cpus_read_unlock(k);\n',
    ],
  ]),
  changed('LOCKDEP-SLEEP', 'the task list is given back after the wait that follows it', [
    [
      `${LIVEPATCH}/transition.ts`,
      '  read_unlock(k, list);\n  const idle_done = k.protocol.try_complete_idle(k);\n',
      '  const idle_done = k.protocol.try_complete_idle(k);\n  read_unlock(k, list);\n',
    ],
  ]),
  changed('LOCKDEP-UNBALANCED', 'a lock is given back that was not taken', [
    ['src/kernel/ftrace/ftrace.ts', '  mutex_lock(k, text, _THIS_IP_.text_poke);\n', ''],
  ]),
  changed('KLP-DATA-RACE', 'ops are freed under the handlers that run on them', [
    ['src/kernel/ftrace/ftrace.ts', '  schedule_on_each_cpu(k, WORK_RUDE_GP);\n', ''],
  ]),
  changed('SLAB-DOUBLE-FREE', 'ops are freed twice', [
    [
      `${LIVEPATCH}/patch.ts`,
      '    kmem_cache_free(k, embedded(k.g, vmlinux.klp_ops_cache), ops);\n  } else {',
      '    kmem_cache_free(k, embedded(k.g, vmlinux.klp_ops_cache), ops);\n    kmem_cache_free(k, embedded(k.g, vmlinux.klp_ops_cache), ops);\n  } else {',
    ],
  ]),
  changed('SLAB-USE-AFTER-FREE', 'a patch is looked at after it has been freed', [
    [
      `${LIVEPATCH}/core.ts`,
      '  kmem_cache_free(k, embedded(k.g, vmlinux.module_cache), text);\n  return true;',
      '  kmem_cache_free(k, embedded(k.g, vmlinux.module_cache), text);\n  return load(k, patch, klp_patch.id) >= 0;',
    ],
  ]),
  changed('EXPLORE-DEADLOCK', 'nobody wakes the cpuhp thread', [
    [HOTPLUG, '  wake_up_process(k, load(k, st, percpu.cpuhp_thread), _THIS_IP_.cpu_up);\n', ''],
  ]),
  changed('EXPLORE-LIVELOCK', 'a halted CPU is not woken by an interrupt', [
    [
      'src/kernel/cpu/ipi.ts',
      '  if (READ_ONCE(k, target, percpu.halted) !== 0) futex_wake(k, target, percpu.ipi, 1);\n',
      '',
    ],
  ]),
  changed('KERNEL-BUG', 'a handler throws', [
    [`${LIVEPATCH}/handler.ts`, '  let new_pc = pc;\n', '  let new_pc = new Array<number>(-1).length;\n'],
  ]),
];

/** Codes that no entry is made to show, and why: each is shown by a trace that is made by hand, in test/busted. */
export const byTraceOnly: Readonly<Record<string, string>> = {
  'KLP-MIX': 'what mixes versions in one system call breaks KLP-SWITCH-ON-STACK or KLP-WRONG-VERSION first',
  'KLP-HELD':
    'a removed function that is still on a stack was switched on it: KLP-SWITCH-ON-STACK comes first',
  'KLP-STRAY-SWITCH':
    'a task that switches unasked leaves its flag or its side wrong, which is told of first',
  'KLP-STACK-ORDER': 'there are no modules that come late, and a function that is put twice is refused',
  'TRACE-NESTING': 'calls and returns that do not fit come from a broken trace, not from a changed kernel',
  'KLP-OOPS':
    'text that is freed while it runs is a KLP-UAF, a pointer to nothing a KERNEL-BUG; no change writes bad text',
  'CPUHP-OVERLAP': 'one control path makes all hotplug operations',
  'CPUHP-STRAY-CHANGE': 'the mask is written by what cpu_up and cpu_down call, and by nothing else',
  'PROG-HUNG-CPU': 'a CPU sleeps where it is idle or offline only; one that spins is an EXPLORE-LIVELOCK',
  'LOCKDEP-HELD': 'a lock that is kept is asked for again before the end: LOCKDEP-RECURSION, or a deadlock',
};
