// SPDX-License-Identifier: GPL-2.0-only
/** Which accesses of an execution conflict, and which words tell what livepatch and hotplug do. */
import { TIF_PATCH_PENDING } from '../kernel/abi/constants.js';
import { type Access, isWrite, UNKNOWN } from './accesses.js';

/** `first` came before `second`, from another actor; at least one changed the word, and nothing changed it between. */
export interface Conflict {
  readonly first: Access;
  readonly second: Access;
  readonly word: string;
  readonly rank: Rank;
  /** How many of the two are made by livepatch, a protocol, hotplug or fork: 0 to 2. */
  readonly places: number;
}

/** How much a word says about the protocol. */
export const RANK = { protocol: 0, tasks: 1, data: 2, locks: 3 } as const;
export type Rank = (typeof RANK)[keyof typeof RANK];

const PROTOCOL =
  /(^|\.)(patch_state|klp_target_state|klp_transition_patch|cpu_(online|active|present)_mask|transition|patched|enabled|forced|func_stack\S*|klp_ops|klp_patches\S*|cpu_hotplug_disabled|cpuhp_callbacks\S*)$/;
const FLAGS = /\.thread_flags$/;
const TASKS = /(^|\.)(tasks\S*|init_tasks\S*|nr_threads)$/;
const LOCKS =
  /(lock|mutex|rq_|pool|worklist|rcu|wait|timer|wheel|delayed|transition_work|heartbeat|state_obj|state_since|\.state$|\.__state$|seq|cache|preempt_count|irq_count|ipi|halted|stop|jiffies|done|klp_stack_entries|read_count|block$|machine_state|run_list|queue|^stack|word \d)/;

const PLACES = /src\/(protocol|kernel\/livepatch)\/|\/kernel\/cpu\/(hotplug|masks)|\/fork\.ts$/;
/** Interrupts, work and grace periods look at protocol words for everybody who waits for them. */
const MACHINERY = /\/(ipi|workqueue|stop_machine|rq|slab)\.ts$|\/kernel\/rcu\//;
/** Lists of tasks are walked and changed by the same few functions, whoever calls them. */
const LISTS = /(^|\.)(tasks|init_tasks)/;

export function rankOf(word: string, write: Access): Rank {
  if (FLAGS.test(word)) return changesPending(write) ? RANK.protocol : RANK.locks;
  if (PROTOCOL.test(word)) return RANK.protocol;
  if (TASKS.test(word)) return RANK.tasks;
  return LOCKS.test(word) ? RANK.locks : RANK.data;
}

function changesPending(write: Access): boolean {
  return write.before === UNKNOWN || (((write.before ^ write.after) >> TIF_PATCH_PENDING) & 1) !== 0;
}

/** Reads by one actor at one place that are as many operations apart are told apart: a list is walked more than once. */
const APART = 12;

interface Word {
  write: Access | null;
  readers: Access[];
}

/** `isWatching`: the access is no part of the program, it only tells what goes on. */
export function conflictsOf(
  accesses: readonly Access[],
  wordOf: (addr: number) => string,
  isWatching: (a: Access) => boolean,
  fileOf: (a: Access) => string,
): Conflict[] {
  const found: Conflict[] = [];
  const words = new Map<number, Word>();
  const add = (first: Access, second: Access, write: Access): void => {
    if (first.actor === second.actor || isWatching(first) || isWatching(second)) return;
    const word = wordOf(first.addr);
    const files = [fileOf(first), fileOf(second)];
    const places = LISTS.test(word) ? 2 : files.filter((file) => PLACES.test(file)).length;
    const rank = files.some((file) => MACHINERY.test(file)) ? RANK.locks : rankOf(word, write);
    found.push({ first, second, word, rank, places });
  };
  for (const a of accesses) {
    const w: Word = words.get(a.addr) ?? { write: null, readers: [] };
    words.set(a.addr, w);
    if (isWrite(a)) {
      if (w.readers.length === 0 && w.write !== null) add(w.write, a, a);
      for (const reader of w.readers) add(reader, a, a);
      w.write = a;
      w.readers = [];
      continue;
    }
    const { write } = w;
    if (write !== null && !w.readers.some((r) => r.actor === a.actor && r.site === a.site))
      add(write, a, write);
    const same = w.readers.findIndex(
      (r) => r.actor === a.actor && r.site === a.site && a.step - r.step < APART,
    );
    if (same >= 0) w.readers.splice(same, 1);
    w.readers.push(a);
  }
  return found;
}

/** The first only looked: what it saw was no longer so when the second had come. */
export function isStale(c: Conflict): boolean {
  return !isWrite(c.first);
}
