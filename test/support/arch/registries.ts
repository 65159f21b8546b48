// SPDX-License-Identifier: GPL-2.0-only
/** The tables of trace events and lock classes against the code that should use every row of them. */
import ts from 'typescript';
import { finding, memberOf, type Source, walk } from './source.js';

export interface EventRow {
  readonly nr: number;
  readonly name: string;
  readonly fields: readonly string[];
}

const EVENTS = 'src/trace/events.ts';

/** Numbers are unique and fit under the flag of global events; the payload fits in a record. */
export function eventTableFindings(
  rows: readonly EventRow[],
  payloadWords: number,
  globalBit: number,
): string[] {
  const found: string[] = [];
  const seen = new Map<number, string>();
  for (const { nr, name, fields } of rows) {
    const say = (what: string) => found.push(`${EVENTS}: ${name}: ${what}`);
    const other = seen.get(nr);
    if (other !== undefined) say(`has number ${nr} as ${other} has`);
    seen.set(nr, name);
    if (nr < 1 || nr >= globalBit) say(`has number ${nr}, outside 1..${globalBit - 1}`);
    if (fields.length > payloadWords)
      say(`has ${fields.length} payload words; a record holds ${payloadWords}`);
    if (new Set(fields).size !== fields.length) say('has two fields of one name');
  }
  return found;
}

/** Names `x` of every `TABLE.x` of the sources; with `inCall`, only of those that are passed to some function. */
function membersUsed(sources: readonly Source[], table: string, inCall: boolean): Set<string> {
  const used = new Set<string>();
  for (const source of sources) {
    walk(source.ast, (node) => {
      const name = memberOf(node, table);
      if (name === null) return;
      let at: ts.Node = node;
      /* `cond ? EV.a : EV.b` is passed too. */
      while (ts.isConditionalExpression(at.parent) || ts.isParenthesizedExpression(at.parent)) at = at.parent;
      const passed = ts.isCallExpression(at.parent) && at.parent.arguments.some((a) => a === at);
      if (!inCall || passed) used.add(name);
    });
  }
  return used;
}

/** Events that no source emits, directly or through a function that it passes the number to. */
export function silentEventFindings(rows: readonly EventRow[], sources: readonly Source[]): string[] {
  const used = membersUsed(sources, 'EV', true);
  return rows.filter((row) => !used.has(row.name)).map((row) => `${EVENTS}: ${row.name}: nothing emits it`);
}

/** An emit passes the event, the task and all payload words; words that the table does not name are 0. */
export function emitFindings(
  rows: readonly EventRow[],
  payloadWords: number,
  sources: readonly Source[],
): string[] {
  const byName = new Map(rows.map((row) => [row.name, row]));
  const found: string[] = [];
  for (const source of sources) {
    walk(source.ast, (node) => {
      if (!ts.isCallExpression(node) || !/\.emit$/.test(node.expression.getText())) return;
      const [event, , ...payload] = node.arguments;
      if (payload.length !== payloadWords) {
        found.push(
          finding(source, node, `emit with ${payload.length} payload words instead of ${payloadWords}`),
        );
      }
      const row = event === undefined ? undefined : byName.get(memberOf(event, 'EV') ?? '');
      if (row === undefined) return;
      const unnamed = payload.slice(row.fields.length).find((word) => word.getText() !== '0');
      if (unnamed === undefined) return;
      found.push(finding(source, node, `${row.name} is given ${unnamed.getText()}, which is no field of it`));
    });
  }
  return found;
}

/** Lock classes that no source uses. */
export function unusedLockClassFindings(names: readonly string[], sources: readonly Source[]): string[] {
  const used = membersUsed(sources, 'LOCK_CLASS', false);
  return names
    .filter((name) => !used.has(name))
    .map((name) => `src/kernel/abi/lock_classes.ts: ${name}: no lock has this class`);
}
