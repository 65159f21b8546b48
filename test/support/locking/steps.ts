// SPDX-License-Identifier: GPL-2.0-only
/** How the jobs of a lab wait for each other: by state, never by time. */
import { percpu } from '#src/kernel/abi/structs.js';
import { type Kernel, per_cpu } from '#src/kernel/kernel.js';
import { cpu_relax } from '#src/kernel/sched/preempt.js';
import { fetch_add, READ_ONCE, WRITE_ONCE } from '#src/mem/heap.js';
import { element } from '#src/mem/layout.js';
import { type Lab, LOG_WORDS, lab_area, labArea } from './lab.js';

export function relax(k: Kernel, turns: number): void {
  for (let i = 0; i < turns; i++) cpu_relax(k);
}

export function set_step(k: Kernel, lab: Lab, step: number): void {
  WRITE_ONCE(k, labArea(lab), lab_area.step, step);
}

export function step_of(k: Kernel, lab: Lab): number {
  return READ_ONCE(k, labArea(lab), lab_area.step);
}

export function await_step(k: Kernel, lab: Lab, step: number): void {
  while (step_of(k, lab) < step) cpu_relax(k);
}

export function state_of(k: Kernel, actor: number): number {
  return READ_ONCE(k, per_cpu(k, actor), percpu.state);
}

export function await_state(k: Kernel, actor: number, state: number): void {
  while (state_of(k, actor) !== state) cpu_relax(k);
}

/** RCU does not watch the actor: it is past its last look at what it waits for. */
export function await_asleep(k: Kernel, actor: number): void {
  while ((READ_ONCE(k, per_cpu(k, actor), percpu.rcu_dynticks) & 1) !== 0) cpu_relax(k);
}

export function log(k: Kernel, lab: Lab, value: number): void {
  const i = fetch_add(k, labArea(lab), lab_area.log_len, 1);
  if (i < LOG_WORDS) WRITE_ONCE(k, labArea(lab), element(lab_area.log, i), value);
}

export function logged(k: Kernel, lab: Lab, value: number): boolean {
  const n = READ_ONCE(k, labArea(lab), lab_area.log_len);
  for (let i = 0; i < n; i++) if (READ_ONCE(k, labArea(lab), element(lab_area.log, i)) === value) return true;
  return false;
}
