// SPDX-License-Identifier: GPL-2.0-only
/** Constants of the simulated kernel that the outside (oracles, reports, shell) also speaks. */

/* errno, returned negative as in the kernel (include/uapi/asm-generic/errno*.h) */
export const EPERM = 1;
export const ENOENT = 2;
export const EINTR = 4;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EBUSY = 16;
export const EEXIST = 17;
export const ENODEV = 19;
export const EINVAL = 22;
export const EADDRINUSE = 98;
export const ETIMEDOUT = 110;
export const ERESTARTSYS = 512;

const errnoNames: Record<number, string> = {
  [EPERM]: 'EPERM',
  [ENOENT]: 'ENOENT',
  [EINTR]: 'EINTR',
  [EAGAIN]: 'EAGAIN',
  [ENOMEM]: 'ENOMEM',
  [EBUSY]: 'EBUSY',
  [EEXIST]: 'EEXIST',
  [ENODEV]: 'ENODEV',
  [EINVAL]: 'EINVAL',
  [EADDRINUSE]: 'EADDRINUSE',
  [ETIMEDOUT]: 'ETIMEDOUT',
  [ERESTARTSYS]: 'ERESTARTSYS',
};

export function errnoName(err: number): string {
  return err === 0 ? '0' : `-${errnoNames[Math.abs(err)] ?? Math.abs(err)}`;
}

/** Patch states of a task (KLP_TRANSITION_IDLE, _UNPATCHED, _PATCHED since 6.11). */
export const KLP_UNDEFINED = -1;
export const KLP_UNPATCHED = 0;
export const KLP_PATCHED = 1;

export function patchStateName(state: number): string {
  return state === KLP_PATCHED
    ? 'PATCHED'
    : state === KLP_UNPATCHED
      ? 'UNPATCHED'
      : state === KLP_UNDEFINED
        ? 'UNDEFINED'
        : `state ${state}`;
}

/** Rounds of the retry work before tasks are signalled (SIGNALS_TIMEOUT). */
export const SIGNALS_TIMEOUT = 15;

/* task states (include/linux/sched.h) */
export const TASK_RUNNING = 0;
export const TASK_INTERRUPTIBLE = 1;
export const TASK_UNINTERRUPTIBLE = 2;
export const TASK_NORMAL = TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE;
export const TASK_DEAD = 0x80;
export const TASK_WAKING = 0x200;
export const TASK_NEW = 0x800;

export function taskStateName(state: number): string {
  const names: Record<number, string> = {
    [TASK_RUNNING]: 'R',
    [TASK_INTERRUPTIBLE]: 'S',
    [TASK_UNINTERRUPTIBLE]: 'D',
    [TASK_DEAD]: 'X',
    [TASK_WAKING]: 'W',
    [TASK_NEW]: 'N',
  };
  return names[state] ?? `0x${state.toString(16)}`;
}

/* thread_info flags: bit numbers */
export const TIF_SIGPENDING = 2;
export const TIF_NEED_RESCHED = 3;
export const TIF_PATCH_PENDING = 13;
export const TIF_NOTIFY_SIGNAL = 17;

/* p->flags */
export const PF_IDLE = 0x2;
export const PF_EXITING = 0x4;
export const PF_KTHREAD = 0x00200000;
/** Bound to one CPU for good (kthread_is_per_cpu). */
export const PF_NO_SETAFFINITY = 0x04000000;
/** A control path: its task_struct exists for locks and wake-ups; it runs on a thread of its own, not on a CPU. */
export const PF_CONTROL = 0x40000000;

/** Limit of simulated CPUs: a cpumask is one word. */
export const NR_CPUS = 32;

/* Bits of the per-CPU IPI word. */
export const IPI_RESCHEDULE = 0;
export const IPI_CALL_FUNC = 1;
export const IPI_STOP_WORK = 2;
export const IPI_WAKE = 3;

/* CPU hotplug states, in bring-up order (include/linux/cpuhotplug.h, abridged). */
export const CPUHP_OFFLINE = 0;
export const CPUHP_CREATE_THREADS = 1;
export const CPUHP_RCUTREE_PREP = 2;
export const CPUHP_BP_PREPARE_DYN = 3;
export const CPUHP_BP_PREPARE_DYN_END = 6;
export const CPUHP_BRINGUP_CPU = 7;
/** From here to CPUHP_AP_ONLINE callbacks run on the AP with interrupts off. */
export const CPUHP_AP_IDLE_DEAD = 8;
export const CPUHP_AP_OFFLINE = 9;
export const CPUHP_AP_SCHED_STARTING = 10;
export const CPUHP_AP_RCUTREE_DYING = 11;
export const CPUHP_AP_ONLINE = 12;
export const CPUHP_TEARDOWN_CPU = 13;
/** From here on callbacks run in the AP's cpuhp thread. */
export const CPUHP_AP_ONLINE_IDLE = 14;
export const CPUHP_AP_SMPBOOT_THREADS = 15;
export const CPUHP_AP_WORKQUEUE_ONLINE = 16;
export const CPUHP_AP_ONLINE_DYN = 17;
export const CPUHP_AP_ONLINE_DYN_END = 20;
export const CPUHP_AP_ACTIVE = 21;
export const CPUHP_ONLINE = 22;

export const cpuhpStateNames: readonly string[] = [
  'offline',
  'threads:prepare',
  'RCU/tree:prepare',
  'prepare:dyn0',
  'prepare:dyn1',
  'prepare:dyn2',
  'prepare:dyn3',
  'cpu:bringup',
  'idle:dead',
  'ap:offline',
  'sched:starting',
  'RCU/tree:dying',
  'ap:online',
  'cpu:teardown',
  'online:idle',
  'smpboot/threads:online',
  'workqueue:online',
  'online:dyn0',
  'online:dyn1',
  'online:dyn2',
  'online:dyn3',
  'sched:active',
  'online',
];

/** Words of machine_state. */
export const MACHINE_BOOTING = 0;
export const MACHINE_RUNNING = 1;
/** Control paths wind down: no new operations, those in flight finish. */
export const MACHINE_STOPPING = 2;
/** CPUs leave their loops. */
export const MACHINE_HALTED = 3;

/** WARN_ON sites of the kernel code, the `site` of a warn event. */
export const WARN = {
  handler_undefined: 1,
  handler_no_func: 2,
  recursion: 3,
  init_state: 4,
  complete_pending: 5,
  target_undefined: 6,
  double_patch: 7,
  double_unpatch: 8,
  preempt_leak: 9,
  freed_task: 10,
  unbalanced_hotplug_enable: 11,
  cancel_not_patched: 12,
  ops_missing: 13,
} as const;

export function warnName(site: number): string {
  return Object.entries(WARN).find(([, nr]) => nr === site)?.[0] ?? `site ${site}`;
}

/** What an actor is doing or waiting for, published before every wait: the named state that a hang report prints. */
export const ACTOR_STATE = {
  boot: 0,
  running: 1,
  idle: 2,
  offline: 3,
  exited: 4,
  spin_lock: 5,
  read_lock: 6,
  write_lock: 7,
  mutex_lock: 8,
  rwsem_read: 9,
  rwsem_write: 10,
  rcuwait: 11,
  completion: 12,
  synchronize_rcu: 13,
  rcu_sync: 14,
  on_cpu: 15,
  stop_machine: 16,
  ipi_ack: 17,
  cpu_boot: 18,
  cpu_dead: 19,
  flush_work: 20,
  delayed_work: 21,
  timer: 22,
  pause: 23,
  trace_throttle: 24,
  wait_event: 25,
  klp_transition: 26,
} as const;

export function actorStateName(state: number): string {
  return Object.entries(ACTOR_STATE).find(([, nr]) => nr === state)?.[0] ?? `state ${state}`;
}

/** Every byte of a freed object; as text it is an invalid opcode. */
export const POISON_FREE = 0x6b6b6b6b;
