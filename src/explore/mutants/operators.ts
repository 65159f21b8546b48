// SPDX-License-Identifier: GPL-2.0-only
/** The mutation operators: each finds all its single changes in one function. */
import ts from 'typescript';
import type { Edit } from './edits.js';
import {
  barrierCalls,
  diagnostics,
  graceCalls,
  lockPairs,
  movesWrites,
  negatesConditions,
  stateWrites,
  wakeCalls,
} from './places.js';

export const operators = {
  'lock-dropped': 'a lock is neither taken nor given back in a function',
  'grace-dropped': 'a grace period is not waited for',
  'wake-dropped': 'nobody is woken, kicked or notified',
  'write-moved': 'a write of state changes places with its neighbour',
  'possible-online': 'possible CPUs are taken for online ones, or the other way round',
  'condition-negated': 'a condition is negated',
  'barrier-dropped': 'a barrier is left out',
} as const;

export type Operator = keyof typeof operators;

export interface Change {
  readonly operator: Operator;
  readonly edits: readonly Edit[];
  /** The statement or expression that changes, as it stands. */
  readonly at: ts.Node;
  /** What stands there then; '' if nothing. */
  readonly after: string;
}

interface CallStatement {
  readonly statement: ts.ExpressionStatement;
  readonly name: string;
  readonly args: readonly string[];
}

function callOf(node: ts.Node): CallStatement | null {
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return null;
  const { expression, arguments: args } = node.expression;
  if (!ts.isIdentifier(expression)) return null;
  return { statement: node, name: expression.text, args: args.map((a) => a.getText()) };
}

/** A statement that is the whole branch of an if or the body of a loop leaves an empty one. */
function without(statement: ts.Statement): Edit {
  const alone = !ts.isBlock(statement.parent) && !ts.isCaseClause(statement.parent);
  return { start: statement.getStart(), end: statement.end, text: alone ? '{}' : '' };
}

export function changesIn(fn: ts.FunctionDeclaration, path: string): Change[] {
  const changes: Change[] = [];
  const statements: CallStatement[] = [];
  const walk = (node: ts.Node): void => {
    const call = callOf(node);
    if (call !== null) statements.push(call);
    if (ts.isBlock(node) && movesWrites(path)) changes.push(...movedWrites(node));
    if (ts.isIfStatement(node) && negatesConditions(path)) changes.push(...negated(node));
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression))
      changes.push(...swappedMask(node, node.expression));
    ts.forEachChild(node, walk);
  };
  if (fn.body !== undefined) walk(fn.body);
  for (const call of statements) {
    const drop = (operator: Operator) =>
      changes.push({ operator, edits: [without(call.statement)], at: call.statement, after: '' });
    if (graceCalls.test(call.name)) drop('grace-dropped');
    if (wakeCalls.test(call.name)) drop('wake-dropped');
    if (barrierCalls.test(call.name)) drop('barrier-dropped');
  }
  changes.push(...droppedLocks(statements));
  return changes;
}

function droppedLocks(statements: readonly CallStatement[]): Change[] {
  const done = new Set<string>();
  return statements.flatMap((taken): Change[] => {
    const release = lockPairs[taken.name];
    if (release === undefined) return [];
    const frees = statements.filter(
      (s) => s.name === release && (s.args.length < 2 || s.args[1] === taken.args[1]),
    );
    const [free] = frees;
    if (free === undefined) return [];
    const key = `${taken.name} ${free.args[1] ?? ''}`;
    if (done.has(key)) return [];
    done.add(key);
    const takes = statements.filter(
      (s) => s.name === taken.name && (free.args.length < 2 || s.args[1] === taken.args[1]),
    );
    return [
      {
        operator: 'lock-dropped',
        edits: [...takes, ...frees].map((s) => without(s.statement)),
        at: taken.statement,
        after: '',
      },
    ];
  });
}

function movedWrites(block: ts.Block): Change[] {
  const { statements } = block;
  const isWrite = (s: ts.Statement | undefined) => s !== undefined && stateWrites.test(callOf(s)?.name ?? '');
  return statements.flatMap((statement, i): Change[] => {
    if (!isWrite(statement)) return [];
    const next = statements[i + 1];
    const before = statements[i - 1];
    const found: Change[] = [];
    if (canSwap(next)) found.push(swap(statement, statement, next));
    /* Two writes are exchanged once. */
    if (canSwap(before) && !isWrite(before) && !declares(before, statement))
      found.push(swap(statement, before, statement));
    return found;
  });
}

function canSwap(s: ts.Statement | undefined): s is ts.Statement {
  if (s === undefined || diagnostics.test(s.getText())) return false;
  return (
    ts.isExpressionStatement(s) || ts.isVariableStatement(s) || ts.isIfStatement(s) || ts.isForStatement(s)
  );
}

function declares(s: ts.Statement, user: ts.Statement): boolean {
  if (!ts.isVariableStatement(s)) return false;
  return s.declarationList.declarations.some((d) =>
    new RegExp(`\\b${d.name.getText()}\\b`).test(user.getText()),
  );
}

function swap(at: ts.Statement, a: ts.Statement, b: ts.Statement): Change {
  const edits = [
    { start: a.getStart(), end: a.end, text: b.getText() },
    { start: b.getStart(), end: b.end, text: a.getText() },
  ];
  return { operator: 'write-moved', edits, at, after: `${b.getText()} ${a.getText()}` };
}

function negated(node: ts.IfStatement): Change[] {
  const { expression, thenStatement } = node;
  const text = expression.getText();
  const inner = ts.isBlock(thenStatement) ? thenStatement.statements : [thenStatement];
  if (/\btrace\.on\b/.test(text) || inner.every((s) => diagnostics.test(s.getText()))) return [];
  /* A check of what the types alone promise: without it nothing compiles. */
  if (/\bundefined\b/.test(text)) return [];
  /* The compiler would conclude from the negation that what follows makes no sense. */
  const narrowed =
    ts.isBinaryExpression(expression) && ts.isIdentifier(expression.left) ? expression.left.text : null;
  const looked = narrowed !== null && new RegExp(`\\b${narrowed}\\b`).test(thenStatement.getText());
  const after = looked ? `!Boolean(${text})` : `!(${text})`;
  const edit = { start: expression.getStart(), end: expression.end, text: after };
  return [{ operator: 'condition-negated', edits: [edit], at: expression, after }];
}

const masks: Readonly<Record<string, string>> = { cpu_possible: 'cpu_online', cpu_online: 'cpu_possible' };

function swappedMask(call: ts.CallExpression, name: ts.Identifier): Change[] {
  const other = masks[name.text];
  if (other === undefined) return [];
  const edits: Edit[] = [{ start: name.getStart(), end: name.end, text: other }];
  const file = call.getSourceFile();
  for (const s of file.statements) {
    if (!ts.isImportDeclaration(s) || !s.moduleSpecifier.getText().includes('/masks.js')) continue;
    const bindings = s.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const [first] = bindings.elements;
    const there = bindings.elements.some((e) => e.name.text === other);
    if (first !== undefined && !there)
      edits.push({ start: first.getStart(), end: first.getStart(), text: `${other}, ` });
  }
  return [{ operator: 'possible-online', edits, at: call, after: call.getText().replace(name.text, other) }];
}
