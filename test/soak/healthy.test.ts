// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { preset, soakUntil } from '../support/soaking.js';

describe('mainline-6.12 on real threads', () => {
  it.each([
    ['default', 'percpu-rwsem'],
    ['default', 'refcount'],
    ['hotplug', 'percpu-rwsem'],
    ['unreliable', 'percpu-rwsem'],
  ] as const)('passes %s under %s, with transitions and hotplug done', async (name, hotplugLock) => {
    const hotplug = name !== 'unreliable';
    const result = await soakUntil(preset(name, { hotplugLock }), {
      enough: ({ counts }) =>
        counts.completed >= 20 && counts.reversed >= 1 && (!hotplug || counts.onlineSuccesses >= 5),
    });
    expect(result.reasons).toEqual([]);
    expect(result.verdict).toBe('pass');
    expect(result.transitions.completed).toBeGreaterThanOrEqual(20);
    expect(result.trace.dropped).toBe(0);
    expect(result.oracles.every((o) => o.records > 0 || o.name === 'hotplug')).toBe(true);
  });
});
