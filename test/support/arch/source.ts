// SPDX-License-Identifier: GPL-2.0-only
/** The project's sources as syntax trees, for the checkers of its structure. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface Source {
  /** From the root of the project, with forward slashes: `src/mem/heap.ts`. */
  readonly path: string;
  readonly text: string;
  readonly ast: ts.SourceFile;
}

export const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

export function parse(path: string, text: string): Source {
  return { path, text, ast: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true) };
}

const cache = new Map<string, readonly Source[]>();

/** Every .ts file under the given folders of the project; one that does not exist has none. */
export function projectSources(...folders: string[]): Source[] {
  return folders.flatMap((folder) => {
    const known = cache.get(folder) ?? readFolder(folder);
    cache.set(folder, known);
    return known;
  });
}

function readFolder(folder: string): Source[] {
  const top = join(projectRoot, folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('node_modules'))
    .map((file) => parse(relative(projectRoot, file).replaceAll('\\', '/'), readFileSync(file, 'utf8')))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What a checker returns: `src/a.ts:12: what is wrong`. */
export function finding(source: Source, where: ts.Node | number, message: string): string {
  const at = typeof where === 'number' ? where : where.getStart(source.ast);
  return `${source.path}:${source.ast.getLineAndCharacterOfPosition(at).line + 1}: ${message}`;
}

/** Visits every node, parents first. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** The comments of a file or of a part of it, and nothing of its code. */
export function commentsOf(source: Source, part: ts.Node = source.ast): string {
  const parts: string[] = [];
  const leaves = (node: ts.Node) => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(source.ast);
    if (children.length === 0) parts.push(source.text.slice(node.pos, node.getStart(source.ast)));
    for (const child of children) leaves(child);
  };
  leaves(part);
  return parts.join('\n');
}

/** Name of the innermost function declaration around a node, or null. */
export function functionAround(node: ts.Node): string | null {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    if (ts.isFunctionDeclaration(at)) return at.name?.text ?? null;
  }
  return null;
}

/** Names of the functions declared at the top of a file. */
export function declaredFunctions(source: Source): string[] {
  return source.ast.statements.filter(ts.isFunctionDeclaration).flatMap((f) => f.name?.text ?? []);
}

/** `x` of `TABLE.x` and of `TABLE['x']`, else null. */
export function memberOf(node: ts.Node, table: string): string | null {
  if (ts.isPropertyAccessExpression(node) && node.expression.getText() === table) return node.name.text;
  if (!ts.isElementAccessExpression(node) || node.expression.getText() !== table) return null;
  return ts.isStringLiteral(node.argumentExpression) ? node.argumentExpression.text : null;
}
