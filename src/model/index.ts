// SPDX-License-Identifier: GPL-2.0-only
/** All models, by name. */
import type { ModelFamily } from './define.js';
import { livepatch } from './lp.js';
import { messagePassing, relaxedMessagePassing } from './mp.js';
import { relaxedStoreBuffering, storeBuffering } from './sb.js';

export const models: readonly ModelFamily[] = [
  messagePassing,
  relaxedMessagePassing,
  storeBuffering,
  relaxedStoreBuffering,
  livepatch,
];
