// SPDX-License-Identifier: GPL-2.0-only
/** Worker: a control path that takes the reader side of the hotplug lock, of either flavour, when told to. */
import { parentPort, workerData } from 'node:worker_threads';
import { _THIS_IP_ } from '../../src/kernel/abi/lock_classes.js';
import { vmlinux } from '../../src/kernel/abi/structs.js';
import { get_online_cpus, put_online_cpus } from '../../src/kernel/locking/cpu_hotplug_refcount.js';
import { percpu_down_read, percpu_up_read } from '../../src/kernel/locking/percpu_rwsem.js';
import { rcu_eqs_exit } from '../../src/kernel/rcu/tree.js';
import type { ControlRole } from '../../src/machine/plan.js';
import { controlActor, kernelView, type MachineShared } from '../../src/machine/view.js';
import { embedded } from '../../src/mem/layout.js';

export interface ReaderTask {
  readonly shared: MachineShared;
  readonly role: ControlRole;
  readonly gate: SharedArrayBuffer;
}

export interface ReaderOrder {
  readonly flavour: 'percpu' | 'refcount';
  readonly sections: number;
  /** What the gate's count of arrivals comes to when all readers of this round are there. */
  readonly arrivals: number;
}

export interface ReaderReply {
  readonly ns: number;
}

const task = workerData as ReaderTask;
const gate = new Int32Array(task.gate);
const k = kernelView(task.shared, controlActor(task.shared.plan, task.role));
rcu_eqs_exit(k);
const sem = embedded(k.g, vmlinux.cpu_hotplug_lock);
const refcount = embedded(k.g, vmlinux.cpu_hotplug);

/** Waits for the other readers. Condition: all have arrived. Waker: the last one. */
function meet(arrivals: number): void {
  let seen = Atomics.add(gate, 0, 1) + 1;
  if (seen === arrivals) Atomics.notify(gate, 0);
  while (seen !== arrivals) {
    Atomics.wait(gate, 0, seen);
    seen = Atomics.load(gate, 0);
  }
}

function takePercpu(sections: number): void {
  for (let i = 0; i < sections; i++) {
    percpu_down_read(k, sem, _THIS_IP_.cpus_read_lock_user);
    percpu_up_read(k, sem);
  }
}

function takeRefcount(sections: number): void {
  for (let i = 0; i < sections; i++) {
    get_online_cpus(k, refcount, _THIS_IP_.cpus_read_lock_user);
    put_online_cpus(k, refcount);
  }
}

parentPort?.on('message', ({ flavour, sections, arrivals }: ReaderOrder) => {
  meet(arrivals);
  const start = process.hrtime.bigint();
  if (flavour === 'percpu') takePercpu(sections);
  else takeRefcount(sections);
  const reply: ReaderReply = { ns: Number(process.hrtime.bigint() - start) };
  parentPort?.postMessage(reply);
});
