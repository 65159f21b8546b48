// SPDX-License-Identifier: GPL-2.0-only
/** A scenario file as text: read within bounds, parsed, with the place of every value and a list of problems. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import { reasonOf } from '../util/atomic_write.js';
import { UsageError } from '../util/fault.js';
import { limits } from './limits.js';

/** Keys and indexes from the top of the file to a value. */
export type Path = readonly (string | number)[];

/** Problems whose place is looked up; a file with more of them is told about the first ones. */
const MAX_KEPT = 200;

/** Collections nested some thousand deep overflow the parser's stack. */
const TOO_DEEP = 'YAML: nested too deep';

interface Problem {
  readonly offset: number;
  readonly text: string;
}

/** `control.livepatch.pause_ms[1]` */
export function pathText(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** Reads a regular file of at most limits.fileBytes. UsageError if it is anything else. */
export function readScenarioFile(file: string): string {
  let fd: number | null = null;
  try {
    /* Not blocking: opening a pipe that nobody writes to must not hang. */
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(fd);
    if (stat.isDirectory()) throw new UsageError(`${file}: is a folder, not a scenario file`);
    if (!stat.isFile()) throw new UsageError(`${file}: is not a regular file`);
    if (stat.size > limits.fileBytes) throw tooLarge(file, stat.size);
    const buffer = Buffer.alloc(limits.fileBytes + 1);
    let length = 0;
    for (;;) {
      const n = readSync(fd, buffer, length, buffer.length - length, null);
      if (n === 0) break;
      length += n;
      if (length > limits.fileBytes) throw tooLarge(file, length);
    }
    return decode(file, buffer.subarray(0, length));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file}: cannot read it: ${reasonOf(error)}`);
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function tooLarge(file: string, bytes: number): UsageError {
  return new UsageError(`${file}: has ${bytes} bytes; a scenario has at most ${limits.fileBytes}`);
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    /* The decoder says no more than that. */
  }
  throw new UsageError(`${file}: is not a text in UTF-8`);
}

export class ScenarioSource {
  readonly file: string;
  /** The document as plain values; undefined if it could not be parsed. */
  readonly value: unknown;
  readonly #doc: Document.Parsed | null;
  readonly #lines = new LineCounter();
  readonly #problems: Problem[] = [];
  /** Problems told, kept or not. */
  #count = 0;

  constructor(file: string, text: string) {
    this.file = file;
    this.#doc = this.#parse(text);
    this.value = this.#doc === null ? undefined : this.#toValue(this.#doc);
  }

  /** Notes a problem with the value at `path`, or with its key. A text that costs much to make is given as a function. */
  problem(path: Path, text: string | (() => string), at: 'key' | 'value' = 'value'): void {
    this.#count++;
    if (this.#count > MAX_KEPT) return;
    const where = path.length === 0 ? '' : `${pathText(path)}: `;
    this.#problems.push({
      offset: this.#offsetOf(path, at),
      text: `${where}${typeof text === 'string' ? text : text()}`,
    });
  }

  get broken(): boolean {
    return this.#problems.length > 0;
  }

  /** `file:line:col: path: what is wrong`, in the order of the file. */
  problemLines(): string[] {
    const sorted = [...this.#problems].sort((a, b) => a.offset - b.offset);
    const lines = new Set<string>();
    for (const { offset, text } of sorted) {
      const { line, col } = this.#lines.linePos(offset);
      lines.add(`${this.file}:${Math.max(1, line)}:${Math.max(1, col)}: ${text}`);
    }
    const shown = [...lines].slice(0, limits.problems);
    const more = lines.size - shown.length + Math.max(0, this.#count - MAX_KEPT);
    return more === 0 ? shown : [...shown, `${this.file}: and ${more} more problems`];
  }

  #parse(text: string): Document.Parsed | null {
    try {
      const doc = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
      for (const error of [...doc.errors, ...doc.warnings]) {
        this.#problems.push({
          offset: error.pos[0],
          text: yamlText(error.code, error.message, text.slice(error.pos[0])),
        });
      }
      const readable = doc.errors.every((error) => error.code === 'DUPLICATE_KEY');
      return readable ? doc : null;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#problems.push({ offset: 0, text: TOO_DEEP });
      return null;
    }
  }

  #toValue(doc: Document.Parsed): unknown {
    try {
      return doc.toJS({ maxAliasCount: limits.aliases });
    } catch (error) {
      this.#problems.push({ offset: 0, text: yamlText('', (error as Error).message, '') });
      return undefined;
    }
  }

  /** Where the value at `path` stands; if there is none, the deepest thing on the way to it. */
  #offsetOf(path: Path, at: 'key' | 'value'): number {
    const doc = this.#doc;
    if (doc === null) return 0;
    let node: unknown = doc.contents;
    let offset = startOf(node) ?? 0;
    for (const [i, part] of path.entries()) {
      if (isAlias(node)) node = node.resolve(doc);
      if (isMap(node)) {
        const pair = node.items.find((item) => keyText(item.key) === String(part));
        if (pair === undefined) break;
        const wantsKey = i === path.length - 1 ? at === 'key' : true;
        const key = startOf(pair.key);
        const value = startOf(pair.value);
        offset = (wantsKey ? (key ?? value) : (value ?? key)) ?? offset;
        node = pair.value;
      } else if (isSeq(node)) {
        const item: unknown = node.items[Number(part)];
        if (item === undefined) break;
        offset = startOf(item) ?? offset;
        node = item;
      } else {
        break;
      }
    }
    return offset;
  }
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

/** An empty value has no text of its own: null, so that its key is named instead. */
function startOf(node: unknown): number | null {
  if (!isNode(node)) return null;
  const range = (node as Node).range;
  if (range === null || range === undefined) return null;
  return isScalar(node) && node.value === null && range[0] === range[1] ? null : range[0];
}

function yamlText(code: string, message: string, rest: string): string {
  if (code === 'DUPLICATE_KEY') {
    const key = /^[^\s:]{1,80}/.exec(rest)?.[0] ?? 'this';
    return `YAML: the key ${key} is there already; keys of a map are unique`;
  }
  if (code === 'MULTIPLE_DOCS') return 'YAML: a second document begins here; a scenario is one document';
  if (message.includes('call stack')) return TOO_DEEP;
  return `YAML: ${message}`;
}
