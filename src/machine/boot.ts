// SPDX-License-Identifier: GPL-2.0-only
/** Fills a fresh heap: locks, masks, boot-time tasks, text, and the tasks of the scenario. Runs before any CPU. */
import {
  CPUHP_OFFLINE,
  CPUHP_ONLINE,
  KLP_UNDEFINED,
  PF_CONTROL,
  PF_IDLE,
  PF_KTHREAD,
  PF_NO_SETAFFINITY,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
  TIF_NEED_RESCHED,
} from '../kernel/abi/constants.js';
import { LOCK_CLASS } from '../kernel/abi/lock_classes.js';
import {
  delayed_work,
  dyn_ftrace,
  NR_WAIT_CHANNELS,
  percpu,
  TIMER_BUCKETS,
  task_struct,
  vmlinux,
  wait_queue_entry,
  wait_queue_head,
} from '../kernel/abi/structs.js';
import { init_cpu_masks } from '../kernel/cpu/masks.js';
import { type Kernel, per_cpu, type Task } from '../kernel/kernel.js';
import { init_completion } from '../kernel/locking/completion.js';
import { cpu_hotplug_refcount_init } from '../kernel/locking/cpu_hotplug_refcount.js';
import { mutex_init } from '../kernel/locking/mutex.js';
import { percpu_init_rwsem } from '../kernel/locking/percpu_rwsem.js';
import { rwlock_init } from '../kernel/locking/rwlock.js';
import { raw_spin_lock_init } from '../kernel/locking/spinlock.js';
import { init_waitqueue_head } from '../kernel/locking/wait.js';
import { kmem_cache_alloc, kmem_cache_init } from '../kernel/mm/slab.js';
import { rcu_init } from '../kernel/rcu/tree.js';
import { init_task_fields, task_stack } from '../kernel/sched/fork.js';
import { control_pid, idle_pid } from '../kernel/sched/pid.js';
import { enqueue_task } from '../kernel/sched/rq.js';
import { load, store } from '../mem/heap.js';
import { element_of, embedded } from '../mem/layout.js';
import { INIT_LIST_HEAD, list_add_tail, list_head } from '../mem/list.js';
import type { ProgramSpec } from '../scenario/types.js';
import { EV } from '../trace/events.js';
import type { SlabPlan } from './plan.js';
import { controlTask, cpuTask, type MachineShared } from './view.js';

export function bootMachine(k: Kernel, shared: MachineShared): void {
  const { plan, scenario } = shared;
  initGlobals(k, shared);
  k.i32.set(plan.text.words, plan.textBase);
  for (const f of plan.text.functions) {
    const rec = (plan.config.dyn_ftrace_base + f.id * dyn_ftrace.$words) as never;
    store(k, rec, dyn_ftrace.ip, f.traceable ? f.entry : 0);
    store(k, rec, dyn_ftrace.size, f.size);
    store(k, rec, dyn_ftrace.func_id, f.id);
  }
  for (let a = 0; a < plan.nrActors; a++) initActor(k, shared, a);
  for (let cpu = 0; cpu < plan.nrCpus; cpu++) initCpuTasks(k, shared, cpu);
  for (let a = plan.nrCpus; a < plan.nrActors; a++) {
    const p = controlTask(plan, a);
    init_task_fields(k, p, control_pid(a), PF_KTHREAD | PF_CONTROL, 0);
    store(k, p, task_struct.patch_state, KLP_UNDEFINED);
    store(k, per_cpu(k, a), percpu.control_task, p);
    store(k, per_cpu(k, a), percpu.curr, p);
  }
  let cpu = 0;
  for (let program = 0; program < scenario.programs.length; program++) {
    const spec = scenario.programs[program] as ProgramSpec;
    for (let i = 0; i < spec.tasks; i++) {
      if (spec.kind === 'sleeper') startSleeper(k, shared, program);
      else startTask(k, program, spec.kind === 'kthread', cpu++ % scenario.machine.online);
    }
  }
}

function initGlobals(k: Kernel, shared: MachineShared): void {
  const { plan, scenario } = shared;
  const g = k.g;
  const slabs: [Parameters<typeof kmem_cache_init>[1], SlabPlan][] = [
    [embedded(g, vmlinux.task_cache), plan.slabs.task],
    [embedded(g, vmlinux.klp_func_cache), plan.slabs.klpFunc],
    [embedded(g, vmlinux.klp_object_cache), plan.slabs.klpObject],
    [embedded(g, vmlinux.klp_patch_cache), plan.slabs.klpPatch],
    [embedded(g, vmlinux.klp_ops_cache), plan.slabs.klpOps],
    [embedded(g, vmlinux.work_cache), plan.slabs.work],
    [embedded(g, vmlinux.module_cache), plan.slabs.module],
  ];
  for (const [cache, s] of slabs) kmem_cache_init(k, cache, s.base, s.ring, s.words, s.count);
  store(k, g, vmlinux.klp_target_state, KLP_UNDEFINED);
  store(k, g, vmlinux.ftrace_enabled, 1);
  store(k, g, vmlinux.next_pid, 1);
  INIT_LIST_HEAD(k, embedded(g, vmlinux.klp_patches));
  INIT_LIST_HEAD(k, embedded(g, vmlinux.klp_ops));
  INIT_LIST_HEAD(k, embedded(g, vmlinux.klp_free_list));
  INIT_LIST_HEAD(k, embedded(g, vmlinux.init_tasks));
  mutex_init(k, embedded(g, vmlinux.klp_mutex), LOCK_CLASS.klp_mutex);
  mutex_init(k, embedded(g, vmlinux.cpu_add_remove_lock), LOCK_CLASS.cpu_add_remove_lock);
  mutex_init(k, embedded(g, vmlinux.ftrace_lock), LOCK_CLASS.ftrace_lock);
  mutex_init(k, embedded(g, vmlinux.text_mutex), LOCK_CLASS.text_mutex);
  rwlock_init(k, embedded(g, vmlinux.tasklist_lock), LOCK_CLASS.tasklist_lock);
  rcu_init(k);
  percpu_init_rwsem(k, embedded(g, vmlinux.cpu_hotplug_lock), 0, LOCK_CLASS.cpu_hotplug_lock);
  cpu_hotplug_refcount_init(k, embedded(g, vmlinux.cpu_hotplug), LOCK_CLASS.cpu_hotplug_lock);
  init_delayed_work(k);
  init_completion(k, embedded(g, vmlinux.multi_stop_done));
  for (let i = 0; i < NR_WAIT_CHANNELS; i++) {
    init_waitqueue_head(k, element_of(g, vmlinux.wait_channels, wait_queue_head, i), LOCK_CLASS.wait_channel);
  }
  init_cpu_masks(k, maskOf(plan.nrCpus), maskOf(scenario.machine.online));
}

function maskOf(cpus: number): number {
  return cpus >= 32 ? -1 : (1 << cpus) - 1;
}

function init_delayed_work(k: Kernel): void {
  const dw = embedded(k.g, vmlinux.klp_transition_work);
  raw_spin_lock_init(k, embedded(dw, delayed_work.lock), LOCK_CLASS.delayed_work);
}

function initActor(k: Kernel, shared: MachineShared, actor: number): void {
  const p = per_cpu(k, actor);
  store(k, p, percpu.cpu, actor);
  raw_spin_lock_init(k, embedded(p, percpu.rq_lock), LOCK_CLASS['rq->lock']);
  raw_spin_lock_init(k, embedded(p, percpu.timer_lock), LOCK_CLASS['timer_base->lock']);
  raw_spin_lock_init(k, embedded(p, percpu.pool_lock), LOCK_CLASS['pool->lock']);
  INIT_LIST_HEAD(k, embedded(p, percpu.queue));
  INIT_LIST_HEAD(k, embedded(p, percpu.worklist));
  for (let b = 0; b < TIMER_BUCKETS; b++) INIT_LIST_HEAD(k, element_of(p, percpu.wheel, list_head, b));
  INIT_LIST_HEAD(k, embedded(embedded(p, percpu.wait_entry), wait_queue_entry.entry));
  init_completion(k, embedded(p, percpu.cpuhp_done_up));
  init_completion(k, embedded(p, percpu.cpuhp_done_down));
  if (actor >= shared.plan.nrCpus) return;
  const online = actor < shared.scenario.machine.online;
  store(k, p, percpu.cpuhp_state, online ? CPUHP_ONLINE : CPUHP_OFFLINE);
  store(k, p, percpu.boot_word, online ? 1 : 0);
}

/** idle, cpuhp/N and kworker/N. The idle task is on no list, as in Linux. */
function initCpuTasks(k: Kernel, shared: MachineShared, cpu: number): void {
  const { plan } = shared;
  const pc = per_cpu(k, cpu);
  const idle = cpuTask(plan, cpu, 0);
  init_task_fields(k, idle, idle_pid(cpu), PF_KTHREAD | PF_IDLE | PF_NO_SETAFFINITY, cpu);
  store(k, idle, task_struct.patch_state, KLP_UNDEFINED);
  store(k, idle, task_struct.pc, plan.config.idle_text);
  store(k, idle, task_struct.on_cpu, 1);
  /* The boot-time tasks are in the queue already. */
  store(k, idle, task_struct.thread_flags, 1 << TIF_NEED_RESCHED);
  giveStack(k, shared, idle, cpu);
  store(k, pc, percpu.idle, idle);
  store(k, pc, percpu.curr, idle);
  const bound: [1 | 2, number, typeof percpu.kworker][] = [
    [1, plan.config.cpuhp_text, percpu.cpuhp_thread],
    [2, plan.config.kworker_text, percpu.kworker],
  ];
  for (const [which, text, field] of bound) {
    const p = cpuTask(plan, cpu, which);
    init_task_fields(k, p, takePid(k), PF_KTHREAD | PF_NO_SETAFFINITY, cpu);
    store(k, p, task_struct.cpus_mask, 1 << cpu);
    store(k, p, task_struct.patch_state, KLP_UNDEFINED);
    store(k, p, task_struct.pc, text);
    store(k, p, task_struct.program, -which);
    giveStack(k, shared, p, which * plan.nrCpus + cpu);
    store(k, pc, field, p);
    publish(k, p, cpu);
  }
}

function giveStack(k: Kernel, shared: MachineShared, p: Task, slot: number): void {
  store(
    k,
    p,
    task_struct.stack,
    (shared.plan.bootStackBase + slot * shared.plan.config.stack_words) as never,
  );
}

function takePid(k: Kernel): number {
  const pid = load(k, k.g, vmlinux.next_pid);
  store(k, k.g, vmlinux.next_pid, pid + 1);
  return pid;
}

/** Puts the task on the task list and, unless it sleeps, on the queue of its CPU. */
function publish(k: Kernel, p: Task, cpu: number): void {
  list_add_tail(k, embedded(p, task_struct.tasks), embedded(k.g, vmlinux.init_tasks));
  store(k, k.g, vmlinux.nr_threads, load(k, k.g, vmlinux.nr_threads) + 1);
  if (load(k, p, task_struct.__state) === TASK_RUNNING) enqueue_task(k, per_cpu(k, cpu), p);
}

function newTask(k: Kernel, program: number, flags: number, cpu: number): Task {
  const p = kmem_cache_alloc<'task_struct'>(k, embedded(k.g, vmlinux.task_cache));
  init_task_fields(k, p, takePid(k), flags, cpu);
  store(k, p, task_struct.patch_state, KLP_UNDEFINED);
  store(k, p, task_struct.stack, task_stack(k, p) as never);
  store(k, p, task_struct.program, program);
  const spec = k.cfg.programs[program];
  store(k, p, task_struct.pc, spec?.entry ?? 0);
  store(k, p, task_struct.life, spec?.life ?? 0);
  return p;
}

function startTask(k: Kernel, program: number, kthread: boolean, cpu: number): void {
  publish(k, newTask(k, program, kthread ? PF_KTHREAD : 0, cpu), cpu);
}

/** Asleep for good inside the functions of its stack: each return address is the last word of the function. */
function startSleeper(k: Kernel, shared: MachineShared, program: number): void {
  const spec = shared.scenario.programs[program];
  if (spec === undefined || spec.kind !== 'sleeper') return;
  const p = newTask(k, program, 0, 0);
  const stack = load(k, p, task_struct.stack) as number;
  store(k, p, task_struct.pc, shared.plan.text.sleeperText);
  store(k, p, task_struct.__state, TASK_UNINTERRUPTIBLE);
  k.i32[stack] = k.cfg.ret_to_user;
  spec.stack.forEach((name, i) => {
    const f = shared.plan.text.functions.find((x) => x.name === name);
    if (f === undefined) return;
    k.i32[stack + 1 + i] = f.entry + f.size - 1;
    if (f.watched) k.trace.emit(EV.func_enter, load(k, p, task_struct.pid), f.id, 0, f.entry, 0, 0);
  });
  store(k, p, task_struct.sp, spec.stack.length + 1);
  publish(k, p, 0);
}
