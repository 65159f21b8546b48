// SPDX-License-Identifier: GPL-2.0-only
/** Layouts of the kernel's own structs. Sizes in 32-bit words; field names are the kernel's where it has them. */
import { array, array_of, cacheline, CACHE_LINE_WORDS, embed, i32, ptr, struct } from '../../mem/layout.js';
import { list_head } from '../../mem/list.js';

/* ---- locking ---- */

/**
 * In every lock: owner is the actor number + 1 of the holder, negative once that actor has released it; dep_map is the
 * lock class; ip is where the holder took it.
 */
export const raw_spinlock = struct('raw_spinlock', { val: i32, owner: i32, dep_map: i32, ip: i32 });
/** A queued rwlock: cnts holds the writer byte, the waiting bit and the reader count (kernel/locking/qrwlock.c). */
export const rwlock = struct('rwlock', {
  cnts: i32,
  wait_lock: embed(raw_spinlock),
  writer: i32,
  dep_map: i32,
  ip: i32,
});
/** A futex mutex: val 0 free, 1 held, 2 held with sleepers. */
export const mutex = struct('mutex', { val: i32, owner: i32, dep_map: i32, ip: i32 });
export const wait_queue_head = struct('wait_queue_head', { lock: embed(raw_spinlock), head: embed(list_head) });
/** private_ is the waiting task, NULL once woken by a wake function that hands over. */
export const wait_queue_entry = struct('wait_queue_entry', {
  flags: i32,
  private_: ptr('task_struct'),
  func: i32,
  entry: embed(list_head),
});
export const rcuwait = struct('rcuwait', { task: ptr('task_struct') });
export const completion = struct('completion', { done: i32, wait: embed(wait_queue_head) });

export const rcu_head = struct('rcu_head', { next: ptr('rcu_head'), func: i32, arg: i32 });
/** kernel/rcu/sync.c */
export const rcu_sync = struct('rcu_sync', {
  gp_state: i32,
  gp_count: i32,
  gp_wait: embed(wait_queue_head),
  cb_head: embed(rcu_head),
});
/** read_count is per actor: word `read_count_index` of the percpu area's `read_count` array. */
export const percpu_rw_semaphore = struct('percpu_rw_semaphore', {
  rss: embed(rcu_sync),
  read_count_index: i32,
  writer: embed(rcuwait),
  waiters: embed(wait_queue_head),
  block: i32,
  dep_map: i32,
  /** The last writer and where it took the lock. */
  owner: i32,
  ip: i32,
});
/** get_online_cpus as it was in January 2017 (kernel/cpu.c of 4.10): mutex, counter, active writer. */
export const cpu_hotplug_refcount = struct('cpu_hotplug_refcount', {
  active_writer: ptr('task_struct'),
  wq: embed(wait_queue_head),
  lock: embed(mutex),
  refcount: i32,
  dep_map: i32,
  /** The last writer and where it took the lock. */
  owner: i32,
  ip: i32,
});

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
    preempt_count: cacheline(i32),
    irq_count: i32,
    ftrace_recursion: i32,
    in_kernel: i32,
    wait_entry: embed(wait_queue_entry),
    read_count: cacheline(array(NR_RWSEMS)),
    /* run queue */
    rq_lock: cacheline(embed(raw_spinlock)),
    nr_running: i32,
    curr: ptr('task_struct'),
    queue: embed(list_head),
    nr_switches: i32,
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
    call_func: cacheline(i32),
    call_arg: i32,
    call_done: i32,
    /* hotplug: struct cpuhp_cpu_state */
    cpuhp_state: cacheline(i32),
    cpuhp_target: i32,
    cpuhp_should_run: i32,
    cpuhp_bringup: i32,
    cpuhp_rollback: i32,
    cpuhp_single: i32,
    cpuhp_result: i32,
    cpuhp_done_up: embed(completion),
    cpuhp_done_down: embed(completion),
    /** 0 parked, 1 told to boot, 2 alive: what a dead CPU's worker sleeps on. */
    boot_word: i32,
    dead: i32,
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
  poison: i32,
});

/* ---- ftrace ---- */

/** One call site: the first word of a traceable function. */
export const dyn_ftrace = struct('dyn_ftrace', { ip: i32, size: i32, func_id: i32, ops: ptr('ftrace_ops'), ipmodify: ptr('ftrace_ops') });
export const ftrace_ops = struct('ftrace_ops', {
  /** FTRACE_OPS_FL_* */
  flags: i32,
  /** Which handler: FTRACE_FUNC_*. */
  func: i32,
  filter: ptr('dyn_ftrace'),
  next: ptr('ftrace_ops'),
  hits: i32,
});

/* ---- livepatch ---- */

export const klp_patch = struct('klp_patch', {
  list: embed(list_head),
  objs: embed(list_head),
  /** Index of the patch in the scenario; what reports name it by. */
  id: i32,
  enabled: i32,
  forced: i32,
  replace: i32,
  /** The module: its text and size, and references to it. */
  mod_refcnt: i32,
  text: i32,
  text_words: i32,
  finish: embed(completion),
});
export const klp_object = struct('klp_object', { node: embed(list_head), funcs: embed(list_head), patched: i32 });
export const klp_func = struct('klp_func', {
  node: embed(list_head),
  stack_node: embed(list_head),
  /** Text addresses and sizes. */
  old_func: i32,
  old_size: i32,
  new_func: i32,
  new_size: i32,
  func_id: i32,
  patch: ptr('klp_patch'),
  nop: i32,
  patched: i32,
  transition: i32,
});
export const klp_ops = struct('klp_ops', {
  node: embed(list_head),
  func_stack: embed(list_head),
  fops: embed(ftrace_ops),
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
    nr_cpu_ids: i32,
    nr_actors: i32,
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
  },
  CACHE_LINE_WORDS,
);
