// SPDX-License-Identifier: GPL-2.0-only
/** How lockdep's findings name locks and places. */
import { ip_names, lockClassName, NR_LOCK_CLASSES } from '../kernel/abi/lock_classes.js';
import { LOCK_READ } from '../trace/lock_tracker.js';
import type { EdgeWitness } from './lock_graph.js';
import type { Site, Violation } from './violation.js';

/** A lock that an actor holds or wants. */
export interface HeldLock {
  readonly lock: number;
  /** Class, or class + NR_LOCK_CLASSES for the second of two of one class. */
  readonly node: number;
  readonly mode: number;
  readonly ip: number;
  readonly seq: number;
}

/** `rq->lock`; `timer_base->lock/1` for the second of two, as the kernel prints it. */
export function nodeName(node: number): string {
  return node < NR_LOCK_CLASSES ? lockClassName(node) : `${lockClassName(node - NR_LOCK_CLASSES)}/1`;
}

export function ipName(ip: number): string {
  return ip_names[ip] ?? `ip ${ip}`;
}

export function lockSite(label: string, h: HeldLock, actor: number): Site {
  const how = (h.mode & LOCK_READ) !== 0 ? ' for reading' : '';
  return { label, seq: h.seq, actor, text: `${nodeName(h.node)}${how} in ${ipName(h.ip)}` };
}

/** `, holding klp_mutex (klp_enable_patch), rq->lock (__schedule)`; empty if it holds nothing. */
export function heldText(held: readonly HeldLock[]): string {
  if (held.length === 0) return '';
  return `, holding ${held.map((h) => `${nodeName(h.node)} (${ipName(h.ip)})`).join(', ')}`;
}

/** A chain a → b → a, with the place that made each step. */
export function cycleViolation(cycle: readonly EdgeWitness[]): Omit<Violation, 'code' | 'count'> {
  const [closing] = cycle as [EdgeWitness];
  const executions = new Set(cycle.map((e) => e.execution));
  const chain = [...cycle.map((e) => nodeName(e.from)), nodeName(closing.from)].join(' -> ');
  return {
    summary: `possible circular locking: ${chain}`,
    sites: cycle.map((e) => ({
      label: `${nodeName(e.from)} -> ${nodeName(e.to)}`,
      seq: e.seq,
      actor: e.actor,
      text: `${ipName(e.toIp)} takes ${nodeName(e.to)}, holding ${nodeName(e.from)} of ${ipName(e.fromIp)}`,
      stack: e.stack,
      execution: e.execution,
    })),
    task: null,
    cpu: closing.actor,
    seq: closing.seq,
    ...(executions.size > 1
      ? {
          hint: `the steps were made in executions ${[...executions].join(' and ')}: no single one has to show both`,
        }
      : {}),
  };
}
