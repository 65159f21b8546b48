// SPDX-License-Identifier: GPL-2.0-only
/** Designs under which a transition waits for a CPU that idles, or for one that is offline. */
import { describe, expect, it } from 'vitest';
import { cpu_down, cpu_up } from '#src/kernel/cpu/hotplug.js';
import { drive } from '../support/driven_machine.js';
import { ends, idleMachine, opened } from '../support/open_transition.js';

/** As many as the others are given is too long for those that never end. */
const FEW = 40;

const healthy = [
  'mainline-6.12',
  'online-only',
  'offline-auto',
  'hotplug-disabled',
  'compromise',
  'notifiers',
  'possible-locked',
];

describe('a transition while a CPU is offline', () => {
  it.each(healthy)('%s: ends', async (name) => {
    await drive(idleMachine(name), (k) => {
      expect(cpu_down(k, 1)).toBe(0);
      expect(ends(k, opened(k))).toBe(true);
      expect(cpu_up(k, 1)).toBe(0);
    });
  });

  it('possible-stack: ends only when the CPU is back', async () => {
    await drive(idleMachine('possible-stack'), (k) => {
      expect(cpu_down(k, 1)).toBe(0);
      const patch = opened(k);
      expect(ends(k, patch, FEW)).toBe(false);
      expect(cpu_up(k, 1)).toBe(0);
      expect(ends(k, patch)).toBe(true);
    });
  });
});

describe('a transition while all CPUs idle', () => {
  it.each([
    'mainline-4.12',
    'busted-no-kick',
  ])('%s: does not end, nobody passes the switch point', async (name) => {
    await drive(idleMachine(name), (k) => {
      expect(ends(k, opened(k), FEW)).toBe(false);
    });
  });

  it('mainline-6.12: ends', async () => {
    await drive(idleMachine('mainline-6.12'), (k) => {
      expect(ends(k, opened(k))).toBe(true);
    });
  });
});
