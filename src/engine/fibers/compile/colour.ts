// SPDX-License-Identifier: GPL-2.0-only
/**
 * Colouring: a function is coloured when it can reach an operation at which actors may change. Only such functions
 * become coroutines; all others stay as fast as they are.
 *
 * Calls of a named function are edges of the call graph. A function that is used as a value flows into a *slot*: the
 * parameter or variable that takes it, or the name of the property. Slots that flow into each other are one (union-find),
 * and all functions of a slot have one colour, since a call through it cannot tell them apart.
 */
import ts from 'typescript';
import { enclosing, type Fn, isCallee, isFn, isName, isPassedOn, nameOf, placeProblem } from './places.js';
import { type PointKind, plainAccesses, points } from './points.js';
import { find, type Node, union } from './slots.js';

export type { Fn } from './places.js';

/** What a call is, once colours are known. */
export type CallKind =
  | { readonly point: PointKind; readonly name: string }
  /** A call of a coroutine. */
  | 'coloured'
  /** An access that is no scheduling point. */
  | 'access'
  | 'plain';

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

export class Colouring {
  readonly problems: Problem[] = [];
  private readonly nodes = new Map<unknown, Node>();
  private readonly byProperty = new Map<string, Node>();
  /** Function values in places where they cannot be followed; a problem only if they turn out coloured. */
  private readonly lost: { node: Node; at: ts.Node; text: string }[] = [];
  private readonly calls = new Map<ts.CallExpression, Node>();
  private readonly own: ReadonlySet<ts.SourceFile>;
  /** Properties that are read and not called there: the function goes elsewhere. */
  private readonly accesses: ts.PropertyAccessExpression[] = [];
  private readonly accessCalls = new Set<ts.CallExpression>();
  private readonly heapPoints = new Map<ts.CallExpression, { point: PointKind; name: string }>();

  constructor(
    private readonly checker: ts.TypeChecker,
    files: readonly ts.SourceFile[],
    private readonly isHeap: (file: ts.SourceFile) => boolean,
  ) {
    this.own = new Set(files);
    for (const file of files) if (!isHeap(file)) this.collect(file);
    for (const access of this.accesses) {
      const slot = this.byProperty.get(access.name.text);
      if (slot !== undefined) this.flow(slot, access);
    }
    this.spread();
    for (const { node, at, text } of this.lost) if (find(node).coloured) this.problem(at, text);
    this.checkPlaces();
  }

  isColoured(fn: Fn): boolean {
    const node = this.nodes.get(fn);
    return node !== undefined && find(node).coloured;
  }

  callKind(call: ts.CallExpression): CallKind {
    if (this.accessCalls.has(call)) return 'access';
    const point = this.heapPoints.get(call);
    if (point !== undefined) return point;
    const node = this.calls.get(call);
    return node !== undefined && find(node).coloured ? 'coloured' : 'plain';
  }

  private node(key: unknown): Node {
    let n = this.nodes.get(key);
    if (n === undefined) {
      n = { parent: null, coloured: false, callers: new Set() };
      this.nodes.set(key, n);
    }
    return n;
  }

  private property(name: string): Node {
    let n = this.byProperty.get(name);
    if (n === undefined) {
      n = { parent: null, coloured: false, callers: new Set() };
      this.byProperty.set(name, n);
    }
    return n;
  }

  private problem(at: ts.Node, text: string): void {
    const file = at.getSourceFile();
    const { line, character } = file.getLineAndCharacterOfPosition(at.getStart());
    this.problems.push({ file: file.fileName, line: line + 1, column: character + 1, text });
  }

  private collect(file: ts.SourceFile): void {
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) this.call(node);
      else if (ts.isNewExpression(node)) this.passArguments(node, node.arguments ?? []);
      if (isFn(node)) this.declare(node);
      else if (ts.isIdentifier(node)) this.value(node);
      else if (ts.isPropertyAccessExpression(node) && !isCallee(node) && isPassedOn(node))
        this.accesses.push(node);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }

  /** A function with a name of a property, or one that is a value where it stands. */
  private declare(fn: Fn): void {
    const node = this.node(fn);
    if (ts.isMethodDeclaration(fn)) union(node, this.property(nameOf(fn.name)));
    else if (ts.isFunctionExpression(fn) || ts.isArrowFunction(fn)) this.flow(node, fn);
  }

  /** An identifier that names a function and is not what is called: its function flows to where it stands. */
  private value(id: ts.Identifier): void {
    const parent = id.parent;
    if (ts.isCallExpression(parent) && parent.expression === id) return;
    if (isName(id)) return;
    const target = this.target(id);
    if (target !== null) this.flow(target, id);
  }

  /** What an identifier stands for: a function of ours, or a parameter or variable that can hold one. */
  private target(id: ts.Identifier): Node | null {
    let symbol = ts.isShorthandPropertyAssignment(id.parent)
      ? this.checker.getShorthandAssignmentValueSymbol(id.parent)
      : this.checker.getSymbolAtLocation(id);
    if (symbol === undefined) return null;
    if ((symbol.flags & ts.SymbolFlags.Alias) !== 0) symbol = this.checker.getAliasedSymbol(symbol);
    const decl = symbol.valueDeclaration;
    if (decl === undefined) return null;
    if (ts.isFunctionDeclaration(decl)) return this.ours(decl) ? this.node(decl) : null;
    if (ts.isParameter(decl) || ts.isVariableDeclaration(decl)) {
      const type = this.checker.getTypeOfSymbol(symbol);
      return type.getCallSignatures().length > 0 ? this.node(decl) : null;
    }
    /* const { f } = object: the property of that name. */
    if (ts.isBindingElement(decl)) {
      const name = decl.propertyName ?? decl.name;
      return ts.isIdentifier(name) ? (this.byProperty.get(name.text) ?? null) : null;
    }
    return null;
  }

  private ours(node: ts.Node): boolean {
    const file = node.getSourceFile();
    return !file.isDeclarationFile && this.own.has(file);
  }

  /** A function value at `at`: which slot does it go to? */
  private flow(value: Node, at: ts.Expression): void {
    const parent = at.parent;
    if (ts.isVariableDeclaration(parent) && parent.initializer === at) union(value, this.node(parent));
    else if (ts.isPropertyAssignment(parent) && parent.initializer === at)
      union(value, this.property(nameOf(parent.name)));
    else if (ts.isShorthandPropertyAssignment(parent)) union(value, this.property(parent.name.text));
    else if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
      /* The argument: followed by passArguments. The callee: a call of it. */
      if (parent.expression === at) this.callers(value, parent);
    } else if (
      ts.isParenthesizedExpression(parent) ||
      ts.isAsExpression(parent) ||
      ts.isSatisfiesExpression(parent) ||
      ts.isArrayLiteralExpression(parent)
    ) {
      this.flow(value, parent);
    } else if (ts.isExportAssignment(parent) || ts.isExportSpecifier(parent) || ts.isTypeQueryNode(parent)) {
      /* A name only. */
    } else if (ts.isPropertyAccessExpression(parent) && parent.expression === at) {
      if (['call', 'apply', 'bind'].includes(parent.name.text)) {
        this.lost.push({
          node: value,
          at: parent,
          text: `.${parent.name.text}() of a function that can block`,
        });
      }
    } else {
      this.lost.push({
        node: value,
        at,
        text: 'a function that can block may only be called, passed on, or be a property',
      });
    }
  }

  private callers(callee: Node, at: ts.Node): void {
    const fn = enclosing(at);
    if (fn !== null) find(callee).callers.add(this.node(fn));
  }

  private call(call: ts.CallExpression): void {
    const { expression } = call;
    const decl = this.checker.getResolvedSignature(call)?.declaration;
    const file = decl?.getSourceFile();
    if (file !== undefined && this.isHeap(file) && decl !== undefined && ts.isFunctionDeclaration(decl)) {
      const name = decl.name?.text ?? '';
      const point = points[name];
      if (point !== undefined) {
        this.heapPoints.set(call, { point, name });
        const fn = enclosing(call);
        if (fn !== null) this.node(fn).coloured = true;
      } else if (plainAccesses.includes(name)) this.accessCalls.add(call);
    } else {
      const callee = this.callee(expression, decl);
      if (callee !== null) {
        this.calls.set(call, callee);
        this.callers(callee, call);
      }
    }
    this.passArguments(call, call.arguments);
  }

  private callee(
    expression: ts.Expression,
    decl: ts.SignatureDeclaration | ts.JSDocSignature | undefined,
  ): Node | null {
    if (decl !== undefined && ts.isFunctionDeclaration(decl)) return this.ours(decl) ? this.node(decl) : null;
    if (decl?.getSourceFile().isDeclarationFile === true) return null;
    if (ts.isIdentifier(expression)) return this.target(expression);
    if (ts.isPropertyAccessExpression(expression)) return this.property(expression.name.text);
    return null;
  }

  private passArguments(call: ts.CallExpression | ts.NewExpression, args: readonly ts.Expression[]): void {
    const signature = this.checker.getResolvedSignature(call);
    args.forEach((arg, i) => {
      const value = this.valueOf(arg);
      if (value === null) return;
      const parameter = signature?.parameters[i]?.valueDeclaration;
      if (parameter !== undefined && ts.isParameter(parameter) && this.ours(parameter)) {
        union(value, this.node(parameter));
        if (this.isHeap(parameter.getSourceFile())) {
          this.lost.push({
            node: value,
            at: arg,
            text: 'the condition of an await may make no operations itself',
          });
        }
      } else {
        this.lost.push({
          node: value,
          at: arg,
          text: 'a function that can block is handed to a library function',
        });
      }
    });
  }

  private valueOf(expression: ts.Expression): Node | null {
    if (ts.isIdentifier(expression)) return this.target(expression);
    if (ts.isFunctionExpression(expression) || ts.isArrowFunction(expression)) return this.node(expression);
    if (ts.isPropertyAccessExpression(expression)) {
      const type = this.checker.getTypeAtLocation(expression);
      return type.getCallSignatures().length > 0 ? this.property(expression.name.text) : null;
    }
    return null;
  }

  /** To the fixpoint: callers of a coloured function are coloured. */
  private spread(): void {
    const all = new Set([...this.nodes.values(), ...this.byProperty.values()]);
    for (const n of all) if (n.coloured) find(n).coloured = true;
    const work = [...all].map(find).filter((n) => n.coloured);
    for (let n = work.pop(); n !== undefined; n = work.pop()) {
      for (const c of n.callers) {
        const caller = find(c);
        if (caller.coloured) continue;
        caller.coloured = true;
        work.push(caller);
      }
    }
  }

  /** Places that cannot become coroutines. */
  private checkPlaces(): void {
    for (const call of [...this.heapPoints.keys(), ...this.calls.keys()]) {
      if (this.callKind(call) === 'plain') continue;
      const place = placeProblem(call);
      if (place !== null) this.problem(call, place);
    }
  }
}
