// SPDX-License-Identifier: GPL-2.0-only
/** A smaller exploration made from a smaller one is the one made from the whole scenario: tokens rely on it. */
import { expect, it } from 'vitest';
import { protocolNames } from '#src/protocol/index.js';
import { forExploration } from '#src/scenario/exploration.js';
import { loadScenario } from '#src/scenario/load.js';

it('drops programs and patches by name, in one step or in two', () => {
  const whole = loadScenario('hotplug', {}, protocolNames);
  const explore = { ...whole.explore, without: ['cron', 'livepatch-idle'], cpus: 2, syscalls: 1, hotplug: 1 };
  const once = forExploration({ ...whole, explore });
  expect(once.patches.map((p) => p.name)).toEqual(['livepatch-idle-vfs']);
  expect(once.programs.find((p) => p.name === 'cron')?.tasks).toBe(0);
  expect(forExploration({ ...forExploration(whole), explore })).toEqual(once);
});
