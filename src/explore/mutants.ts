// SPDX-License-Identifier: GPL-2.0-only
/**
 * Mutants of the kernel: every single change that the operators make in its sources, each as a patch. A campaign that
 * finds none of them has found nothing by its silence on the kernel as it is.
 */
import ts from 'typescript';
import { changeableFiles, packageRoot, readSource } from '../kernel_build/kernel_sources.js';
import { lineOf, unifiedDiff } from './mutants/edits.js';
import { equivalenceOf } from './mutants/equivalents.js';
import { type Change, changesIn, type Operator } from './mutants/operators.js';
import { isMutated } from './mutants/places.js';

export { type Operator, operators } from './mutants/operators.js';

export interface Mutant {
  /** `operator:file:function:n`, n from 1 in the order of the function's text. */
  readonly id: string;
  readonly operator: Operator;
  readonly file: string;
  readonly fn: string;
  /** Of what changes, from 1. */
  readonly line: number;
  /** What changes, and what it becomes, each in a line. */
  readonly before: string;
  readonly after: string;
  /** A unified diff, as --patch takes it. */
  readonly patch: string;
  /** Why no run can tell it from the kernel as it is; null: nobody has proved that. */
  readonly equivalent: string | null;
}

/** In the order of files, functions and places: the same for the same sources. */
export function listMutants(root: string = packageRoot): Mutant[] {
  return changeableFiles(root).filter(isMutated).flatMap((path) => mutantsOf(path, readSource(path, root) ?? ''));
}

export function mutantsOf(path: string, text: string): Mutant[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const mutants: Mutant[] = [];
  const visit = (node: ts.Node): void => {
    if (!ts.isFunctionDeclaration(node) || node.name === undefined) return ts.forEachChild(node, visit);
    const fn = node.name.text;
    const counts = new Map<Operator, number>();
    for (const change of changesIn(node, path).sort((a, b) => a.at.getStart() - b.at.getStart())) {
      const n = (counts.get(change.operator) ?? 0) + 1;
      counts.set(change.operator, n);
      mutants.push(mutantOf(path, text, fn, n, change));
    }
  };
  visit(file);
  return mutants;
}

function mutantOf(path: string, text: string, fn: string, n: number, { operator, edits, at }: Change): Mutant {
  const before = oneLine(at.getText());
  const patch = unifiedDiff(path, text, edits);
  return {
    id: `${operator}:${path}:${fn}:${n}`,
    operator,
    file: path,
    fn,
    line: lineOf(text, at.getStart()),
    before,
    after: oneLine(afterOf(text, edits, at)),
    patch,
    equivalent: equivalenceOf(operator, path, fn, before),
  };
}

/** What stands where `at` stood; of a swap, both statements in their new order. */
function afterOf(text: string, edits: Change['edits'], at: ts.Node): string {
  const own = edits.filter((e) => e.start <= at.end && e.end >= at.getStart());
  if (edits.length === 2 && own.length === 1 && own[0]?.start === at.getStart() && own[0].text !== '') {
    return [...edits].sort((a, b) => a.start - b.start).map((e) => e.text).join(' ');
  }
  let after = text.slice(at.getStart(), at.end);
  for (const e of [...own].sort((a, b) => b.start - a.start)) {
    after = after.slice(0, e.start - at.getStart()) + e.text + after.slice(e.end - at.getStart());
  }
  return after;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
