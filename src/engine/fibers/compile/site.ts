// SPDX-License-Identifier: GPL-2.0-only
/** What the compile step makes: trees, and the places of operations in them. */

export type Tree = 'plain' | 'fast' | 'observed' | 'modelled' | 'token';

/** A place in the source at which an operation is made. Its number is its index in the list. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly op: string;
  /** The function it stands in, and the small functions of which it was inlined there. */
  readonly fn: string;
  readonly via: readonly string[];
  readonly text: string;
}
