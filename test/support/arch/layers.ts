// SPDX-License-Identifier: GPL-2.0-only
/** Who may import whom: the layer table, as data, and the check of every import against it. */
import { posix } from 'node:path';
import ts from 'typescript';
import { finding, type Source, walk } from './source.js';

export interface LayerRow {
  /** Folders of src that it may import beside itself: a layer, or a part of one (`kernel/abi`). */
  readonly imports: readonly string[];
  readonly packages: readonly string[];
  /** May import node: modules. */
  readonly node: boolean;
}

const belowMachine = ['util', 'trace', 'mem', 'kernel', 'protocol', 'scenario', 'workload'];
const judged = ['util', 'trace', 'scenario', 'kernel/abi'];
const belowCli = [
  ...belowMachine,
  'model',
  'machine',
  'schedule',
  'engine',
  'oracle',
  'report',
  'soak',
  'kernel_build',
];

/** Lowest first. A type-only import is an import. */
export const layers: Readonly<Record<string, LayerRow>> = {
  util: { imports: [], packages: ['fastest-levenshtein'], node: true },
  trace: { imports: ['util'], packages: [], node: false },
  mem: { imports: ['trace', 'util'], packages: [], node: false },
  kernel: { imports: ['mem', 'trace', 'util'], packages: [], node: false },
  protocol: { imports: ['kernel', 'mem', 'trace', 'util'], packages: [], node: false },
  model: { imports: ['mem', 'trace', 'util'], packages: [], node: false },
  scenario: { imports: ['util'], packages: ['zod', 'yaml'], node: true },
  workload: { imports: ['kernel', 'mem', 'trace', 'util', 'scenario'], packages: [], node: false },
  machine: { imports: belowMachine, packages: [], node: false },
  schedule: { imports: ['util'], packages: [], node: false },
  engine: {
    imports: [...belowMachine, 'model', 'machine', 'schedule'],
    packages: ['piscina', 'typescript'],
    node: true,
  },
  /* Turns changed sources into trees; it reads src/kernel/abi to see that the simulator still knows the machine. */
  kernel_build: { imports: ['engine', 'kernel/abi', 'util'], packages: [], node: true },
  oracle: { imports: judged, packages: [], node: false },
  report: {
    imports: [...judged, 'oracle'],
    packages: ['cli-progress', 'cli-table3', 'hdr-histogram-js', 'picocolors'],
    node: true,
  },
  /* Litmus tests: a language of its own and its models, which know nothing of the simulated kernel. */
  litmus: {
    imports: ['util', 'engine/fibers'],
    packages: ['cli-table3'],
    node: true,
  },
  /* A machine as it looks from outside: who waits for what, which tasks hold a transition up. */
  inspect: { imports: [...belowMachine, 'machine', 'oracle', 'report'], packages: [], node: false },
  /* The loop that runs a machine, judges its trace and reports: it ties engine, oracle and report together. */
  soak: { imports: [...belowCli, 'inspect'], packages: [], node: true },
  /* The loop around the engine of coroutines: campaigns, replay, what is made smaller and what is explained. */
  explore: { imports: [...belowCli, 'inspect', 'litmus'], packages: ['piscina', 'typescript'], node: true },
  cli: {
    imports: [...belowCli, 'explore', 'inspect', 'litmus'],
    packages: ['cli-progress', 'commander'],
    node: true,
  },
  workers: { imports: [...belowMachine, 'machine', 'engine', 'explore'], packages: [], node: true },
};

/** Single imports that the table forbids and that have a good reason, which stands beside each. */
export const layerExceptions: readonly { readonly file: string; readonly target: string }[] = [];

export function layerOf(path: string): string {
  const parts = path.split('/');
  return parts[0] === 'src' ? (parts[1] as string) : (parts[0] as string);
}

interface Import {
  readonly node: ts.Node;
  readonly from: string;
}

/** Every way to name another module: import, export from, import(), import('x').T, import x = require('x'). */
export function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  walk(source.ast, (node) => {
    let literal: ts.Node | undefined;
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) literal = node.moduleSpecifier;
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      literal = node.argument.literal;
    else if (ts.isExternalModuleReference(node)) literal = node.expression;
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      literal = node.arguments[0];
    }
    if (literal !== undefined && ts.isStringLiteralLike(literal)) found.push({ node, from: literal.text });
  });
  return found;
}

/** Path of the file in the project that an import names, or null for a package. */
function targetOf(source: Source, from: string): string | null {
  if (from.startsWith('#')) return `${from.slice(1)}`;
  return from.startsWith('.') ? posix.join(posix.dirname(source.path), from) : null;
}

function packageOf(from: string): string {
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}

export function layerFindings(
  source: Source,
  table: Readonly<Record<string, LayerRow>> = layers,
  exceptions = layerExceptions,
): string[] {
  const layer = layerOf(source.path);
  const row = table[layer];
  if (row === undefined) return [`${source.path}:1: folder "${layer}" has no row in the layer table`];
  const found: string[] = [];
  for (const { node, from } of importsOf(source)) {
    const target = targetOf(source, from);
    const complain = (what: string) => found.push(finding(source, node, `${layer} may not import ${what}`));
    if (target === null) {
      if (from.startsWith('node:') ? !row.node : !row.packages.includes(packageOf(from))) complain(from);
    } else if (!target.startsWith('src/')) {
      complain(target);
    } else {
      const inside = layerOf(target) === layer && source.path.startsWith('src/');
      const allowed = row.imports.some((folder) => target.startsWith(`src/${folder}/`));
      const excepted = exceptions.some((e) => e.file === source.path && target.startsWith(e.target));
      if (!inside && !allowed && !excepted) complain(target);
    }
  }
  return found;
}
