// SPDX-License-Identifier: GPL-2.0-only
/** The compiler's program over the machine's sources, some of which may be replaced. Parsed files are kept. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import type { Problem } from './colour.js';

export interface ProgramOptions {
  readonly root: string;
  readonly entries: readonly string[];
  readonly replaced: ReadonlyMap<string, string | null>;
}

/** Of this process: the compiler changes nothing in a parsed file but what it would find again. */
const parsed = new Map<string, ts.SourceFile>();
let last: ts.Program | undefined;

export function createProgram(options: ProgramOptions): ts.Program {
  const { root } = options;
  const compilerOptions = optionsOf(root);
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
    const known = parsed.get(name);
    if (known?.isDeclarationFile === true) return known;
    const text = host.readFile(name);
    if (text === undefined) return undefined;
    if (known?.text === text) return known;
    const file = ts.createSourceFile(name, text, version, true);
    /* A changed file is not kept: the next one that is built has another change, or none. */
    if (textOf(name) === undefined) parsed.set(name, file);
    return file;
  };
  const make = (roots: readonly string[]) => ts.createProgram(roots, compilerOptions, host, last);
  let program = make(options.entries.map((e) => join(root, e)));
  const external = (f: ts.SourceFile) => !f.isDeclarationFile && program.isSourceFileFromExternalLibrary(f);
  if (program.getSourceFiles().some(external)) {
    /* Installed under node_modules: what is imported there is taken for a library, which is not compiled. */
    program = make(program.getSourceFiles().flatMap((f) => (f.isDeclarationFile ? [] : [f.fileName])));
  }
  last = program;
  return program;
}

function optionsOf(root: string): ts.CompilerOptions {
  const read = ts.readConfigFile(join(root, 'tsconfig.json'), (p) => readFileSync(p, 'utf8'));
  const config = ts.convertCompilerOptionsFromJson(read.config.compilerOptions, root);
  const options: ts.CompilerOptions = {
    ...config.options,
    /* Types of packages are looked for from here on, not from the folder that somebody works in. */
    configFilePath: join(root, 'tsconfig.json'),
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
  delete options.tsBuildInfoFile;
  return options;
}

export function problemOf(d: ts.Diagnostic): Problem {
  const text = ts.flattenDiagnosticMessageText(d.messageText, '\n');
  if (d.file === undefined || d.start === undefined) return { file: '', line: 0, column: 0, text };
  const { line, character } = d.file.getLineAndCharacterOfPosition(d.start);
  return { file: d.file.fileName, line: line + 1, column: character + 1, text };
}
