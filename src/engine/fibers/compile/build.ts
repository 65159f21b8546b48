// SPDX-License-Identifier: GPL-2.0-only
/**
 * Builds the trees that the engine of coroutines and the replay on threads run: the closure of the machine's sources,
 * type-checked once and emitted in each shape. Source files may be replaced (a patched kernel).
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { Colouring, type Problem } from './colour.js';
import { Inliner } from './inline.js';
import { type Site, type Tree, transformer } from './transform.js';

export interface BuildOptions {
  /** Folder with src/ and tsconfig.json. */
  readonly root: string;
  /** Modules that make a tree: they and all that they import, relative to root. */
  readonly entries: readonly string[];
  /** Text of files that differ from the ones on disk, by path relative to root; null: the file is not there. */
  readonly replaced: ReadonlyMap<string, string | null>;
  /** Where the trees go: <out>/fast/src/... */
  readonly out: string;
  /** Folder of the ordinary build: dist. */
  readonly dist: string;
  readonly trees: readonly Tree[];
}

export interface BuildResult {
  readonly problems: readonly Problem[];
  readonly files: number;
  readonly sites: number;
}

/** All that can be made. */
export const trees: readonly Tree[] = ['plain', 'fast', 'observed', 'token'];

export const machineEntries: readonly string[] = ['src/machine/actors.ts', 'src/machine/boot.ts', 'src/machine/view.ts'];

/** Modules that are shared with the ordinary build: they touch no memory of the machine. */
const SHARED = /^src\/(util|trace|schedule)\//;
const HEAP = 'src/mem/heap.ts';

export function buildTrees(options: BuildOptions): BuildResult {
  const root = resolve(options.root);
  const { program, problems } = createProgram(root, options);
  const files = program.getSourceFiles().filter((f) => !f.isDeclarationFile);
  const pathOf = (f: ts.SourceFile) => relative(root, f.fileName).replaceAll('\\', '/');
  const isHeap = (f: ts.SourceFile) => pathOf(f) === HEAP;
  const found: Problem[] = [...problems];
  if (found.length > 0) return { problems: relativeTo(root, found), files: files.length, sites: 0 };
  const own = files.filter((f) => !SHARED.test(pathOf(f)));
  const colours = new Colouring(program.getTypeChecker(), own, isHeap);
  if (colours.problems.length > 0) {
    return { problems: relativeTo(root, colours.problems), files: files.length, sites: 0 };
  }
  const inliner = new Inliner(program.getTypeChecker(), colours);
  const sites = new SiteTable(root);
  for (const tree of options.trees) {
    const base = join(options.out, tree);
    const specifier = (f: ts.SourceFile, target: string) => {
      const js = relative(root, resolve(root, target)).replace(/\.ts$/, '.js');
      const r = relative(dirname(pathOf(f)), js).replaceAll('\\', '/');
      return r.startsWith('.') ? r : `./${r}`;
    };
    const write: ts.WriteFileCallback = (name, text) => put(join(base, relative(root, name)), text);
    for (const file of files) {
      const path = pathOf(file);
      const js = path.replace(/\.ts$/, '.js');
      if (isHeap(file) && tree !== 'plain') {
        const heap = pathToFileURL(join(options.dist, `src/engine/fibers/heap/${tree}.js`)).href;
        put(join(base, js), `export * from '${heap}';\n`);
      } else if (SHARED.test(path) || (isHeap(file) && tree === 'plain')) {
        put(join(base, js), `export * from '${pathToFileURL(join(options.dist, js)).href}';\n`);
      } else {
        const before = tree === 'plain' ? [] : [transformer(tree, colours, inliner, specifier, sites.number)];
        program.emit(file, write, undefined, false, { before });
      }
    }
    put(join(base, 'package.json'), '{ "type": "module" }\n');
  }
  put(join(options.out, 'sites.json'), JSON.stringify(sites.list));
  return { problems: [], files: files.length, sites: sites.list.length };
}

/** Numbers of places, the same in every tree. */
class SiteTable {
  readonly list: Site[] = [];
  private readonly known = new Map<string, number>();

  constructor(private readonly root: string) {}

  readonly number = (call: ts.CallExpression, op: string, chain: readonly ts.CallExpression[]): number => {
    const key = [...chain, call].map((c) => `${c.getSourceFile().fileName}:${c.pos}`).join(' ');
    let n = this.known.get(key);
    if (n === undefined) {
      n = this.list.length;
      this.known.set(key, n);
      this.list.push(this.describe(chain[0] ?? call, op, chain));
    }
    return n;
  };

  private describe(at: ts.CallExpression, op: string, chain: readonly ts.CallExpression[]): Site {
    const file = at.getSourceFile();
    let fn: ts.Node | undefined = at;
    while (fn !== undefined && !(ts.isFunctionLike(fn) && fn.name !== undefined)) fn = fn.parent;
    return {
      file: relative(this.root, file.fileName).replaceAll('\\', '/'),
      line: file.getLineAndCharacterOfPosition(at.getStart()).line + 1,
      op,
      fn: fn !== undefined && ts.isFunctionLike(fn) ? (fn.name?.getText() ?? '') : '',
      via: chain.map((c) => c.expression.getText()),
      text: at.getText().replace(/\s+/g, ' ').slice(0, 120),
    };
  }
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function createProgram(root: string, options: BuildOptions): { program: ts.Program; problems: Problem[] } {
  const read = ts.readConfigFile(join(root, 'tsconfig.json'), (p) => readFileSync(p, 'utf8'));
  const config = ts.parseJsonConfigFileContent(read.config, ts.sys, root);
  const compilerOptions: ts.CompilerOptions = {
    ...config.options,
    incremental: false,
    noEmit: false,
    declaration: false,
    outDir: root,
    rootDir: root,
    sourceMap: true,
    inlineSources: false,
    removeComments: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  delete compilerOptions.tsBuildInfoFile;
  const host = ts.createCompilerHost(compilerOptions);
  const { readFile, fileExists } = host;
  const textOf = (name: string) => options.replaced.get(relative(root, name).replaceAll('\\', '/'));
  host.readFile = (name) => {
    const text = textOf(name);
    return text === undefined ? readFile(name) : (text ?? undefined);
  };
  host.fileExists = (name) => {
    const text = textOf(name);
    return text === undefined ? fileExists(name) : text !== null;
  };
  host.getSourceFile = (name, version) => {
    const text = host.readFile(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, version, true);
  };
  const program = ts.createProgram(options.entries.map((e) => join(root, e)), compilerOptions, host);
  const problems = ts.getPreEmitDiagnostics(program).map((d): Problem => {
    const text = ts.flattenDiagnosticMessageText(d.messageText, '\n');
    if (d.file === undefined || d.start === undefined) return { file: '', line: 0, column: 0, text };
    const { line, character } = d.file.getLineAndCharacterOfPosition(d.start);
    return { file: d.file.fileName, line: line + 1, column: character + 1, text };
  });
  return { program, problems };
}

function relativeTo(root: string, problems: readonly Problem[]): Problem[] {
  return problems.map((p) => ({ ...p, file: p.file === '' ? '' : relative(root, p.file).replaceAll('\\', '/') }));
}
