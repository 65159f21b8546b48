// SPDX-License-Identifier: GPL-2.0-only
/** The views of one actor: a row each, with a column for every written word. */

/* Of an actor, in this order. */
export const CUR = 0; /* what its loads may not fall behind */
export const PEND = 1; /* the same once all it has read is ordered: read barriers make it CUR, releases publish it */
export const REL = 2; /* what its next relaxed store carries: changed by write and full barriers */
export const OWN = 3; /* its own stores and what they carry: a write barrier makes it part of REL */
export const UNLOCKED = 4; /* PEND at its last unlock */
export const ROWS = 5;

/** `since` of an actor that has nothing to order. */
export const NEVER = 0x7fff_ffff;
