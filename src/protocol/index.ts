// SPDX-License-Identifier: GPL-2.0-only
/** The designs that can run. */
import type { Protocol } from '../kernel/livepatch/protocol.js';
import { busted_clear_online } from './busted/clear-online.js';
import { busted_complete_online } from './busted/complete-online.js';
import { busted_fork_flag_only } from './busted/fork-flag-only.js';
import { busted_init_online } from './busted/init-online.js';
import { busted_no_kick } from './busted/no-kick.js';
import { busted_no_recheck } from './busted/no-recheck.js';
import { busted_no_sync_patched } from './busted/no-sync-patched.js';
import { busted_no_sync_reverse } from './busted/no-sync-reverse.js';
import { busted_no_sync_unpatched } from './busted/no-sync-unpatched.js';
import { busted_notifiers_klp_mutex } from './busted/notifiers-klp-mutex.js';
import { busted_start_online } from './busted/start-online.js';
import { busted_switch_running } from './busted/switch-running.js';
import { busted_try_online } from './busted/try-online.js';
import { busted_unlocked } from './busted/unlocked.js';
import { compromise } from './compromise.js';
import { fork_fix_v1 } from './fork-fix-v1.js';
import { hotplug_disabled } from './hotplug-disabled.js';
import { mainline_4_12 } from './mainline-4.12.js';
import { mainline_6_1 } from './mainline-6.1.js';
import { mainline_6_12 } from './mainline-6.12.js';
import { notifiers } from './notifiers.js';
import { offline_auto } from './offline-auto.js';
import { online_only } from './online-only.js';
import { possible_locked } from './possible-locked.js';
import { possible_stack } from './possible-stack.js';

/** As merged, newest first; as discussed, in the order of the mails; then the deliberately wrong ones. */
export const protocols: readonly Protocol[] = [
  mainline_6_12,
  mainline_6_1,
  mainline_4_12,
  online_only,
  offline_auto,
  hotplug_disabled,
  possible_stack,
  compromise,
  notifiers,
  possible_locked,
  fork_fix_v1,
  busted_init_online,
  busted_start_online,
  busted_try_online,
  busted_complete_online,
  busted_clear_online,
  busted_switch_running,
  busted_unlocked,
  busted_no_kick,
  busted_no_recheck,
  busted_notifiers_klp_mutex,
  busted_no_sync_patched,
  busted_no_sync_unpatched,
  busted_no_sync_reverse,
  busted_fork_flag_only,
];

export const protocolNames: readonly string[] = protocols.map((p) => p.id);

export function protocolById(id: string): Protocol | undefined {
  return protocols.find((p) => p.id === id);
}
