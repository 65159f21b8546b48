// SPDX-License-Identifier: GPL-2.0-only
/**
 * The table of trace events: number, name, fields with units. An event is emitted once, where the state has changed.
 * Each record names the actor (a CPU or a control path) and the task it ran; the table lists what follows.
 *
 * Order. A `global` event takes a new tick of the trace clock; a `local` one only reads it, which is much cheaper on
 * many CPUs. If one event happens before another in the memory model's sense then its key is the smaller one; two
 * local events of different actors within one tick are unordered, which is the truth.
 */

export type Order = 'local' | 'global';

export interface EventRow {
  readonly nr: number;
  readonly name: string;
  readonly order: Order;
  /** Names of the up to five payload words. */
  readonly fields: readonly string[];
}

type Row = readonly [order: Order, ...fields: string[]];

const rows = {
  /* text: emitted by the bodies of functions that some patch replaces, so it tells what really ran */
  func_enter: ['local', 'func', 'version', 'pc'],
  func_exit: ['local', 'func', 'version', 'pc'],
  klp_handler: ['local', 'func', 'version', 'transition', 'patch_state', 'klp_func'],
  oops: ['global', 'reason', 'pc', 'func'],
  warn: ['global', 'site', 'a', 'b'],
  /* kernel entry and switch points */
  syscall_enter: ['local', 'entry'],
  syscall_exit: ['local', 'patch_state'],
  switch_point: ['local', 'kind', 'patch_state', 'pending'],
  /* scheduler */
  sched_switch: ['global', 'prev', 'next', 'prev_state'],
  sched_wakeup: ['global', 'woken', 'cpu', 'state'],
  task_new: ['global', 'child', 'patch_state', 'pending', 'pf_flags', 'cpu'],
  task_exit: ['global', 'exiting'],
  migrate: ['global', 'migrated', 'from', 'to'],
  /* livepatch */
  patch_state: ['global', 'switched', 'from', 'to', 'how'],
  klp_init: ['global', 'patch', 'target'],
  klp_start: ['global', 'patch', 'target'],
  klp_started: ['global', 'patch', 'target'],
  klp_try: ['global', 'patch', 'remaining', 'attempt'],
  klp_complete: ['global', 'patch', 'target'],
  klp_completed: ['global', 'patch', 'target', 'us'],
  klp_reverse: ['global', 'patch', 'from', 'to'],
  klp_reversed: ['global', 'patch', 'from', 'to'],
  klp_cancel: ['global', 'patch'],
  klp_force: ['global', 'patch', 'target'],
  klp_signals: ['global', 'patch', 'attempt'],
  klp_stack: ['global', 'checked', 'result', 'func'],
  klp_patch_func: ['global', 'func', 'patch', 'klp_func', 'new_func', 'size'],
  klp_unpatch_func: ['global', 'func', 'patch', 'klp_func'],
  mod_load: ['global', 'patch', 'text', 'size'],
  mod_free: ['global', 'patch', 'text', 'size'],
  klp_sync: ['global', 'phase'],
  /* what a walk over the raw task table found at a point where the rule is known; made by the machine, not by livepatch */
  audit: ['global', 'point', 'offenders', 'pid', 'state', 'pending'],
  /* CPU hotplug */
  cpu_up: ['global', 'cpu', 'phase', 'errno', 'us', 'cpuhp_state'],
  cpu_down: ['global', 'cpu', 'phase', 'errno', 'us', 'cpuhp_state'],
  cpu_online: ['global', 'cpu', 'online'],
  cpu_dead: ['global', 'cpu'],
  cpu_boot: ['global', 'cpu'],
  hotplug_disable: ['global', 'count'],
  idle_pass: ['local', 'cpu', 'patch_state', 'pending'],
  /* control paths: an operation that the kernel refused; a section of another user of the hotplug lock */
  klp_refused: ['global', 'patch', 'errno'],
  reader_section: ['global', 'us'],
  /* locks whose exclusion is judged */
  rwsem_read: ['global', 'lock', 'phase'],
  rwsem_write: ['global', 'lock', 'phase'],
  /* livepatch lets go of the module of a patch: from here on it may be removed */
  mod_put: ['global', 'patch'],
  /* under the hotplug lock: what one side of a driver has read of the other, and what it has written for it */
  driver_data: ['global', 'side', 'read', 'wrote'],
  /* livepatch sends a task its fake signal, or wakes a kthread; another tracer owns a function, or has given it back */
  klp_signal: ['global', 'signalled'],
  tracer: ['global', 'func', 'owns'],
} as const satisfies Record<string, Row>;

export type EventName = keyof typeof rows;

/** Payload words of a record. */
export const PAYLOAD_WORDS = 5;

export const events: readonly EventRow[] = Object.entries(rows).map(([name, [order, ...fields]], i) => ({
  nr: i + 1,
  name,
  order,
  fields,
}));

/** Event numbers by name. Global events carry GLOBAL_BIT, which the writer tests. */
export const GLOBAL_BIT = 0x80;
export const EV = Object.fromEntries(
  events.map((e) => [e.name, e.order === 'global' ? e.nr | GLOBAL_BIT : e.nr]),
) as { readonly [K in EventName]: number };

const byNumber = new Map(events.map((e) => [e.order === 'global' ? e.nr | GLOBAL_BIT : e.nr, e]));

export function eventRow(ev: number): EventRow | undefined {
  return byNumber.get(ev);
}

/* Values of payload words that are not the kernel's own constants. */

/** `phase` of cpu_up, cpu_down, klp_sync, rwsem_read and rwsem_write. */
export const PHASE = { begin: 0, end: 1, wait: 2 } as const;
/** `kind` of switch_point. */
export const SWITCH_POINT = {
  kernel_exit: 0,
  idle: 1,
  kthread: 2,
  cond_resched: 3,
  user_preempt: 4,
} as const;
/** `how` of patch_state: who changed it and why. */
export const HOW = {
  self: 1,
  stack_check: 2,
  offline_idle: 3,
  force: 4,
  sched: 5,
} as const;
/**
 * `point` of audit. inited: every task is in the initial state. completed: every task UNDEFINED, no flag pending. forced:
 * no flag pending; a task that is about to switch itself has cleared its own.
 */
export const AUDIT = { inited: 0, completed: 1, forced: 2 } as const;
/** `reason` of oops. */
export const OOPS = { poison: 1, bad_opcode: 2, stack_overflow: 3, stack_underflow: 4 } as const;

/** One decoded record. `seq` is the trace clock unwrapped: larger is not earlier. */
export interface TraceRecord {
  seq: number;
  ev: number;
  actor: number;
  task: number;
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
}
