// SPDX-License-Identifier: GPL-2.0-only
/** Who acts on a machine: its CPUs come first, then one control path for each of these. */
export const CONTROL_ROLES = ['livepatch', 'kworker', 'hotplug', 'third', 'rcu', 'boot'] as const;
export type ControlRole = (typeof CONTROL_ROLES)[number];

/** cpu1, livepatch; on a machine of `cpus` CPUs. */
export function actorName(cpus: number, actor: number): string {
  return actor < cpus ? `cpu${actor}` : (CONTROL_ROLES[actor - cpus] ?? `actor${actor}`);
}
