// SPDX-License-Identifier: GPL-2.0-only
/** Doubly linked lists and their RCU forms (include/linux/list.h, rculist.h). An empty head points to itself. */
import type { Mem } from './heap.js';
import { load, rcu_assign_pointer, rcu_dereference, store, WRITE_ONCE } from './heap.js';
import { NULL, type Ptr, ptr, struct } from './layout.js';

export const list_head = struct('list_head', { next: ptr('list_head'), prev: ptr('list_head') });
export type ListHead = Ptr<'list_head'>;

/* Constants of this file are compiled in; what is exported or imported is read from its module at every use. */
const NEXT = list_head.next;
const PREV = list_head.prev;
const NONE: ListHead = NULL;

/** What a deleted entry's prev holds, so that a second deletion is visible (LIST_POISON2). */
export const LIST_POISON = 0x122 as ListHead;

export function INIT_LIST_HEAD(m: Mem, head: ListHead): void {
  WRITE_ONCE(m, head, NEXT, head);
  store(m, head, PREV, head);
}

function __list_add(m: Mem, entry: ListHead, prev: ListHead, next: ListHead): void {
  store(m, next, PREV, entry);
  store(m, entry, NEXT, next);
  store(m, entry, PREV, prev);
  WRITE_ONCE(m, prev, NEXT, entry);
}

/** Adds at the front: a stack. */
export function list_add(m: Mem, entry: ListHead, head: ListHead): void {
  __list_add(m, entry, head, load(m, head, NEXT));
}

/** Adds at the back: a queue. */
export function list_add_tail(m: Mem, entry: ListHead, head: ListHead): void {
  __list_add(m, entry, load(m, head, PREV), head);
}

export function list_del(m: Mem, entry: ListHead): void {
  const next = load(m, entry, NEXT);
  const prev = load(m, entry, PREV);
  store(m, next, PREV, prev);
  WRITE_ONCE(m, prev, NEXT, next);
  store(m, entry, PREV, LIST_POISON);
}

export function list_del_init(m: Mem, entry: ListHead): void {
  list_del(m, entry);
  INIT_LIST_HEAD(m, entry);
}

export function list_empty(m: Mem, head: ListHead): boolean {
  return rcu_dereference(m, head, NEXT) === head;
}

export function list_is_singular(m: Mem, head: ListHead): boolean {
  const first = load(m, head, NEXT);
  return first !== head && first === load(m, head, PREV);
}

export function list_next(m: Mem, entry: ListHead): ListHead {
  return load(m, entry, NEXT);
}

/** First entry, or NULL. */
export function list_first_or_null(m: Mem, head: ListHead): ListHead {
  const first = load(m, head, NEXT);
  return first === head ? NONE : first;
}

function __list_add_rcu(m: Mem, entry: ListHead, prev: ListHead, next: ListHead): void {
  store(m, entry, NEXT, next);
  store(m, entry, PREV, prev);
  /* Publication: the entry and what it is part of before the pointer to it; pairs with rcu_dereference. */
  rcu_assign_pointer(m, prev, NEXT, entry);
  store(m, next, PREV, entry);
}

export function list_add_rcu(m: Mem, entry: ListHead, head: ListHead): void {
  __list_add_rcu(m, entry, head, load(m, head, NEXT));
}

export function list_add_tail_rcu(m: Mem, entry: ListHead, head: ListHead): void {
  __list_add_rcu(m, entry, load(m, head, PREV), head);
}

/** Unlinks; the entry's next stays, so that a reader standing on it can go on. */
export function list_del_rcu(m: Mem, entry: ListHead): void {
  const next = load(m, entry, NEXT);
  const prev = load(m, entry, PREV);
  store(m, next, PREV, prev);
  WRITE_ONCE(m, prev, NEXT, next);
  store(m, entry, PREV, LIST_POISON);
}

export function list_next_rcu(m: Mem, entry: ListHead): ListHead {
  return rcu_dereference(m, entry, NEXT);
}

/** First entry for a reader that runs beside writers, or NULL. */
export function list_first_or_null_rcu(m: Mem, head: ListHead): ListHead {
  const first = rcu_dereference(m, head, NEXT);
  return first === head ? NONE : first;
}
