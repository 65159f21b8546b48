// SPDX-License-Identifier: GPL-2.0-only
/** The views of one actor that loads look at: a row each, with a column for every written word. */

/* Of an actor, in this order. */
export const CUR = 0; /* what its loads may not fall behind */
export const PEND = 1; /* the same once all it has read is ordered: read barriers make it CUR, releases publish it */
export const ROWS = 2;

/** `since` of an actor that has nothing to order. */
export const NEVER = 0x7fff_ffff;
