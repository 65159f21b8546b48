// SPDX-License-Identifier: GPL-2.0-only
/** The scenario of hand-made traces: four CPUs, three of them online, and two patches that meet on vfs_read. */
import type { Scenario } from '#src/scenario/types.js';
import { fn, type TinyChanges, tinyScenario } from '../tiny_scenario.js';

export const FIRST = 0;
export const SECOND = 1;

export function judgedScenario(machine: NonNullable<TinyChanges['machine']> = {}): Scenario {
  return tinyScenario({
    machine: { cpus: 4, online: 3, ...machine },
    functions: ['vfs_read', 'vfs_write', 'pipe_read', 'do_idle_work'].map((name) => fn(name)),
    patches: [
      {
        name: 'first',
        functions: ['vfs_read', 'vfs_write', 'do_idle_work'].map((f) => ({ fn: f, body: null })),
      },
      { name: 'second', functions: ['vfs_read', 'pipe_read'].map((f) => ({ fn: f, body: null })) },
    ],
  });
}
