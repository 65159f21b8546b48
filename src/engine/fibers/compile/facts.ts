// SPDX-License-Identifier: GPL-2.0-only
/**
 * What one file says about who calls whom, as plain data: it can be kept for as long as the file and the shapes of those
 * that it imports stay as they are.
 *
 * A function that is used as a value flows into a *slot*: the parameter or variable that takes it, or the name of the
 * property.
 */
import ts from 'typescript';
import { enclosing, isCallee, isFn, isName, isPassedOn, nameOf, placeProblem } from './places.js';
import { plainAccesses, points } from './points.js';
import { propertySlot, type Slot, type SlotNames } from './shape.js';

/** A call, by the position of its end: that of `f(x)(y)` and that of `f(x)` begin at the same place. */
export interface CallFact {
  readonly end: number;
  /** The operation of the heap that it is; null: none. */
  readonly op: string | null;
  /** What it calls; null: nothing of ours. */
  readonly slot: Slot | null;
}

/** A problem if the slot is coloured; null: in any case. */
export interface Suspect {
  readonly slot: Slot | null;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

export interface FileFacts {
  readonly calls: CallFact[];
  readonly functions: Slot[];
  /** Functions that make an operation. */
  readonly coloured: Slot[];
  readonly unions: [Slot, Slot][];
  /** Callee, caller. */
  readonly edges: [Slot, Slot][];
  readonly suspects: Suspect[];
}

export interface Program {
  readonly checker: ts.TypeChecker;
  readonly names: SlotNames;
  readonly isHeap: (file: ts.SourceFile) => boolean;
  /** Compiled with the machine: not one of the shared modules. */
  readonly isOwn: (file: ts.SourceFile) => boolean;
}

export function collectFacts(file: ts.SourceFile, program: Program): FileFacts {
  const collector = new Collector(program);
  collector.collect(file);
  return collector.facts;
}

class Collector {
  readonly facts: FileFacts = { calls: [], functions: [], coloured: [], unions: [], edges: [], suspects: [] };
  private readonly checker: ts.TypeChecker;

  constructor(private readonly program: Program) {
    this.checker = program.checker;
  }

  collect(file: ts.SourceFile): void {
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) this.call(node);
      else if (ts.isNewExpression(node)) this.passArguments(node, node.arguments ?? []);
      if (isFn(node)) this.declare(node);
      else if (ts.isIdentifier(node)) this.value(node);
      else if (ts.isPropertyAccessExpression(node) && !isCallee(node) && isPassedOn(node))
        this.flow(propertySlot(node.name.text), node);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }

  private union(a: Slot, b: Slot): void {
    this.facts.unions.push([a, b]);
  }

  private slot(node: ts.Node): Slot {
    return this.program.names.of(node);
  }

  private suspect(slot: Slot | null, at: ts.Node, text: string): void {
    const file = at.getSourceFile();
    const { line, character } = file.getLineAndCharacterOfPosition(at.getStart());
    this.facts.suspects.push({ slot, line: line + 1, column: character + 1, text });
  }

  /** A function with a name of a property, or one that is a value where it stands. */
  private declare(fn: ts.Node): void {
    const slot = this.slot(fn);
    this.facts.functions.push(slot);
    if (ts.isMethodDeclaration(fn)) this.union(slot, propertySlot(nameOf(fn.name)));
    else if (ts.isFunctionExpression(fn) || ts.isArrowFunction(fn)) this.flow(slot, fn);
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
  private target(id: ts.Identifier): Slot | null {
    let symbol = ts.isShorthandPropertyAssignment(id.parent)
      ? this.checker.getShorthandAssignmentValueSymbol(id.parent)
      : this.checker.getSymbolAtLocation(id);
    if (symbol === undefined) return null;
    if ((symbol.flags & ts.SymbolFlags.Alias) !== 0) symbol = this.checker.getAliasedSymbol(symbol);
    const decl = symbol.valueDeclaration;
    if (decl === undefined) return null;
    if (ts.isFunctionDeclaration(decl)) return this.ours(decl) ? this.slot(decl) : null;
    if (ts.isParameter(decl) || ts.isVariableDeclaration(decl)) {
      const type = this.checker.getTypeOfSymbol(symbol);
      return type.getCallSignatures().length > 0 ? this.slot(decl) : null;
    }
    /* const { f } = object: the property of that name. */
    if (ts.isBindingElement(decl)) {
      const name = decl.propertyName ?? decl.name;
      return ts.isIdentifier(name) ? propertySlot(name.text) : null;
    }
    return null;
  }

  private ours(node: ts.Node): boolean {
    const file = node.getSourceFile();
    return !file.isDeclarationFile && this.program.isOwn(file);
  }

  /** A function value at `at`: which slot does it go to? */
  private flow(value: Slot, at: ts.Expression): void {
    const parent = at.parent;
    if (ts.isVariableDeclaration(parent) && parent.initializer === at) this.union(value, this.slot(parent));
    else if (ts.isPropertyAssignment(parent) && parent.initializer === at)
      this.union(value, propertySlot(nameOf(parent.name)));
    else if (ts.isShorthandPropertyAssignment(parent)) this.union(value, propertySlot(parent.name.text));
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
      if (['call', 'apply', 'bind'].includes(parent.name.text))
        this.suspect(value, parent, `.${parent.name.text}() of a function that can block`);
    } else {
      this.suspect(value, at, 'a function that can block may only be called, passed on, or be a property');
    }
  }

  private callers(callee: Slot, at: ts.Node): void {
    const fn = enclosing(at);
    if (fn !== null) this.facts.edges.push([callee, this.slot(fn)]);
  }

  private call(call: ts.CallExpression): void {
    const { expression, end } = call;
    const decl = this.checker.getResolvedSignature(call)?.declaration;
    const file = decl?.getSourceFile();
    let op: string | null = null;
    let slot: Slot | null = null;
    if (
      file !== undefined &&
      this.program.isHeap(file) &&
      decl !== undefined &&
      ts.isFunctionDeclaration(decl)
    ) {
      const name = decl.name?.text ?? '';
      if (points[name] !== undefined) {
        op = name;
        const fn = enclosing(call);
        if (fn !== null) this.facts.coloured.push(this.slot(fn));
      } else if (plainAccesses.includes(name)) op = name;
    } else {
      slot = this.callee(expression, decl);
      if (slot !== null) this.callers(slot, call);
    }
    if (op !== null || slot !== null) {
      this.facts.calls.push({ end, op, slot });
      const place = op !== null && points[op] === undefined ? null : placeProblem(call);
      if (place !== null) this.suspect(slot, call, place);
    }
    this.passArguments(call, call.arguments);
  }

  private callee(
    expression: ts.Expression,
    decl: ts.SignatureDeclaration | ts.JSDocSignature | undefined,
  ): Slot | null {
    if (decl !== undefined && ts.isFunctionDeclaration(decl)) return this.ours(decl) ? this.slot(decl) : null;
    if (decl?.getSourceFile().isDeclarationFile === true) return null;
    if (ts.isIdentifier(expression)) return this.target(expression);
    if (ts.isPropertyAccessExpression(expression)) return propertySlot(expression.name.text);
    return null;
  }

  private passArguments(call: ts.CallExpression | ts.NewExpression, args: readonly ts.Expression[]): void {
    const signature = this.checker.getResolvedSignature(call);
    args.forEach((arg, i) => {
      const value = this.valueOf(arg);
      if (value === null) return;
      const parameter = signature?.parameters[i]?.valueDeclaration;
      if (parameter !== undefined && ts.isParameter(parameter) && this.ours(parameter)) {
        this.union(value, this.slot(parameter));
        if (this.program.isHeap(parameter.getSourceFile()))
          this.suspect(value, arg, 'the condition of an await may make no operations itself');
      } else this.suspect(value, arg, 'a function that can block is handed to a library function');
    });
  }

  private valueOf(expression: ts.Expression): Slot | null {
    if (ts.isIdentifier(expression)) return this.target(expression);
    if (ts.isFunctionExpression(expression) || ts.isArrowFunction(expression)) return this.slot(expression);
    if (ts.isPropertyAccessExpression(expression)) {
      const type = this.checker.getTypeAtLocation(expression);
      return type.getCallSignatures().length > 0 ? propertySlot(expression.name.text) : null;
    }
    return null;
  }
}
