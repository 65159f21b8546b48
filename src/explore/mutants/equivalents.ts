// SPDX-License-Identifier: GPL-2.0-only
/** Mutants that no tool may report, with the proof. What is found of them is a mistake of the tool. */
import type { Operator } from './operators.js';

interface Equivalent {
  readonly operator: Operator;
  readonly file: string;
  readonly fn: string;
  /** Part of the text that changes. */
  readonly before: string;
  /** Numbers at the end of the names, where the text alone does not tell it apart; by default all. */
  readonly n?: readonly number[];
  readonly why: string;
}

type Row = readonly [operator: Operator, fn: string, before: string, why: string, n?: readonly number[]];

function inFile(file: string, rows: readonly Row[]): Equivalent[] {
  return rows.map(([operator, fn, before, why, n]) => ({
    operator,
    file: `src/kernel/${file}`,
    fn,
    before,
    why,
    ...(n === undefined ? {} : { n }),
  }));
}

const NO_FLAG =
  'no task has a flag at that time, so nobody reads the target; sysfs reads the other word alone';
const NO_CHECK = 'obj->patched is read by stack checks, and no task has a flag at that time';
const NOT_RUNNING = 'the task does not run, so the order of its flag and its state does not matter (EQ6)';
const KLP_OPS = 'klp_ops is a list for who holds klp_mutex; handlers follow func_stack only';
const UNDER_KLP_MUTEX = 'every caller holds klp_mutex, which excludes the same';
const ONE_WRITER =
  'cpu_add_remove_lock lets one writer of the hotplug lock come at a time, so nobody waits there';
const UNDER_GP_WAIT = 'both under gp_wait.lock, which the callback takes before it looks';
const STATE_UNREAD = 'nobody reads the state meanwhile: the hotplug lock is held, and the other side waits';

const FULL_RMW = 'the read-modify-write beside it is fully ordered by itself';
const IN_TIME = 'who sleeps there looks again when its time is over: all that is lost is time';

export const equivalents: readonly Equivalent[] = [
  ...inFile('livepatch/handler.ts', [
    [
      'barrier-dropped',
      'klp_ftrace_handler',
      'KLP_R_FUNC',
      'the address dependency of the function on the head of its stack orders the same (EQ1)',
    ],
  ]),
  ...inFile('livepatch/core.ts', [
    [
      'barrier-dropped',
      '__klp_enable_patch',
      'KLP_W_ENABLE',
      'the publication on the stack of functions is a release (EQ2)',
    ],
  ]),
  ...inFile('livepatch/patch.ts', [
    ['write-moved', 'klp_unpatch_func', 'list_del_rcu(k, node)', KLP_OPS, [1]],
    [
      'write-moved',
      'klp_unpatch_func',
      'list_del_rcu(k, node)',
      'no handler runs on these ops any more, and the filter is for who holds klp_mutex',
      [2],
    ],
    [
      'write-moved',
      'klp_first_patch_func',
      'list_add_rcu',
      'the ops are not registered yet: no handler sees them',
      [1],
    ],
    [
      'write-moved',
      'klp_first_patch_func',
      'list_del_rcu',
      'the ops were never registered: no handler sees them',
    ],
    ['write-moved', 'klp_unpatch_object', 'klp_object.patched', NO_CHECK],
    ['write-moved', 'klp_patch_object', 'klp_object.patched', NO_CHECK],
  ]),
  ...inFile('livepatch/transition.ts', [
    ['write-moved', 'klp_init_transition', 'klp_init_us', 'reports alone read the time'],
    ['write-moved', 'klp_init_transition', 'klp_transition_patch', NO_FLAG],
    ['write-moved', 'klp_complete_transition', 'klp_target_state', NO_FLAG],
    [
      'write-moved',
      'klp_reset_task',
      'patch_state',
      'the test before is of the flag, which the write does not change',
    ],
    ['write-moved', 'flip_target', 'klp_target_state', 'patch->enabled is for who holds klp_mutex'],
  ]),
  ...inFile('livepatch/update.ts', [
    ['write-moved', 'check_and_switch', 'TIF_PATCH_PENDING', NOT_RUNNING],
    ['write-moved', 'check_and_switch', 'task_struct.patch_state', NOT_RUNNING],
    [
      'write-moved',
      '__klp_update_patch_state',
      'task_struct.patch_state',
      'preemption is off, so that nothing happens in between',
    ],
    ['write-moved', 'klp_switch_offline_idle', 'TIF_PATCH_PENDING', NOT_RUNNING],
  ]),
  ...inFile('ftrace/ftrace.ts', [
    ['lock-dropped', 'register_ftrace_function', 'mutex_lock', UNDER_KLP_MUTEX],
    ['lock-dropped', 'unregister_ftrace_function', 'mutex_lock', UNDER_KLP_MUTEX],
    ['lock-dropped', 'patch_site', 'mutex_lock', UNDER_KLP_MUTEX],
    [
      'wake-dropped',
      'text_poke',
      'smp_call_function_sync',
      'in this machine a fetch of an instruction sees the newest text (not so in Linux)',
    ],
  ]),
  ...inFile('cpu/hotplug.ts', [
    ['write-moved', 'cpuhp_up_callbacks', 'percpu.cpuhp_state', STATE_UNREAD],
    [
      'write-moved',
      'bringup_cpu',
      'CPUHP_AP_OFFLINE',
      'the states up to that one have no callback on the new CPU, and the state is written anew when it is there',
      [1],
    ],
    [
      'write-moved',
      'bringup_cpu',
      'CPUHP_AP_OFFLINE',
      'the new CPU looks when boot_word is set, after both',
      [2],
    ],
    ['write-moved', '_cpu_down', 'CPUHP_OFFLINE', STATE_UNREAD],
    [
      'write-moved',
      'takedown_cpu',
      'percpu.boot_word',
      'the dying CPU comes to either when stop_machine has let it go, after both',
      [2],
    ],
  ]),
  ...inFile('cpu/hotplug_ap.ts', [
    [
      'write-moved',
      'take_cpu_down',
      'set_cpu_online',
      'the states in between have no callback, and all other CPUs are stopped',
    ],
    ['write-moved', 'take_cpu_down', 'CPUHP_AP_OFFLINE', STATE_UNREAD],
    [
      'write-moved',
      'cpuhp_thread_fun',
      'cpuhp_should_run',
      'the other side looks when it is told of the end, after both',
      [3],
    ],
    ['write-moved', 'cpu_startup', 'percpu.cpuhp_state', STATE_UNREAD],
  ]),
  ...inFile('cpu/ipi.ts', [
    [
      'possible-online',
      'smp_call_function_sync',
      'cpu_online(k, cpu)',
      'a CPU that is down is not waited for, and answers when it comes',
      [1],
    ],
  ]),
  ...inFile('locking/percpu_rwsem.ts', [
    [
      'write-moved',
      'percpu_up_write',
      'percpu_rw_semaphore.block',
      'the owner is for statistics, and writers exclude each other by cpu_add_remove_lock, too',
      [2],
    ],
  ]),
  ...inFile('locking/rcuwait.ts', [
    [
      'lock-dropped',
      'rcuwait_wake_up',
      'rcu_read_lock',
      'who waits is a control path, and its task_struct is never freed',
    ],
  ]),
  ...inFile('rcu/tree.ts', [
    ['write-moved', 'synchronize_rcu', 'vmlinux.rcu_gp_waiting, 1', FULL_RMW, [1]],
    [
      'write-moved',
      'synchronize_rcu',
      'vmlinux.rcu_gp_waiting, 1',
      'what stands before is a read of a word that its actor alone writes',
      [2],
    ],
    ['write-moved', 'synchronize_rcu', 'vmlinux.rcu_gp_waiting, -1', FULL_RMW],
    ['barrier-dropped', 'synchronize_rcu', 'RCU_GP', FULL_RMW],
    [
      'wake-dropped',
      'nudge',
      'send_ipi',
      'the CPU is told to reschedule three nudges later: all that is lost is time',
    ],
    [
      'wake-dropped',
      'nudge',
      'resched_curr',
      'slices end, and what comes then is a quiescent state: all that is lost is time',
    ],
    [
      'write-moved',
      'call_rcu',
      'vmlinux.rcu_seq',
      'the thread reads rcu_seq before it takes the list; the change comes after the push, and the wake-up after the change',
      [1],
    ],
    [
      'write-moved',
      'call_rcu',
      'vmlinux.rcu_seq',
      'the thread that has read the new rcu_seq takes the list under rcu_lock, so after the push',
      [2],
    ],
  ]),
  ...inFile('sched/exit.ts', [
    ['write-moved', 'do_exit', 'PF_EXITING', 'nobody looks at PF_EXITING of another task'],
    ['write-moved', 'do_exit', 'list_del_rcu', 'nr_threads is for who holds tasklist_lock for writing', [3]],
  ]),
  ...inFile('sched/idle.ts', [
    [
      'possible-online',
      'do_idle',
      'cpu_online(k, k.actor)',
      'a parked CPU goes on when it is booted, and is online then, or when the machine has halted, which the loop looks at first',
      [3],
    ],
    ['write-moved', 'halt', 'percpu.halted', 'smp_store_mb() is a full barrier by itself', [1]],
    ['barrier-dropped', 'halt', 'IDLE_POLL', 'smp_store_mb() is a full barrier by itself'],
  ]),
  ...inFile('sched/timer.ts', [['wake-dropped', 'timers_dead_cpu', 'send_ipi', IN_TIME]]),
  ...inFile('rcu/sync.ts', [
    ['write-moved', 'rcu_sync_func', 'GP_PASSED', ONE_WRITER],
    ['wake-dropped', 'rcu_sync_func', 'wake_up_locked', ONE_WRITER],
    ['write-moved', 'rcu_sync_func', 'GP_EXIT', UNDER_GP_WAIT],
    ['write-moved', 'rcu_sync_exit', 'GP_EXIT', UNDER_GP_WAIT],
  ]),
];

export function equivalenceOf(
  operator: Operator,
  file: string,
  fn: string,
  before: string,
  n: number,
): string | null {
  const found = equivalents.find(
    (e) =>
      e.operator === operator &&
      e.file === file &&
      e.fn === fn &&
      before.includes(e.before) &&
      (e.n?.includes(n) ?? true),
  );
  return found?.why ?? null;
}
