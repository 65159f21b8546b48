// SPDX-License-Identifier: GPL-2.0-only
/**
 * The part of the language that kernel code keeps to, so that the compile step of the fibers engine can turn each
 * function that reaches memory into a coroutine. Checked by syntax alone, so it forbids a little more than it must.
 */
import ts from 'typescript';
import { finding, type Source, walk } from './source.js';

const kernelFolders = ['src/mem/', 'src/kernel/', 'src/protocol/', 'src/workload/torture/', 'src/model/'];

/** Files in these folders that run before a machine does, or only make names of numbers. */
const exempt = [
  'src/mem/layout.ts',
  'src/mem/barriers.ts',
  'src/kernel/abi/',
  /* The registry of the designs: looked up once when a handle is made. */
  'src/protocol/index.ts',
  /* What a model is, checked when it is made. */
  'src/model/define.ts',
];

/** Folders without state of their own: two machines live in one process. */
const statelessFolders = ['src/mem/', 'src/kernel/', 'src/protocol/', 'src/workload/', 'src/model/'];

const CALLBACK_METHODS = new Set(
  (
    'forEach map flatMap filter find findIndex findLast findLastIndex some every reduce reduceRight sort toSorted ' +
    'replaceAll replace then catch finally'
  ).split(' '),
);

function startsWithAny(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((p) => path.startsWith(p));
}

function modifiersOf(node: ts.Node): readonly ts.ModifierLike[] {
  return ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
}

function callProblem(node: ts.CallExpression): string | null {
  if (!ts.isPropertyAccessExpression(node.expression)) return null;
  const method = node.expression.name.text;
  if (method === 'call' || method === 'apply' || method === 'bind')
    return `.${method}() hides what is called`;
  const callback = node.arguments.some((a) => ts.isArrowFunction(a) || ts.isFunctionExpression(a));
  if (callback && CALLBACK_METHODS.has(method)) return `.${method}() with a callback: write a loop`;
  return null;
}

/** What is wrong with one node of kernel code, or null. */
function problem(node: ts.Node): string | null {
  if (ts.isGetAccessor(node) || ts.isSetAccessor(node)) return 'an accessor hides a call';
  if (ts.isClassLike(node)) return 'a class: shared data is a layout, and constructors cannot be coroutines';
  if (ts.isParameter(node) && node.initializer !== undefined) return 'a default of a parameter';
  if (ts.isFunctionLike(node) && 'asteriskToken' in node && node.asteriskToken !== undefined)
    return 'a generator';
  if (ts.isYieldExpression(node)) return 'a generator';
  if (ts.isAwaitExpression(node)) return 'async code';
  if (modifiersOf(node).some((m) => m.kind === ts.SyntaxKind.AsyncKeyword)) return 'async code';
  if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) return 'async code';
  if (node.kind === ts.SyntaxKind.AnyKeyword) return 'any: the compile step cannot see what it holds';
  if (ts.isTypeReferenceNode(node) && node.typeName.getText() === 'Function') {
    return 'Function: the compile step cannot see what it holds';
  }
  return ts.isCallExpression(node) ? callProblem(node) : null;
}

export function subsetFindings(source: Source): string[] {
  if (!startsWithAny(source.path, kernelFolders) || startsWithAny(source.path, exempt)) return [];
  const found: string[] = [];
  walk(source.ast, (node) => {
    const what = problem(node);
    if (what !== null) found.push(finding(source, node, what));
  });
  return found;
}

/** Variables at the top of a module that can change. */
export function moduleStateFindings(source: Source): string[] {
  if (!startsWithAny(source.path, statelessFolders)) return [];
  return source.ast.statements
    .filter(ts.isVariableStatement)
    .filter((s) => (s.declarationList.flags & ts.NodeFlags.Const) === 0)
    .map((s) => finding(source, s, 'state of the module: two machines live in one process'));
}
