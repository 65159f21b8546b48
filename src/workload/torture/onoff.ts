// SPDX-License-Identifier: GPL-2.0-only
/** Torture onoff: takes random CPUs down and up (kernel/torture.c, torture_onoff). */
import { cpu_down, cpu_up } from '../../kernel/cpu/hotplug.js';
import { cpu_online, num_online_cpus } from '../../kernel/cpu/masks.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { Rng } from '../../util/rng.js';
import { pause, running } from './pause.js';

export interface OnoffRates {
  readonly pauseMs: readonly [number, number];
  readonly minOnline: number;
  /** Operations until it winds down; 0: as long as the machine runs. */
  readonly operations: number;
}

export function tortureOnoff(k: Kernel, rng: Rng, rates: OnoffRates): void {
  for (let done = 0; running(k) && (rates.operations === 0 || done < rates.operations); done++) {
    pause(k, rng.between(rates.pauseMs[0], rates.pauseMs[1]));
    if (!running(k)) break;
    const cpu = rng.below(k.nr_cpus);
    if (!cpu_online(k, cpu)) cpu_up(k, cpu);
    else if (num_online_cpus(k) > rates.minOnline) cpu_down(k, cpu);
  }
  /* At the end all CPUs are there, as after torture_onoff_cleanup. */
  for (let cpu = 0; cpu < k.nr_cpus; cpu++) if (!cpu_online(k, cpu)) cpu_up(k, cpu);
}
