// SPDX-License-Identifier: GPL-2.0-only
/**
 * The reader side of cpu_hotplug_lock: percpu-rwsem without a writer against the two atomic operations that a plain
 * reader counter costs, then against the refcount lock of January 2017 with two readers that contend.
 */
import { _THIS_IP_ } from '../../src/kernel/abi/lock_classes.js';
import { percpu, vmlinux } from '../../src/kernel/abi/structs.js';
import type { Kernel } from '../../src/kernel/kernel.js';
import { percpu_down_read, percpu_up_read } from '../../src/kernel/locking/percpu_rwsem.js';
import { embedded } from '../../src/mem/layout.js';
import { type Contender, compare } from '../harness.js';
import { contend } from '../machine/contend.js';
import { benchScenario, fn } from '../machine/scenario.js';
import { controlHandle, soloMachine } from '../machine/solo.js';
import { bar, figure } from '../result.js';
import { type Row, spreadWarnings } from '../row.js';

export const percpuRwsem: Row = {
  name: 'percpu-rwsem',
  what: 'percpu-rwsem, read lock + unlock, no writer',
  bound: 'one Atomics.add + one Atomics.sub; the refcount flavour with 2 readers contending',
  byDefault: true,
  processes: 3,
  run: async () => {
    const alone = compare({ rwsem: reader(false), with_stat: reader(true), atomics: addAndSub() });
    const two = await contend(await benchMachine());
    const bars = [
      bar(figure('against add + sub', 'x', alone.ratio('rwsem', 'atomics')), 'at most', 2.5),
      bar(figure('refcount flavour against it, 2 readers', 'x', two.ratio), 'at least', 3),
    ];
    return {
      bars,
      figures: [
        figure('lock + unlock', 'ns', alone.ns.rwsem),
        figure('Atomics.add + Atomics.sub', 'ns', alone.ns.atomics),
        figure('lock + unlock with lock_stat', 'ns', alone.ns.with_stat),
        figure('lock + unlock, 2 readers', 'ns', two.percpuNs),
        figure('refcount flavour, 2 readers', 'ns', two.refcountNs),
      ],
      warnings: [...alone.warnings, ...spreadWarnings(bars)],
    };
  },
};

function benchMachine() {
  return soloMachine(benchScenario({ functions: [fn('unused', true, [])] }), {
    online: false,
    lockStat: false,
  });
}

/** A control path that takes the lock and gives it back. One turn is both. */
function reader(lockStat: boolean): Contender {
  const functions = [fn('unused', true, [])];
  const machine = soloMachine(benchScenario({ functions }), { online: false, lockStat });
  const k: Kernel = controlHandle(machine, 'third');
  const sem = embedded(k.g, vmlinux.cpu_hotplug_lock);
  return (n) => {
    for (let i = 0; i < n; i++) {
      percpu_down_read(k, sem, _THIS_IP_.cpus_read_lock_user);
      percpu_up_read(k, sem);
    }
    return n;
  };
}

/** On a word of a machine's heap that nobody else uses. */
function addAndSub(): Contender {
  const { boot } = benchMachine();
  const word = boot.me + percpu.read_count;
  return (n) => {
    for (let i = 0; i < n; i++) {
      Atomics.add(boot.i32, word, 1);
      Atomics.sub(boot.i32, word, 1);
    }
    return n;
  };
}
