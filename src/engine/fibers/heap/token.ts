// SPDX-License-Identifier: GPL-2.0-only
/** What the tree `token` takes for src/mem/heap.ts: real atomics, by threads that take turns. */
export * from '../../threads/token_heap.js';
