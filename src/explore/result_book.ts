// SPDX-License-Identifier: GPL-2.0-only
/**
 * What a long search over many cases has found out so far (--out): a line for each case, appended as soon as it is
 * known. A run that is killed loses the case in flight; a line that it left half written is passed over.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changeableFiles, readSource } from '../kernel_build/kernel_sources.js';
import { reasonOf, writeProblem } from '../util/atomic_write.js';
import { UsageError } from '../util/fault.js';
import { makeFolder } from '../util/make_folder.js';

const FORMAT = 1;

interface Head {
  readonly format: number;
  /** What is searched: mutants or barriers. */
  readonly what: string;
  /** Of the sources of the kernel: what was found of another one says nothing of this. */
  readonly kernel: string;
  /** Null: the scenarios' own. */
  readonly seed: number | null;
}

interface Line<T> {
  readonly key: string;
  readonly result: T;
}

export class ResultBook<T> {
  private readonly file: string;
  private readonly known = new Map<string, T>();

  /** UsageError if the folder cannot be written, or holds results of another kernel, seed or search. */
  constructor(dir: string, what: string, seed: number | undefined) {
    this.file = join(dir, `${what}.jsonl`);
    try {
      makeFolder(dir);
    } catch (error) {
      throw new UsageError([`--out: "${dir}" cannot be made: ${reasonOf(error)}`]);
    }
    const problem = writeProblem(this.file);
    if (problem !== null) throw new UsageError([`--out: ${problem}`]);
    const head: Head = { format: FORMAT, what, kernel: kernelHash(), seed: seed ?? null };
    const text = this.read();
    if (text === '') this.append(JSON.stringify(head));
    else this.take(text, head);
  }

  get(key: string): T | undefined {
    return this.known.get(key);
  }

  /** In the file before it returns. UsageError if the disk is full or gone. */
  put(key: string, result: T): void {
    this.known.set(key, result);
    this.append(JSON.stringify({ key, result } satisfies Line<T>));
  }

  private read(): string {
    try {
      return readFileSync(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw new UsageError([`--out: cannot read "${this.file}": ${reasonOf(error)}`]);
    }
  }

  private append(line: string): void {
    try {
      appendFileSync(this.file, `${line}\n`);
    } catch (error) {
      throw new UsageError([`--out: cannot write "${this.file}": ${reasonOf(error)}`]);
    }
  }

  private take(text: string, mine: Head): void {
    const [first, ...lines] = text.split('\n');
    const theirs = parsed<Head>(first ?? '');
    if (theirs?.format !== FORMAT || theirs.what !== mine.what)
      throw new UsageError([`--out: ${this.file} is not a file of this search; choose another folder`]);
    const differs = (['kernel', 'seed'] as const).filter((k) => theirs[k] !== mine[k]);
    if (differs.length > 0)
      throw new UsageError(
        differs.map((k) => `--out: ${this.file} is of another ${k}: ${theirs[k]} there and ${mine[k]} here`),
      );
    for (const line of lines) {
      const row = parsed<Line<T>>(line);
      if (row !== null) this.known.set(row.key, row.result);
    }
    /* What comes next begins a line of its own. */
    if (!text.endsWith('\n')) this.append('');
  }
}

function parsed<V>(line: string): V | null {
  try {
    return JSON.parse(line) as V;
  } catch {
    return null;
  }
}

function kernelHash(): string {
  const hash = createHash('sha256');
  for (const path of changeableFiles()) hash.update(`${path}\n${readSource(path) ?? ''}\n`);
  return hash.digest('hex').slice(0, 12);
}
