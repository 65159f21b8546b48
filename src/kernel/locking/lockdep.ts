// SPDX-License-Identifier: GPL-2.0-only
/**
 * What every lock tells lockdep: contended, acquired, released (include/linux/lockdep.h). The hooks only count and
 * keep the list of locks that this actor holds; they make no access to what the kernel code shares. What becomes of
 * them is the tracker's: statistics, or the checks that lockdep is known for.
 *
 * A lock's `owner` word is the holder's actor number + 1 and turns negative at the release, so it still names the
 * last actor: a lock that comes from another actor has "bounced". Only the holder writes it, with plain stores that
 * the lock itself orders. Whoever looks without the lock uses data_race: for statistics and reports a hint is enough.
 */
import { SimulatorBug } from '../../util/fault.js';
import { lockClassName } from '../abi/lock_classes.js';
import type { Kernel } from '../kernel.js';
import { rcu_qs } from '../rcu/tree.js';

/** The lock was found taken and the wait begins; holderIp is where the holder took it, 0 if not known. */
export function lock_contended(
  k: Kernel,
  lock: number,
  cls: number,
  mode: number,
  ip: number,
  holderIp: number,
  bounced: boolean,
): void {
  k.lockdep.contended(lock, cls, mode, ip, holderIp, bounced);
}

/** `waited`: lock_contended was called before, and the wait ends here. */
export function lock_acquired(
  k: Kernel,
  lock: number,
  cls: number,
  mode: number,
  ip: number,
  waited: boolean,
  bounced: boolean,
): void {
  k.lockdep.acquired(lock, cls, mode, ip, waited, bounced);
}

/** Called while the lock is still held. Throws SimulatorBug if this actor does not, unless the tracker takes note. */
export function lock_release(k: Kernel, lock: number, cls: number): void {
  if (!k.lockdep.release(lock, cls)) not_held(k, lock, cls);
}

/* The throws stand apart: V8 inlines by size, and these hooks are on every fast path. */

function not_held(k: Kernel, lock: number, cls: number): never {
  throw new SimulatorBug(
    `actor ${k.actor} releases ${lockClassName(cls)} at ${lock}, which it does not hold`,
  );
}

function may_not_sleep(k: Kernel, what: string, ip: number): void {
  if (k.is_cpu) throw new SimulatorBug(`${what} on CPU ${k.actor}: only control paths block`);
  scheduling_while_atomic(k, what, ip);
}

function scheduling_while_atomic(k: Kernel, what: string, ip: number): void {
  if (k.lockdep.sleepsAtomic(what, ip, k.preempt_count)) return;
  throw new SimulatorBug(`${what}: actor ${k.actor} may not block with preemption off`);
}

/** The owner word of a lock that this actor holds. */
export function owner_word(k: Kernel): number {
  return k.actor + 1;
}

/** Did the lock come from another actor? `owner` is the word as the last holder left it; 0: nobody had it yet. */
export function lock_bounced(k: Kernel, owner: number): boolean {
  const me = k.actor + 1;
  return owner !== 0 && owner !== me && owner !== -me;
}

/**
 * The caller may block below, so it must be a control path that holds nothing which keeps it from blocking. Like
 * might_sleep of a voluntarily preemptible kernel it reports a quiescent state: a control path that takes locks in a
 * loop without ever blocking holds up no grace period. `ip` is the caller's place.
 */
export function might_sleep(k: Kernel, what: string, ip: number): void {
  if (k.is_cpu || k.preempt_count !== 0) may_not_sleep(k, what, ip);
  else rcu_qs(k);
}

/** Where somebody does sleep, or a task gives its CPU away: preemption must be on (schedule_debug). */
export function schedule_debug(k: Kernel, what: string): void {
  if (k.preempt_count !== 0) scheduling_while_atomic(k, what, 0);
}
