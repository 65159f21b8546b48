// SPDX-License-Identifier: GPL-2.0-only
/** What the transformation of a file needs to know of the program that the file is in. */
import type ts from 'typescript';
import type { Colouring } from './colour.js';
import type { Constants } from './constants.js';
import type { Inliner } from './inline.js';
import type { Quickness } from './quick.js';
import type { Tree } from './site.js';

export interface Step {
  readonly tree: Tree;
  readonly colours: Colouring;
  readonly inliner: Inliner;
  /** Null: without quick versions. */
  readonly quickness: Quickness | null;
  readonly constants: Constants;
  /** How `file` imports a module. */
  readonly specifier: (file: ts.SourceFile, target: string) => string;
  /** Number of an operation; `chain` are the calls through which it was inlined, outermost first. */
  readonly siteOf: (call: ts.CallExpression, op: string, chain: readonly ts.CallExpression[]) => number;
  /** Name of the function of the heap that a call calls; null: it calls none. */
  readonly heapName: (call: ts.CallExpression) => string | null;
}
