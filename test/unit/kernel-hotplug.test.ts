// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import {
  CPUHP_AP_ONLINE_DYN,
  CPUHP_OFFLINE,
  CPUHP_ONLINE,
  EBUSY,
  EINVAL,
} from '#src/kernel/abi/constants.js';
import { percpu } from '#src/kernel/abi/structs.js';
import {
  CPUHP_FN_KLP,
  cpuhp_remove_state_nocalls,
  cpuhp_setup_state,
  cpuhp_setup_state_nocalls,
  cpuhp_state,
} from '#src/kernel/cpu/callbacks.js';
import { cpu_down, cpu_hotplug_disable, cpu_hotplug_enable, cpu_up } from '#src/kernel/cpu/hotplug.js';
import { cpu_active, cpu_online, num_online_cpus } from '#src/kernel/cpu/masks.js';
import { per_cpu } from '#src/kernel/kernel.js';
import { READ_ONCE } from '#src/mem/heap.js';
import { awaitWord, drive, quiet } from '../support/driven_machine.js';

describe('CPU hotplug on real threads', () => {
  it('takes a CPU through its states down and up, and its tasks run elsewhere meanwhile', async () => {
    await drive(quiet('default', { cpus: 2, online: 2 }), (k) => {
      expect(cpuhp_state(k, 1)).toBe(CPUHP_ONLINE);
      expect(cpu_down(k, 1)).toBe(0);
      expect([cpu_online(k, 1), cpu_active(k, 1), cpuhp_state(k, 1)]).toEqual([false, false, CPUHP_OFFLINE]);
      const before = READ_ONCE(k, per_cpu(k, 0), percpu.heartbeat);
      awaitWord('cpu0 goes on', () => READ_ONCE(k, per_cpu(k, 0), percpu.heartbeat) > before + 100);
      expect(cpu_up(k, 1)).toBe(0);
      expect([cpu_online(k, 1), cpu_active(k, 1), cpuhp_state(k, 1)]).toEqual([true, true, CPUHP_ONLINE]);
    });
  });

  it('refuses the last CPU, one that is not there, and one that is in that state already', async () => {
    await drive(quiet('default', { cpus: 2, online: 1 }), (k) => {
      expect(num_online_cpus(k)).toBe(1);
      expect(cpu_down(k, 0)).toBe(-EBUSY);
      /* That no other CPU is left is looked at first. */
      expect(cpu_down(k, 7)).toBe(-EBUSY);
      expect(cpu_up(k, 7)).toBe(-EINVAL);
      expect(cpu_up(k, 0)).toBe(0);
    });
  });

  it('blocks hard while disabled: -EBUSY at once, nested, until the last enable', async () => {
    await drive(quiet('default', { cpus: 2, online: 2 }), (k) => {
      cpu_hotplug_disable(k);
      cpu_hotplug_disable(k);
      expect(cpu_down(k, 1)).toBe(-EBUSY);
      cpu_hotplug_enable(k);
      expect(cpu_down(k, 1)).toBe(-EBUSY);
      cpu_hotplug_enable(k);
      expect(cpu_down(k, 1)).toBe(0);
      expect(cpu_up(k, 1)).toBe(0);
    });
  });

  it('registers a dynamic callback once, with and without calling it', async () => {
    await drive(quiet('default', { cpus: 2, online: 2 }), (k) => {
      expect(cpuhp_setup_state_nocalls(k, CPUHP_ONLINE, CPUHP_FN_KLP)).toBe(-EINVAL);
      expect(cpuhp_setup_state_nocalls(k, CPUHP_AP_ONLINE_DYN, CPUHP_FN_KLP)).toBe(0);
      expect(cpuhp_setup_state(k, CPUHP_AP_ONLINE_DYN, CPUHP_FN_KLP)).toBe(-EBUSY);
      expect(cpu_down(k, 1)).toBe(0);
      cpuhp_remove_state_nocalls(k, CPUHP_AP_ONLINE_DYN);
      expect(cpu_up(k, 1)).toBe(0);
      expect(cpuhp_setup_state(k, CPUHP_AP_ONLINE_DYN, CPUHP_FN_KLP)).toBe(0);
    });
  });
});
