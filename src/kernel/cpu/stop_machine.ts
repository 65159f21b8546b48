// SPDX-License-Identifier: GPL-2.0-only
/**
 * stop_machine (kernel/stop_machine.c): every online CPU leaves what it runs, turns interrupts off and waits while
 * one of them runs a function. Stopper work runs on the idle task of a CPU with all other tasks off it; the
 * migration/N threads that run it in Linux are not modelled as tasks.
 */
import {
  fetch_add,
  load,
  READ_ONCE,
  smp_load_acquire,
  smp_store_release,
  store,
  WRITE_ONCE,
} from '../../mem/heap.js';
import { embedded } from '../../mem/layout.js';
import { ACTOR_STATE, IPI_STOP_WORK } from '../abi/constants.js';
import { _THIS_IP_ } from '../abi/lock_classes.js';
import { percpu, vmlinux } from '../abi/structs.js';
import { type Kernel, per_cpu } from '../kernel.js';
import { complete, reinit_completion, wait_for_completion } from '../locking/completion.js';
import { cpu_relax, set_actor_state } from '../sched/preempt.js';
import { local_irq_disable, local_irq_enable, send_ipi } from './ipi.js';
import { cpu_online } from './masks.js';

const MULTI_STOP_PREPARE = 1;
const MULTI_STOP_DISABLE_IRQ = 2;
const MULTI_STOP_RUN = 3;
const MULTI_STOP_EXIT = 4;

/**
 * Runs `fn(k, arg)` on `cpu` while all others are stopped; returns its result. cpu_hotplug_lock is held for
 * writing, so the set of CPUs stands still and there is one caller at a time. `fn` is known to every CPU
 * (run_stopped).
 */
export function stop_machine_cpuslocked(k: Kernel, fn_id: number, arg: number, cpu: number): number {
  const g = k.g;
  let n = 0;
  for (let i = 0; i < k.nr_cpus; i++) if (cpu_online(k, i)) n++;
  store(k, g, vmlinux.multi_stop_num, n);
  store(k, g, vmlinux.multi_stop_active_cpu, cpu);
  store(k, g, vmlinux.multi_stop_func, fn_id);
  store(k, g, vmlinux.multi_stop_arg, arg);
  store(k, g, vmlinux.multi_stop_result, 0);
  WRITE_ONCE(k, g, vmlinux.multi_stop_ack, n);
  reinit_completion(k, embedded(g, vmlinux.multi_stop_done));
  WRITE_ONCE(k, g, vmlinux.multi_stop_state, MULTI_STOP_PREPARE);
  for (let i = 0; i < k.nr_cpus; i++) {
    if (!cpu_online(k, i)) continue;
    /*
     * STOP_WORK, release: the state and the rest above before the request, as stopper->lock orders them in Linux. Pairs
     * with the acquire in do_idle. Without it a stopper takes the end of the last stop_machine for that of this one.
     */
    smp_store_release(k, per_cpu(k, i), percpu.stop_work, 1);
    send_ipi(k, i, IPI_STOP_WORK);
  }
  wait_for_completion(k, embedded(g, vmlinux.multi_stop_done), _THIS_IP_.stop_machine);
  return load(k, g, vmlinux.multi_stop_result);
}

/** The stopper of this CPU: walks the states in step with all others, interrupts off from DISABLE_IRQ on. */
export function multi_cpu_stop(
  k: Kernel,
  run_stopped: (k: Kernel, fn_id: number, arg: number) => number,
): void {
  const g = k.g;
  set_actor_state(k, ACTOR_STATE.stop_machine, 0);
  let state = 0;
  while (state !== MULTI_STOP_EXIT) {
    /*
     * Condition: the state moved on. Waker: none, the last CPU to acknowledge moves it. MULTI_STOP, acquire: pairs with
     * ack_state. Without it what comes in this state may look at things as they were in the one before.
     */
    const now = smp_load_acquire(k, g, vmlinux.multi_stop_state);
    if (now === state) {
      cpu_relax(k);
      continue;
    }
    state = now;
    if (state === MULTI_STOP_DISABLE_IRQ) local_irq_disable(k);
    if (state === MULTI_STOP_RUN && load(k, g, vmlinux.multi_stop_active_cpu) === k.actor) {
      store(
        k,
        g,
        vmlinux.multi_stop_result,
        run_stopped(k, load(k, g, vmlinux.multi_stop_func), load(k, g, vmlinux.multi_stop_arg)),
      );
    }
    ack_state(k, state);
  }
  WRITE_ONCE(k, k.me, percpu.stop_work, 0);
  local_irq_enable(k);
  set_actor_state(k, ACTOR_STATE.running, 0);
  if (fetch_add(k, g, vmlinux.multi_stop_num, -1) === 1) complete(k, embedded(g, vmlinux.multi_stop_done));
}

/**
 * The last CPU to acknowledge a state sets the next one. MULTI_STOP, release (set_state has an smp_wmb): the counter is
 * full again before that is visible. Pairs with multi_cpu_stop. Without it a CPU counts down the state before.
 */
function ack_state(k: Kernel, state: number): void {
  const g = k.g;
  if (fetch_add(k, g, vmlinux.multi_stop_ack, -1) !== 1) return;
  if (state === MULTI_STOP_EXIT) return;
  WRITE_ONCE(k, g, vmlinux.multi_stop_ack, READ_ONCE(k, g, vmlinux.multi_stop_num));
  smp_store_release(k, g, vmlinux.multi_stop_state, state + 1);
}
