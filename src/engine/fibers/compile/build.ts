// SPDX-License-Identifier: GPL-2.0-only
/**
 * Builds the trees that the engine of coroutines and the replay on threads run: the closure of the machine's sources,
 * type-checked once and emitted in each shape. Source files may be replaced (a patched kernel).
 */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { BASE_FILE, type Base, type BaseFile, hashOf, readBase, toolHash } from './base.js';
import { Colouring, type Problem } from './colour.js';
import { Constants } from './constants.js';
import { collectFacts, type FileFacts } from './facts.js';
import { Inliner } from './inline.js';
import { createProgram, problemOf } from './program.js';
import { Quickness } from './quick.js';
import { SlotNames, shapeOf } from './shape.js';
import { SiteTable } from './sites.js';
import { type Tree, transformer } from './transform.js';

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
  /** Folder of another build, of which what has not changed is taken over. */
  readonly base?: string;
}

export interface BuildResult {
  readonly problems: readonly Problem[];
  readonly files: number;
  readonly sites: number;
  /** Files that were compiled; the others were taken over. */
  readonly compiled: number;
}

/** All that can be made. */
export const trees: readonly Tree[] = ['plain', 'fast', 'observed', 'modelled', 'token'];

export const machineEntries: readonly string[] = [
  'src/machine/actors.ts',
  'src/machine/boot.ts',
  'src/machine/view.ts',
  'src/model/index.ts',
];

/** Modules that are shared with the ordinary build: they touch no memory of the machine. */
const SHARED = /^src\/(util|trace|schedule)\//;
const HEAP = 'src/mem/heap.ts';

export function buildTrees(options: BuildOptions): BuildResult {
  const root = resolve(options.root);
  const program = createProgram({ ...options, root });
  const files = program.getSourceFiles().filter((f) => !f.isDeclarationFile);
  const pathOf = (f: ts.SourceFile) => relative(root, f.fileName).replaceAll('\\', '/');
  const isHeap = (f: ts.SourceFile) => pathOf(f) === HEAP;
  const isOwn = (f: ts.SourceFile) => !SHARED.test(pathOf(f));
  const texts = new Map(files.map((f) => [pathOf(f), { hash: hashOf(f.text), shape: shapeOf(f) }]));
  const before = options.base === undefined ? null : readBase(options.base, options.dist, options.trees);
  const constants = new Constants(program, root);
  const { fingerprint } = constants;
  const changed = before?.base.constants === fingerprint ? changedFiles(before.base, texts) : null;
  const stays = (f: ts.SourceFile) => changed !== null && !changed.has(pathOf(f));
  const done = (found: readonly Problem[]): BuildResult => ({
    problems: found.map((p) => ({ ...p, file: p.file.startsWith('/') ? relative(root, p.file) : p.file })),
    files: files.length,
    sites: 0,
    compiled: 0,
  });
  const diagnostics =
    changed === null
      ? ts.getPreEmitDiagnostics(program)
      : files
          .filter((f) => !stays(f))
          .flatMap((f) => [...program.getSyntacticDiagnostics(f), ...program.getSemanticDiagnostics(f)]);
  if (diagnostics.length > 0) return done(diagnostics.map(problemOf));

  const checker = program.getTypeChecker();
  const names = new SlotNames(pathOf);
  const facts = new Map<string, FileFacts>();
  for (const f of files) {
    if (!isOwn(f) || isHeap(f)) continue;
    const known = stays(f) ? before?.base.files[pathOf(f)]?.facts : null;
    facts.set(pathOf(f), known ?? collectFacts(f, { checker, names, isHeap, isOwn }));
  }
  const colours = new Colouring(facts, names, pathOf);
  if (colours.problems.length > 0) return done(colours.problems);

  const inliner = new Inliner(checker, colours);
  const sites = new SiteTable(root);
  if (before !== null && changed !== null) sites.adopt(before.sites, before.base.siteKeys, changed);
  const specifier = (f: ts.SourceFile, target: string) => {
    const js = relative(root, resolve(root, target)).replace(/\.ts$/, '.js');
    const r = relative(dirname(pathOf(f)), js).replaceAll('\\', '/');
    return r.startsWith('.') ? r : `./${r}`;
  };
  const known = (f: ts.SourceFile): BaseFile | undefined =>
    stays(f) ? before?.base.files[pathOf(f)] : undefined;
  const isKernel = (f: ts.SourceFile) => isOwn(f) && !isHeap(f);
  const heapName = (call: ts.CallExpression): string | null => {
    const decl = ts.isIdentifier(call.expression)
      ? checker.getResolvedSignature(call)?.declaration
      : undefined;
    if (decl === undefined || !ts.isFunctionDeclaration(decl) || !isHeap(decl.getSourceFile())) return null;
    return decl.name?.text ?? null;
  };
  const quickOf = (decl: ts.FunctionDeclaration): boolean | null =>
    known(decl.getSourceFile())?.quick.includes(decl.name?.text ?? '') ?? null;
  let quickness = new Quickness(checker, colours, inliner, isKernel, quickOf);
  /* Others call the quick version of a function that has lost it: then all is to be found out anew. */
  const lost = files.some((f) => {
    const now = changed?.has(pathOf(f)) === true && isKernel(f) ? quickness.namesIn(f) : null;
    return now !== null && before?.base.files[pathOf(f)]?.quick.some((name) => !now.includes(name)) === true;
  });
  if (lost) quickness = new Quickness(checker, colours, inliner, isKernel);
  const summaries = new Map(files.map((f) => [pathOf(f), colours.summary(pathOf(f))]));
  /** Compiled to what it was: neither it nor what is inlined in it has changed. */
  const isSame = (path: string) => {
    const old = before?.base.files[path];
    if (old === undefined || changed === null) return false;
    return [path, ...old.inlined].every(
      (p) => !changed.has(p) && summaries.get(p) === before?.base.files[p]?.summary,
    );
  };
  /** What `from` imports it by. Trees that stand in the compiled project are moved with it, those of a cache are not. */
  const ofDist = (from: string, js: string) => {
    const target = join(options.dist, js);
    if (relative(options.dist, options.out).startsWith('..')) return pathToFileURL(target).href;
    return relative(dirname(from), target).replaceAll('\\', '/');
  };
  const kept: Record<string, BaseFile> = {};
  let compiled = 0;
  for (const file of files) {
    const path = pathOf(file);
    const js = path.replace(/\.ts$/, '.js');
    const old = known(file);
    const same = old !== undefined && isSame(path);
    inliner.sources.clear();
    for (const tree of options.trees) {
      const to = join(options.out, tree, js);
      if (isHeap(file) && tree !== 'plain') {
        put(to, `export * from '${ofDist(to, `src/engine/fibers/heap/${tree}.js`)}';\n`);
      } else if (!isOwn(file) || isHeap(file)) {
        put(to, `export * from '${ofDist(to, js)}';\n`);
      } else if (
        options.base !== undefined &&
        (tree === 'plain' ? old !== undefined : same && !(lost && tree !== 'token'))
      ) {
        take(join(options.base, tree, js), to);
      } else {
        const write: ts.WriteFileCallback = (name, text) =>
          put(join(options.out, tree, relative(root, name)), text);
        const steps =
          tree === 'plain'
            ? []
            : [
                transformer({
                  tree,
                  colours,
                  inliner,
                  quickness: tree === 'token' ? null : quickness,
                  constants,
                  specifier,
                  siteOf: sites.number,
                  heapName,
                }),
              ];
        program.emit(file, write, undefined, false, { before: steps });
      }
    }
    if (isOwn(file) && !same) compiled++;
    if (options.base !== undefined) continue;
    kept[path] = {
      ...(texts.get(path) as { hash: string; shape: string }),
      summary: summaries.get(path) ?? '',
      inlined: [...inliner.sources].map((name) => relative(root, name).replaceAll('\\', '/')),
      quick: isKernel(file) && options.trees.includes('fast') ? quickness.namesIn(file) : [],
      facts: facts.get(path) ?? null,
    };
  }
  for (const tree of options.trees) put(join(options.out, tree, 'package.json'), '{ "type": "module" }\n');
  put(join(options.out, 'sites.json'), JSON.stringify(sites.list));
  if (options.base === undefined) {
    const base: Base = {
      tool: toolHash(),
      constants: fingerprint,
      dist: options.dist,
      trees: options.trees,
      files: kept,
      siteKeys: sites.keys,
    };
    put(join(options.out, BASE_FILE), JSON.stringify(base));
  }
  return { problems: [], files: files.length, sites: sites.list.length, compiled };
}

/** Paths whose text differs from the base's. Null: so much is different that nothing can be taken over. */
function changedFiles(
  base: Base,
  texts: ReadonlyMap<string, { hash: string; shape: string }>,
): ReadonlySet<string> | null {
  const changed = new Set<string>();
  for (const [path, { hash, shape }] of texts) {
    const old = base.files[path];
    if (old === undefined || old.shape !== shape) return null;
    if (old.hash !== hash) changed.add(path);
  }
  return Object.keys(base.files).every((path) => texts.has(path)) ? changed : null;
}

function take(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  if (existsSync(`${from}.map`)) copyFileSync(`${from}.map`, `${to}.map`);
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
