// SPDX-License-Identifier: GPL-2.0-only
/** Calls that are statements. */
import {
  constant,
  parseCall,
  parseExpression,
  parseLvalue,
  type Scope,
  unknownCall,
} from './parse_expression.js';
import { type Call, callOf } from './vocabulary.js';

type Silent = Extract<Call, { kind: 'fence' | 'lock' | 'unlock' | 'srcu_sync' | 'srcu_unlock' | 'store' }>;

function isSilent(call: Call): call is Silent {
  return ['fence', 'lock', 'unlock', 'srcu_sync', 'srcu_unlock', 'store'].includes(call.kind);
}

/** `begin` starts a new statement: a store with a fence behind it is two. */
export function parseCallStatement(scope: Scope, begin: () => void): void {
  const { cursor } = scope;
  const { text: name, line } = cursor.next();
  const call = callOf(name);
  if (call === undefined) throw unknownCall(name, line);
  if (!isSilent(call)) {
    /* The value is dropped. */
    parseCall(scope, name, call, line);
    return;
  }
  cursor.expect('(', `after ${name}`);
  parseSilent(scope, call, name, line);
  cursor.expect(')', `at the end of ${name}()`);
  if (call.kind !== 'store' || call.fence === null) return;
  begin();
  scope.emit(line, { op: 'fence', fence: call.fence });
}

function parseSilent(scope: Scope, call: Silent, name: string, line: number): void {
  const { cursor } = scope;
  if (call.kind === 'fence') {
    scope.emit(line, { op: 'fence', fence: call.fence });
    return;
  }
  const byLvalue = 'by' in call && call.by === 'lvalue';
  const address = byLvalue ? parseLvalue(scope) : parseExpression(scope);
  if (call.kind === 'srcu_unlock') {
    const index = cursor.accept(',') ? parseExpression(scope) : constant(0);
    scope.emit(line, { op: 'srcu_unlock', address, index });
  } else if (call.kind === 'store') {
    cursor.expect(',', `between the arguments of ${name}()`);
    scope.emit(line, { op: 'store', address, value: parseExpression(scope), order: call.order });
  } else {
    scope.emit(line, { op: call.kind, address });
  }
}
