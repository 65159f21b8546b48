// SPDX-License-Identifier: GPL-2.0-only
/**
 * The shape of a file: all of it that other files can see, which is everything but the bodies of functions whose
 * return type is written down. Files that import one whose shape is as before need no second look.
 */
import { createHash } from 'node:crypto';
import ts from 'typescript';
import { isFn } from './places.js';

/** Name of a slot: a declaration (`src/a.ts#3`, in a body `src/a.ts#b120.219`), or the properties of a name (`.read`). */
export type Slot = string;

export function propertySlot(name: string): Slot {
  return `.${name}`;
}

function hiddenBody(node: ts.Node): ts.Node | undefined {
  return isFn(node) && node.type !== undefined ? node.body : undefined;
}

/**
 * Hash of the words outside of bodies. Of the imports only those count whose names stand there: what a body imports is
 * nobody else's business.
 */
export function shapeOf(file: ts.SourceFile): string {
  const pieces: string[] = [];
  const imports: { readonly name: string; readonly from: string }[] = [];
  let from = 0;
  const cut = (node: ts.Node): void => {
    pieces.push(file.text.slice(from, node.getStart(file)));
    from = node.end;
  };
  const visit = (node: ts.Node): void => {
    const body = hiddenBody(node);
    ts.forEachChild(node, (child) => {
      if (child === body) return cut(child);
      if (!ts.isImportDeclaration(child) || child.importClause === undefined) return visit(child);
      imports.push(...importedNames(child, child.importClause));
      cut(child);
    });
  };
  visit(file);
  pieces.push(file.text.slice(from));
  const hash = createHash('sha256');
  const words = new Set<string>();
  for (const piece of pieces) {
    const scanner = ts.createScanner(ts.ScriptTarget.ES2022, true, ts.LanguageVariant.Standard, piece);
    while (scanner.scan() !== ts.SyntaxKind.EndOfFileToken) {
      words.add(scanner.getTokenText());
      hash.update(`${scanner.getTokenText()}\n`);
    }
  }
  const used = imports.filter((i) => words.has(i.name)).map((i) => `${i.name} ${i.from}\n`);
  for (const line of used.sort()) hash.update(line);
  return hash.digest('hex').slice(0, 16);
}

function importedNames(
  node: ts.ImportDeclaration,
  clause: ts.ImportClause,
): { name: string; from: string }[] {
  const from = node.moduleSpecifier.getText();
  const found = clause.name === undefined ? [] : [{ name: clause.name.text, from }];
  const bindings = clause.namedBindings;
  if (bindings !== undefined && ts.isNamespaceImport(bindings))
    found.push({ name: bindings.name.text, from: `* ${from}` });
  else if (bindings !== undefined) {
    for (const e of bindings.elements)
      found.push({ name: e.name.text, from: `${e.propertyName?.text ?? ''} ${from}` });
  }
  return found;
}

/** Names of declarations: those outside of bodies keep theirs as long as the shape of their file stays. */
export class SlotNames {
  private readonly known = new WeakMap<ts.SourceFile, Map<ts.Node, Slot>>();

  constructor(private readonly pathOf: (file: ts.SourceFile) => string) {}

  of(node: ts.Node): Slot {
    const file = node.getSourceFile();
    let names = this.known.get(file);
    if (names === undefined) {
      names = this.number(file);
      this.known.set(file, names);
    }
    return names.get(node) ?? `${this.pathOf(file)}#b${node.pos}.${node.kind}`;
  }

  private number(file: ts.SourceFile): Map<ts.Node, Slot> {
    const names = new Map<ts.Node, Slot>();
    const path = this.pathOf(file);
    const visit = (node: ts.Node): void => {
      const body = hiddenBody(node);
      if (isFn(node) || ts.isParameter(node) || ts.isVariableDeclaration(node))
        names.set(node, `${path}#${names.size}`);
      ts.forEachChild(node, (child) => (child === body ? undefined : visit(child)));
    };
    visit(file);
    return names;
  }
}
