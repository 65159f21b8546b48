// SPDX-License-Identifier: GPL-2.0-only
/** Numbers of places, the same in every tree. */
import { relative } from 'node:path';
import ts from 'typescript';
import type { Site } from './transform.js';

export class SiteTable {
  readonly list: Site[] = [];
  /** Of each number: the places that it stands for, by file and position. */
  readonly keys: string[] = [];
  private readonly known = new Map<string, number>();

  constructor(private readonly root: string) {}

  /** Takes over the numbers of another build, but for places in the files `changed`. */
  adopt(list: readonly Site[], keys: readonly string[], changed: ReadonlySet<string>): void {
    list.forEach((site, n) => {
      const key = keys[n] ?? '';
      this.list.push(site);
      this.keys.push(key);
      if (!key.split(' ').some((place) => changed.has(place.slice(0, place.lastIndexOf(':')))))
        this.known.set(key, n);
    });
  }

  readonly number = (call: ts.CallExpression, op: string, chain: readonly ts.CallExpression[]): number => {
    const key = [...chain, call].map((c) => `${this.pathOf(c.getSourceFile())}:${c.pos}`).join(' ');
    let n = this.known.get(key);
    if (n === undefined) {
      n = this.list.length;
      this.known.set(key, n);
      this.keys.push(key);
      this.list.push(this.describe(chain[0] ?? call, op, chain));
    }
    return n;
  };

  private describe(at: ts.CallExpression, op: string, chain: readonly ts.CallExpression[]): Site {
    const file = at.getSourceFile();
    let fn: ts.Node | undefined = at;
    while (fn !== undefined && !(ts.isFunctionLike(fn) && fn.name !== undefined)) fn = fn.parent;
    return {
      file: this.pathOf(file),
      line: file.getLineAndCharacterOfPosition(at.getStart()).line + 1,
      op,
      fn: fn !== undefined && ts.isFunctionLike(fn) ? (fn.name?.getText() ?? '') : '',
      via: chain.map((c) => c.expression.getText()),
      text: at.getText().replace(/\s+/g, ' ').slice(0, 120),
    };
  }

  private pathOf(file: ts.SourceFile): string {
    return relative(this.root, file.fileName).replaceAll('\\', '/');
  }
}
