// SPDX-License-Identifier: GPL-2.0-only
/** How violations name things: functions, versions, patches and tasks of a scenario. */
import { actorName } from '../kernel/abi/actors.js';
import type { Scenario } from '../scenario/types.js';
import { HOW } from '../trace/events.js';

export class Names {
  constructor(private readonly scenario: Scenario) {}

  func(id: number): string {
    return this.scenario.functions[id]?.name ?? `function ${id}`;
  }

  patch(id: number): string {
    return this.scenario.patches[id]?.name ?? `patch ${id}`;
  }

  /** Version 0 is the original, p + 1 that of patch p. */
  version(version: number): string {
    return version === 0 ? 'original' : this.patch(version - 1);
  }

  /** `vfs_read (original)` */
  funcVersion(func: number, version: number): string {
    return `${this.func(func)} (${this.version(version)})`;
  }
}

/** Pids above 0 are tasks, swapper/N is -(1+N), the control path of actor n is -(100+n): it goes by its role. */
export function taskName(cpus: number, pid: number): string {
  if (pid > 0) return `task ${pid}`;
  if (pid <= -100) return actorName(cpus, -pid - 100);
  return pid < 0 ? `swapper/${-pid - 1}` : 'no task';
}

/** Idle tasks of CPUs, by pid. */
export function isIdlePid(pid: number): boolean {
  return pid < 0 && pid > -100;
}

export function idlePid(cpu: number): number {
  return -(1 + cpu);
}

export function howName(how: number): string {
  return Object.entries(HOW).find(([, nr]) => nr === how)?.[0] ?? `how ${how}`;
}
