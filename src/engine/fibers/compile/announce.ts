// SPDX-License-Identifier: GPL-2.0-only
/** What the scheduling point of an operation in the observed tree tells of it: its kind, its word, its values. */
import ts from 'typescript';
import { isSimple } from './nodes.js';
import { ACCESS_OF, ARGUMENTS, type PointKind, rmwOf } from './points.js';

const f = ts.factory;

export interface Announcement {
  readonly rmw: boolean;
  readonly told: readonly ts.Expression[];
}

/**
 * An argument that may not be evaluated twice goes into a temporary: `args` is changed. Calls with a point may be
 * nested; each depth has its own temporaries.
 */
export function announce(
  kind: PointKind,
  name: string,
  args: ts.Expression[],
  depth: number,
  site: ts.Expression,
): Announcement {
  const access = f.createNumericLiteral(ACCESS_OF[kind]);
  if (kind === 'turn') return { rmw: false, told: [access, f.createNumericLiteral(0), site] };
  const kept = (i: number): ts.Expression => {
    const arg = args[i] as ts.Expression;
    if (isSimple(arg)) return arg;
    const temporary = `$${ARGUMENTS * depth + i - 1}`;
    args[i] = f.createAssignment(f.createIdentifier(temporary), arg);
    return f.createIdentifier(temporary);
  };
  const base = kept(1);
  const addr = f.createAdd(base, kept(2));
  const rmw = kind === 'update' ? rmwOf(name) : null;
  if (rmw === null) return { rmw: false, told: [access, addr, site] };
  const values = [kept(3), args.length > 4 ? kept(4) : f.createNumericLiteral(0)];
  return { rmw: true, told: [f.createNumericLiteral(rmw), addr, site, ...values] };
}

/** Names of the temporaries of calls nested `depth` deep. */
export function keptNames(depth: number): string[] {
  return Array.from({ length: ARGUMENTS * depth }, (_, i) => `$${i}`);
}
