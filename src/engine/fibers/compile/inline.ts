// SPDX-License-Identifier: GPL-2.0-only
/**
 * Small functions go into their callers: a call of a coroutine costs more than the one access that test_bit or
 * cpu_online makes. What is inlined is a function of one expression, built of what an expression can be copied from.
 */
import ts from 'typescript';
import type { Colouring } from './colour.js';

export interface Inlinable {
  readonly decl: ts.FunctionDeclaration;
  readonly parameters: readonly string[];
  readonly expression: ts.Expression;
  /** True: it returns nothing; its call is a statement. */
  readonly statement: boolean;
  /** Names of its module or of its imports: where they come from. */
  readonly free: ReadonlyMap<string, { readonly file: string; readonly name: string }>;
}

/** Nodes of an expression that is still small. */
const MAX_NODES = 80;

export class Inliner {
  /** Files of the functions that were asked for and can be inlined; to be emptied by who wants to know. */
  readonly sources = new Set<string>();
  private readonly known = new Map<ts.FunctionDeclaration, Inlinable | null>();

  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly colours: Colouring,
  ) {}

  /** What a call of a coloured function can be replaced by; null: it stays a call. */
  of(call: ts.CallExpression): Inlinable | null {
    const decl = this.checker.getResolvedSignature(call)?.declaration;
    if (decl === undefined || !ts.isFunctionDeclaration(decl)) return null;
    let found = this.known.get(decl);
    if (found === undefined) {
      this.known.set(decl, null);
      found = this.examine(decl);
      this.known.set(decl, found);
    }
    if (found === null || call.arguments.length !== found.parameters.length) return null;
    if (found.statement && !ts.isExpressionStatement(call.parent)) return null;
    this.sources.add(decl.getSourceFile().fileName);
    return found;
  }

  private examine(decl: ts.FunctionDeclaration): Inlinable | null {
    if (!this.colours.isColoured(decl) || decl.body?.statements.length !== 1) return null;
    const [only] = decl.body.statements;
    if (only === undefined) return null;
    const statement = ts.isExpressionStatement(only);
    const expression = statement ? only.expression : ts.isReturnStatement(only) ? only.expression : undefined;
    if (expression === undefined) return null;
    const parameters: string[] = [];
    for (const p of decl.parameters) {
      if (!ts.isIdentifier(p.name) || p.initializer !== undefined || p.dotDotDotToken !== undefined)
        return null;
      parameters.push(p.name.text);
    }
    const free = new Map<string, { file: string; name: string }>();
    let nodes = 0;
    const ok = (node: ts.Node): boolean => {
      nodes++;
      if (ts.isTypeNode(node)) return true;
      if (ts.isIdentifier(node)) return parameters.includes(node.text) || this.resolve(node, free);
      if (ts.isPropertyAccessExpression(node)) return ok(node.expression);
      if (!isCopied(node)) return false;
      return ts.forEachChild(node, (child) => (ok(child) ? undefined : true)) === undefined;
    };
    if (!ok(expression) || nodes > MAX_NODES) return null;
    return { decl, parameters, expression, statement, free };
  }

  /** Notes where a name of a module comes from. False: another module cannot name it. */
  private resolve(id: ts.Identifier, free: Map<string, { file: string; name: string }>): boolean {
    if (id.text === 'undefined') return true;
    let symbol = this.checker.getSymbolAtLocation(id);
    if (symbol === undefined) return false;
    if ((symbol.flags & ts.SymbolFlags.Alias) !== 0) symbol = this.checker.getAliasedSymbol(symbol);
    const decl = symbol.valueDeclaration;
    if (decl === undefined) return false;
    const file = decl.getSourceFile();
    if (file.isDeclarationFile) return false;
    const module = this.checker.getSymbolAtLocation(file);
    if (module === undefined || !this.checker.getExportsOfModule(module).some((e) => e.name === symbol?.name))
      return false;
    free.set(id.text, { file: file.fileName, name: symbol.name });
    return true;
  }
}

function isCopied(node: ts.Node): boolean {
  return (
    ts.isBinaryExpression(node) ||
    ts.isPrefixUnaryExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isConditionalExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isNumericLiteral(node) ||
    ts.isStringLiteral(node) ||
    ts.isToken(node)
  );
}
