// SPDX-License-Identifier: GPL-2.0-only
/** Layouts of tasks, percpu areas and the machine's globals. Sizes in 32-bit words; the kernel's names where it has them. */
import { array, array_of, CACHE_LINE_WORDS, cacheline, embed, i32, ptr, struct } from '../../mem/layout.js';
import { list_head } from '../../mem/list.js';
import {
  completion,
  cpu_hotplug_refcount,
  mutex,
  percpu_rw_semaphore,
  raw_spinlock,
  rcu_head,
  rwlock,
  wait_queue_entry,
  wait_queue_head,
} from './lock_structs.js';

export * from './klp_structs.js';
export * from './lock_structs.js';

/* ---- tasks ---- */

/** At most 64 words (256 bytes); the stack is apart. */
export const task_struct = struct('task_struct', {
  /** thread_info.flags: TIF_* bits. */
  thread_flags: i32,
  __state: i32,
  patch_state: i32,
  on_cpu: i32,
  on_rq: i32,
  /** task_cpu(p) */
  cpu: i32,
  flags: i32,
  pid: i32,
  pi_lock: embed(raw_spinlock),
  run_list: embed(list_head),
  tasks: embed(list_head),
  cpus_mask: i32,
  /** Text address to go on at; valid while the task is not current on a CPU. */
  pc: i32,
  /** Words on the stack. */
  sp: i32,
  stack: ptr('stack'),
  /** Where user mode goes on after a system call. */
  user_pc: i32,
  rng: i32,
  /** Jiffy at which a sleep ends, while timer_list is queued. */
  timer_expires: i32,
  timer_list: embed(list_head),
  timer_cpu: i32,
  /** CPU's text budget used in this slice. */
  slice: i32,
  usage: i32,
  rcu: embed(rcu_head),
  /** System calls left until it exits; 0: no end. */
  life: i32,
  /** Index of the program that it runs (workload), for reports and statistics. */
  program: i32,
  wait_entry: embed(wait_queue_entry),
});

/* ---- per CPU and per control path ---- */

export const work_struct = struct('work_struct', {
  entry: embed(list_head),
  func: i32,
  arg: i32,
  done: ptr('completion'),
});

/** Buckets of the timer wheel: one jiffy each. */
export const TIMER_BUCKETS = 64;
/** percpu-rwsems a machine can have. */
export const NR_RWSEMS = 4;
/** Words of this size hold one call stack copy for the stack check (klp_stack_entries). */
export const MAX_STACK_ENTRIES = 100;

export const percpu = struct(
  'percpu',
  {
    /* read by all, written at boot */
    cpu: i32,
    idle: ptr('task_struct'),
    cpuhp_thread: ptr('task_struct'),
    kworker: ptr('task_struct'),
    /** Task of a control path; NULL for a CPU. */
    control_task: ptr('task_struct'),
    /* own line: written by others to get attention */
    ipi: cacheline(i32),
    halted: i32,
    /* own line: written by this actor only, read by others */
    rcu_dynticks: cacheline(i32),
    rcu_qs: i32,
    heartbeat: i32,
    state: i32,
    state_obj: i32,
    state_since_ms: i32,
    /* own line: private to this actor */
    irq_count: cacheline(i32),
    wait_entry: embed(wait_queue_entry),
    read_count: cacheline(array(NR_RWSEMS)),
    /* run queue */
    rq_lock: cacheline(embed(raw_spinlock)),
    nr_running: i32,
    curr: ptr('task_struct'),
    queue: embed(list_head),
    /* timers */
    timer_lock: cacheline(embed(raw_spinlock)),
    timer_jiffies: i32,
    nr_timers: i32,
    wheel: array_of(list_head, TIMER_BUCKETS),
    /* workqueue pool of this CPU */
    pool_lock: cacheline(embed(raw_spinlock)),
    worklist: embed(list_head),
    /* stopper */
    stop_work: cacheline(i32),
    /* smp_call_function */
    call_arg: cacheline(i32),
    call_done: i32,
    /* hotplug: struct cpuhp_cpu_state */
    cpuhp_state: cacheline(i32),
    cpuhp_target: i32,
    cpuhp_should_run: i32,
    cpuhp_bringup: i32,
    cpuhp_result: i32,
    cpuhp_done_up: embed(completion),
    cpuhp_done_down: embed(completion),
    /** 0 parked, 1 told to boot: what a dead CPU's worker sleeps on. */
    boot_word: i32,
    klp_stack_entries: cacheline(array(MAX_STACK_ENTRIES)),
  },
  CACHE_LINE_WORDS,
);

/* ---- memory for objects that come and go ---- */

/** A slab: fixed-size objects, oldest free object first, so that poison stays visible as long as possible. */
export const kmem_cache = struct('kmem_cache', {
  lock: embed(raw_spinlock),
  object_words: i32,
  nr_objects: i32,
  base: i32,
  ring: i32,
  head: i32,
  tail: i32,
  nr_active: i32,
});

/* ---- the machine's globals ---- */

export const delayed_work = struct('delayed_work', {
  /** Published last: 1 when armed. The worker sleeps on `seq`. */
  pending: i32,
  expires_ms: i32,
  seq: i32,
  lock: embed(raw_spinlock),
});

/** Wait channels of the workload: sleepers that other tasks wake. */
export const NR_WAIT_CHANNELS = 16;

export const vmlinux = struct(
  'vmlinux',
  {
    machine_state: i32,
    cpu_possible_mask: cacheline(i32),
    cpu_present_mask: i32,
    cpu_online_mask: i32,
    cpu_active_mask: i32,
    klp_target_state: cacheline(i32),
    klp_transition_patch: ptr('klp_patch'),
    klp_signals_cnt: i32,
    /** When the transition was initialised, us since boot (wraps). */
    klp_init_us: i32,
    klp_patches: embed(list_head),
    klp_ops: embed(list_head),
    klp_mutex: cacheline(embed(mutex)),
    klp_transition_work: embed(delayed_work),
    klp_free_list: embed(list_head),
    tasklist_lock: cacheline(embed(rwlock)),
    init_tasks: embed(list_head),
    nr_threads: i32,
    next_pid: i32,
    cpu_hotplug_lock: cacheline(embed(percpu_rw_semaphore)),
    cpu_hotplug: cacheline(embed(cpu_hotplug_refcount)),
    cpu_add_remove_lock: cacheline(embed(mutex)),
    cpu_hotplug_disabled: i32,
    ftrace_lock: cacheline(embed(mutex)),
    ftrace_enabled: i32,
    text_seq: i32,
    text_mutex: embed(mutex),
    /* RCU callbacks */
    rcu_lock: cacheline(embed(raw_spinlock)),
    rcu_cblist: ptr('rcu_head'),
    rcu_seq: i32,
    /** Grace periods that wait: while it is 0, quiescent states need not be reported. Read at every one of them. */
    rcu_gp_waiting: cacheline(i32),
    /** Dynamic hotplug callbacks: CPUHP_FN_* by state. */
    cpuhp_callbacks: array(24),
    /* stop_machine */
    multi_stop_state: cacheline(i32),
    multi_stop_ack: i32,
    multi_stop_active_cpu: i32,
    multi_stop_num: i32,
    multi_stop_func: i32,
    multi_stop_arg: i32,
    multi_stop_result: i32,
    multi_stop_done: embed(completion),
    /* slabs */
    task_cache: cacheline(embed(kmem_cache)),
    klp_func_cache: embed(kmem_cache),
    klp_object_cache: embed(kmem_cache),
    klp_patch_cache: embed(kmem_cache),
    klp_ops_cache: embed(kmem_cache),
    work_cache: embed(kmem_cache),
    module_cache: embed(kmem_cache),
    wait_channels: cacheline(array_of(wait_queue_head, NR_WAIT_CHANNELS)),
    /** True while the workload is paused (torture stutter). */
    stutter_pause: i32,
    /* what a driver and its hotplug callback tell each other */
    driver_requests: i32,
    driver_coming: i32,
  },
  CACHE_LINE_WORDS,
);
