// SPDX-License-Identifier: GPL-2.0-only
/**
 * The views of the actors that loads look at, side by side for every written word: what some full barrier has covered,
 * then CUR and PEND of each actor.
 */

/* From `Knowledge.at`, places in coherence order: */
export const CUR = 0; /* what the actor's loads may not fall behind */
export const PEND = 1; /* the same once all it has read is ordered: read barriers make it CUR, releases publish it */

/** `since` of an actor that has nothing to order. */
export const NEVER = 0x7fff_ffff;
