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
import { probeEdits } from './mutants/probe.js';

export { type Operator, operators } from './mutants/operators.js';

export interface Mutant {
  /** `operator:file:function:n`, n from 1 in the order of the function's text. */
  readonly id: string;
  readonly operator: Operator;
  readonly file: string;
  readonly fn: string;
  /** Of what changes, from 1. */
  readonly line: number;
  /** What changes, and what it becomes, each in a line; '' if nothing is left of it. */
  readonly before: string;
  readonly after: string;
  /** A unified diff, as --patch takes it. */
  readonly patch: string;
  /** The diff of a kernel that stops where the change would be: does a run come there? */
  readonly probe: string;
  /** Why no run can tell it from the kernel as it is; null: nobody has proved that. */
  readonly equivalent: string | null;
}

/** In the order of files, functions and places: the same for the same sources. */
export function listMutants(root: string = packageRoot): Mutant[] {
  return changeableFiles(root)
    .filter(isMutated)
    .flatMap((path) => mutantsOf(path, readSource(path, root) ?? ''));
}

export function mutantsOf(path: string, text: string): Mutant[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const mutants: Mutant[] = [];
  const visit = (node: ts.Node): void => {
    if (!ts.isFunctionDeclaration(node) || node.name === undefined) {
      ts.forEachChild(node, visit);
      return;
    }
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

function mutantOf(
  path: string,
  text: string,
  fn: string,
  n: number,
  { operator, edits, at, after }: Change,
): Mutant {
  const before = oneLine(at.getText());
  const patch = unifiedDiff(path, text, edits);
  return {
    id: `${operator}:${path}:${fn}:${n}`,
    operator,
    file: path,
    fn,
    line: lineOf(text, at.getStart()),
    before,
    after: oneLine(after),
    patch,
    probe: unifiedDiff(path, text, probeEdits(at)),
    equivalent: equivalenceOf(operator, path, fn, before, n),
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
