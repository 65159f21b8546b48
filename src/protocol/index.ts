// SPDX-License-Identifier: GPL-2.0-only
/** The designs that can run. */
import type { Protocol } from '../kernel/livepatch/protocol.js';
import { busted_complete_online, busted_init_online, busted_switch_running } from './busted.js';
import { mainline_4_12 } from './mainline-4.12.js';
import { mainline_6_12 } from './mainline-6.12.js';
import { online_only } from './online-only.js';

export const protocols: readonly Protocol[] = [
  mainline_6_12,
  mainline_4_12,
  online_only,
  busted_init_online,
  busted_complete_online,
  busted_switch_running,
];

export const protocolNames: readonly string[] = protocols.map((p) => p.id);

export function protocolById(id: string): Protocol | undefined {
  return protocols.find((p) => p.id === id);
}
