// SPDX-License-Identifier: GPL-2.0-only

import { describe, expect, it } from 'vitest';
import { percpu } from '#src/kernel/abi/structs.js';
import { per_cpu } from '#src/kernel/kernel.js';
import { store } from '#src/mem/heap.js';
import { preset, soakUntil } from '../support/soaking.js';

describe('a thread that dies', () => {
  it('ends the run as inconclusive, with its cause and the state of all actors', async () => {
    const result = await soakUntil(preset('default', {}), {
      onMachine: ({ k }) => {
        /* cpu0 believes that RCU watches it before it has started: an error of the simulator. */
        store(k, per_cpu(k, 0), percpu.rcu_dynticks, 1);
      },
    });
    expect(result.verdict).not.toBe('pass');
    expect(result.stop.kind).toBe('worker-died');
    expect(result.stop.text).toContain('cpu0');
    expect(result.stop.text).toContain('extended quiescent state');
    expect(result.watchdog?.actors.map((a) => a.name)).toContain('livepatch');
  });
});
