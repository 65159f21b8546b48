// SPDX-License-Identifier: GPL-2.0-only
/** The patches under test/regress/patches, and the type check of the files that they change. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '#src/kernel_build/kernel_sources.js';
import { applyDiff, type FileDiff, parseDiff } from './unified_diff.js';

const patchFolder = join(packageRoot, 'test/regress/patches');

export function patchFile(id: string): string {
  return join(patchFolder, `${id}.patch`);
}

export function readSource(path: string): string {
  return readFileSync(join(packageRoot, path), 'utf8');
}

export function patchIds(): string[] {
  return readdirSync(patchFolder)
    .filter((name) => name.endsWith('.patch'))
    .map((name) => name.slice(0, -'.patch'.length))
    .sort();
}

export function readPatch(id: string): FileDiff[] {
  return parseDiff(readFileSync(patchFile(id), 'utf8'));
}

/**
 * What the compiler says of the patched files, by patch. Each patched text stands beside its original under a name of its
 * own, so one program holds all of them; a patch that changes the types between two files cannot be checked so.
 */
export function typeErrors(patches: ReadonlyMap<string, readonly FileDiff[]>): Map<string, string[]> {
  const texts = new Map<string, { readonly id: string; readonly text: string }>();
  const errors = new Map<string, string[]>();
  for (const [id, diffs] of patches) {
    errors.set(id, []);
    for (const diff of diffs) {
      try {
        const text = applyDiff(diff, readSource(diff.path));
        texts.set(join(packageRoot, diff.path.replace(/\.ts$/, `.${id}.ts`)), { id, text });
      } catch (e) {
        errors.get(id)?.push(String(e));
      }
    }
  }
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.readFile = (name) => texts.get(name)?.text ?? readFile(name);
  host.getSourceFile = (name, version, ...rest) => {
    const patched = texts.get(name);
    return patched === undefined
      ? getSourceFile(name, version, ...rest)
      : ts.createSourceFile(name, patched.text, version);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  for (const [name, { id }] of texts) {
    const file = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    const messages = found.map((d) => `${name}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`);
    errors.get(id)?.push(...messages);
  }
  return errors;
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(packageRoot, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, packageRoot);
  delete options.tsBuildInfoFile;
  /* Kernel code knows nothing of Node: without its types the program is half as large. */
  return { ...options, noEmit: true, incremental: false, types: [] };
}
