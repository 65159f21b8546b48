// SPDX-License-Identifier: GPL-2.0-only
/** Names of the host that only a few files may use, as data, and the check of every use. */
import ts from 'typescript';
import { finding, type Source, walk } from './source.js';

export interface SeamRow {
  /** Globals (`Atomics`) and members (`Math.random`, `.i32`). */
  readonly names: readonly string[];
  /** Files, or folders with a slash at the end, that may use them. */
  readonly only: readonly string[];
  readonly why: string;
}

export const seam: readonly SeamRow[] = [
  {
    names: ['Atomics', 'SharedArrayBuffer'],
    only: [
      'src/mem/heap.ts',
      'src/engine/threads/',
      /* Instrumentation of the host: rings and statistics that the simulated kernel does not know of. */
      'src/trace/ring.ts',
      'src/trace/reader.ts',
      'src/trace/lock_stat.ts',
      /* Makes the buffers. */
      'src/machine/view.ts',
      /* They look at the words of a running machine from outside, by address, and write none. */
      'src/inspect/tasks.ts',
      'src/inspect/watchdog.ts',
    ],
    why: 'shared memory is reached through src/mem/heap.ts',
  },
  {
    names: ['.i32'],
    only: [
      'src/mem/heap.ts',
      /* What its operations are on other engines. */
      'src/engine/fibers/heap/',
      'src/engine/threads/token_heap.ts',
      /* The handle is made there. */
      'src/machine/view.ts',
      /* Before any CPU runs. */
      'src/machine/boot.ts',
      /* A checker that shares nothing with the code it checks. */
      'src/machine/audit.ts',
    ],
    why: 'an access that no operation of src/mem/heap.ts names',
  },
  {
    names: ['Math.random', 'Date', 'performance', 'process.hrtime', 'process.uptime'],
    only: ['src/util/'],
    why: 'chance comes from util/rng, time from util/clock',
  },
  { names: ['console'], only: ['src/cli/'], why: 'text goes out in src/cli' },
];

/** True if the identifier is a use of the global of that name, not a field or key that is called so. */
function isGlobal(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return parent.expression.getText() === 'globalThis';
  }
  if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) {
    return parent.name !== node;
  }
  return true;
}

function nameUsed(node: ts.Node): string[] {
  if (ts.isIdentifier(node)) return isGlobal(node) ? [node.text] : [];
  if (!ts.isPropertyAccessExpression(node)) return [];
  return [`.${node.name.text}`, `${node.expression.getText()}.${node.name.text}`];
}

export function seamFindings(source: Source, table: readonly SeamRow[] = seam): string[] {
  const forbidden = table.filter(
    (row) => !row.only.some((p) => (p.endsWith('/') ? source.path.startsWith(p) : source.path === p)),
  );
  const found: string[] = [];
  walk(source.ast, (node) => {
    for (const name of nameUsed(node)) {
      const row = forbidden.find((r) => r.names.includes(name));
      if (row !== undefined) found.push(finding(source, node, `${name} may not be used here: ${row.why}`));
    }
    if (ts.isImportDeclaration(node) && /perf_hooks/.test(node.moduleSpecifier.getText())) {
      found.push(finding(source, node, 'perf_hooks may not be used: time comes from util/clock'));
    }
  });
  return found;
}
