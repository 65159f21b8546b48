// SPDX-License-Identifier: GPL-2.0-only
/** Names that compiled files take from the heap of their tree, beside its operations. */
import ts from 'typescript';
import { lockOrder } from '../lock_orders.js';
import { ORDER } from '../memory_model.js';
import type { Tree } from './site.js';

/** `locks`: the file takes or gives back spinlocks. */
export function marksOf(tree: Tree, locks: boolean): readonly string[] {
  const told = tree === 'observed' ? ['$at', '$rmw', '$pass', '$passRmw'] : [];
  const loops = tree === 'token' ? [] : ['$endless'];
  return ['$S', '$pause', '$spin', ...told, ...loops, ...(locks ? ['$lock', '$unlock'] : [])];
}

/** What the tree `modelled` calls instead where a spinlock is taken or given back; null: what stands there. */
export function lockMark(call: ts.CallExpression, op: string): ts.Identifier | null {
  const order = lockOrder(call.getSourceFile().fileName, op);
  if (order === 0) return null;
  return ts.factory.createIdentifier(order === ORDER.lock ? '$lock' : '$unlock');
}
