// SPDX-License-Identifier: GPL-2.0-only
/**
 * Offsets of fields, flags, event numbers and opcodes as the numbers that they are. To V8 what a module imports is no
 * constant: without this each access of the kernel loads its offset first, and takes longer to be compiled.
 */
import { dirname, join, relative } from 'node:path';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import { SimulatorBug } from '../../../util/fault.js';
import { hashOf } from './base.js';
import { isOperand } from './places.js';

/** Modules that are evaluated for it: they declare, and do nothing. */
const MODULES =
  /^src\/(kernel\/abi\/\w+|kernel\/text\/opcodes|trace\/(events|lock_tracker)|mem\/(layout|list|barriers))\.ts$/;

type Exports = Record<string, unknown>;

/** Of the last build of this process: kernels that are built one after another have them in common. */
let last: { readonly texts: string; readonly modules: Map<string, Exports>; fingerprint: string } | null =
  null;

export class Constants {
  private readonly modules: Map<string, Exports>;
  private readonly known = new Map<ts.Symbol, unknown>();
  private readonly checker: ts.TypeChecker;
  /** Of all that could be written into a tree: while it stays, what was compiled with it can be taken over. */
  readonly fingerprint: string;

  constructor(
    private readonly program: ts.Program,
    private readonly root: string,
  ) {
    this.checker = program.getTypeChecker();
    const files = program.getSourceFiles().filter((f) => this.isConstant(f));
    const texts = files.map((f) => `${f.fileName}\n${f.text}`).join('\n');
    if (last?.texts !== texts) {
      this.modules = new Map();
      const all = files.map((f) => [this.pathOf(f), this.load(f)]);
      last = { texts, modules: this.modules, fingerprint: hashOf(JSON.stringify(all)) };
    }
    this.modules = last.modules;
    this.fingerprint = last.fingerprint;
  }

  /** The number that an expression stands for wherever it is evaluated; null: it is no such expression. */
  of(node: ts.Node): number | null {
    if (ts.isIdentifier(node)) return isOperand(node) ? number(this.value(node)) : null;
    if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return null;
    const object = this.value(node.expression);
    const { text } = node.name;
    if (typeof object !== 'object' || object === null || !Object.hasOwn(object, text)) return null;
    return number((object as Exports)[text]);
  }

  private value(id: ts.Identifier): unknown {
    let symbol = this.checker.getSymbolAtLocation(id);
    if (symbol === undefined) return undefined;
    if ((symbol.flags & ts.SymbolFlags.Alias) !== 0) symbol = this.checker.getAliasedSymbol(symbol);
    if (!this.known.has(symbol)) this.known.set(symbol, this.exported(symbol));
    return this.known.get(symbol);
  }

  private exported(symbol: ts.Symbol): unknown {
    const decl = symbol.valueDeclaration;
    if (decl === undefined || !ts.isVariableDeclaration(decl)) return undefined;
    if ((ts.getCombinedNodeFlags(decl) & ts.NodeFlags.Const) === 0) return undefined;
    const file = decl.getSourceFile();
    if (decl.parent.parent.parent !== file || !this.isConstant(file)) return undefined;
    return this.load(file)[symbol.name];
  }

  private load(file: ts.SourceFile): Exports {
    const known = this.modules.get(file.fileName);
    if (known !== undefined) return known;
    const exports: Exports = {};
    this.modules.set(file.fileName, exports);
    const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(file.text, { compilerOptions });
    try {
      const run = compileFunction(outputText, ['exports', 'require'], { filename: file.fileName });
      run(exports, (from: string) => this.load(this.imported(file, from)));
    } catch (error) {
      if (error instanceof SimulatorBug) throw error;
      /* A mistake in a changed kernel: the compiler tells of it, or whoever loads the module. */
    }
    return exports;
  }

  private imported(file: ts.SourceFile, from: string): ts.SourceFile {
    const name = join(dirname(file.fileName), from).replace(/\.js$/, '.ts');
    const found = this.program.getSourceFile(name);
    if (found === undefined) throw new SimulatorBug(`${this.pathOf(file)} imports ${from}: no constants`);
    return found;
  }

  private isConstant(file: ts.SourceFile): boolean {
    return MODULES.test(this.pathOf(file));
  }

  private pathOf(file: ts.SourceFile): string {
    return relative(this.root, file.fileName).replaceAll('\\', '/');
  }
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) ? value : null;
}
