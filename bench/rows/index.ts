// SPDX-License-Identifier: GPL-2.0-only
/** All rows, in the order of the table. */
import type { Row } from '../row.js';
import { campaignRate, twoWorkers, weakCampaignRate } from './campaign.js';
import { dporLp, executions1500, lp44, points } from './executions.js';
import { handler } from './handler.js';
import { memoryModels } from './memory_models.js';
import { patchBuild } from './patch_build.js';
import { percpuRwsem } from './percpu_rwsem.js';
import { rssSlope } from './rss_slope.js';
import { soakRate } from './soak_rate.js';
import { tokenReplays } from './token_replays.js';
import { tracedCall } from './traced_call.js';
import { transitionScale } from './transition_scale.js';
import { weakExecutions, weakMemory } from './weak.js';

export const rows: readonly Row[] = [
  tracedCall,
  handler,
  percpuRwsem,
  points,
  lp44,
  dporLp,
  executions1500,
  campaignRate,
  twoWorkers,
  tokenReplays,
  patchBuild,
  soakRate,
  transitionScale,
  memoryModels,
  weakExecutions,
  weakCampaignRate,
  weakMemory,
  rssSlope,
];

export function rowByName(name: string): Row | undefined {
  return rows.find((row) => row.name === name);
}
