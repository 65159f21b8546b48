// SPDX-License-Identifier: GPL-2.0-only
/** What the compiled operations call at their scheduling points. True: another actor is next, yield. */
import { ACCESS } from '../../schedule/scheduler.js';
import { rt } from './runtime.js';
import type { PendingOperation } from './view.js';
import { $S, due, LEFT, MOST_TURNS } from './waits.js';

export function $pause(): boolean {
  return rt.pause();
}

export function $spin(site: number): boolean {
  const a = rt.current;
  rt.site[a] = site;
  (rt.view.operations[a] as PendingOperation).set(ACCESS.none, 0);
  return rt.spin();
}

/** The next operation of the running actor, before it. */
export function $at(access: number, addr: number, site: number): boolean {
  const a = rt.current;
  rt.site[a] = site;
  (rt.view.operations[a] as PendingOperation).set(access, addr);
  return due() && rt.pause();
}

/** The same for a read-modify-write (RMW), with its values. */
export function $rmw(rmw: number, addr: number, site: number, value: number, other: number): boolean {
  announceRmw(rmw, addr, site, value, other);
  return due() && rt.pause();
}

function announceRmw(rmw: number, addr: number, site: number, value: number, other: number): void {
  const a = rt.current;
  rt.site[a] = site;
  const op = rt.view.operations[a] as PendingOperation;
  op.set(ACCESS.update, addr);
  op.rmw = rmw;
  op.value = value | 0;
  op.other = other | 0;
  op.takesEffect = op.changes;
}

/** $at and $rmw of quick versions, which have made sure that no question is due. */
export function $pass(access: number, addr: number, site: number): void {
  const a = rt.current;
  rt.site[a] = site;
  (rt.view.operations[a] as PendingOperation).set(access, addr);
  $S[LEFT] = ($S[LEFT] as number) - 1;
}

export function $passRmw(rmw: number, addr: number, site: number, value: number, other: number): void {
  announceRmw(rmw, addr, site, value, other);
  $S[LEFT] = ($S[LEFT] as number) - 1;
}

/** A loop has turned more often than any that ends, with no operation on a shared word of its own accord. */
export function $endless(): never {
  throw new Error(`a loop does not end: no operation on a shared word in ${MOST_TURNS} turns`);
}
