// SPDX-License-Identifier: GPL-2.0-only
/**
 * A store that loads may still read: fields at these offsets from its slot, side by side, so that reading a message
 * touches one cache line.
 */
export const VALUE = 0;
/** Its place in coherence order. */
export const STAMP = 1;
/** When it was written: count of stores of the machine. */
export const TIME = 2;
/** The snapshot that it carries: what its reader knows once it orders the read before something. */
export const SNAPSHOT = 3;
/** The latest strong fence that happens before it. */
export const FENCE_NUMBER = 4;
/** The first strong fence that made it, or a later message of the word, visible to all that comes after. */
export const COVERED = 5;
/** -1: initial, or poked. */
export const WRITER = 6;
/** 1: a read-modify-write that read the message before it; nothing may come between. */
export const WELDED = 7;

/** Words of a message, as a shift. */
export const MESSAGE_SHIFT = 3;
