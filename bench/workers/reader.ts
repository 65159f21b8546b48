// SPDX-License-Identifier: GPL-2.0-only
/** Worker: a control path that takes the reader side of the hotplug lock, of either flavour, when told to. */
import { parentPort, workerData } from 'node:worker_threads';
import { _THIS_IP_ } from '../../src/kernel/abi/lock_classes.js';
import { vmlinux } from '../../src/kernel/abi/structs.js';
import { get_online_cpus, put_online_cpus } from '../../src/kernel/locking/cpu_hotplug_refcount.js';
import { percpu_down_read, percpu_up_read } from '../../src/kernel/locking/percpu_rwsem.js';
import { rcu_eqs_exit } from '../../src/kernel/rcu/tree.js';
import { controlActor, kernelView } from '../../src/machine/view.js';
import { embedded } from '../../src/mem/layout.js';
import {
  ARRIVED,
  OVER,
  type ReaderOrder,
  type ReaderReply,
  type ReaderTask,
} from '../machine/reader_orders.js';

/** Sections between two looks at the gate. */
const STRETCH = 256;

const task = workerData as ReaderTask;
const gate = new Int32Array(task.gate);
const k = kernelView(task.shared, controlActor(task.shared.plan, task.role));
rcu_eqs_exit(k);
const sem = embedded(k.g, vmlinux.cpu_hotplug_lock);
const refcount = embedded(k.g, vmlinux.cpu_hotplug);

/** Waits for the other readers, so that all set off together. Condition: all have arrived. Waker: the last one. */
function meet(arrivals: number): void {
  let seen = Atomics.add(gate, ARRIVED, 1) + 1;
  if (seen === arrivals) Atomics.notify(gate, ARRIVED);
  while (seen !== arrivals) {
    Atomics.wait(gate, ARRIVED, seen);
    seen = Atomics.load(gate, ARRIVED);
  }
}

function takePercpu(): void {
  for (let i = 0; i < STRETCH; i++) {
    percpu_down_read(k, sem, _THIS_IP_.cpus_read_lock_user);
    percpu_up_read(k, sem);
  }
}

function takeRefcount(): void {
  for (let i = 0; i < STRETCH; i++) {
    get_online_cpus(k, refcount, _THIS_IP_.cpus_read_lock_user);
    put_online_cpus(k, refcount);
  }
}

parentPort?.on('message', ({ flavour, round, readers, sections }: ReaderOrder) => {
  meet(round * readers);
  const start = process.hrtime.bigint();
  let done = 0;
  while (Atomics.load(gate, OVER) < round && done < sections) {
    if (flavour === 'percpu') takePercpu();
    else takeRefcount();
    done += STRETCH;
  }
  Atomics.store(gate, OVER, round);
  const reply: ReaderReply = { ns: Number(process.hrtime.bigint() - start), sections: done };
  parentPort?.postMessage(reply);
});
