// SPDX-License-Identifier: GPL-2.0-only
/** Shared memory, chance, time and output are each reached through one place. */
import { describe, expect, it } from 'vitest';
import { seam, seamFindings } from '../support/arch/seam.js';
import { parse, projectSources } from '../support/arch/source.js';

const look = (path: string, text: string) => seamFindings(parse(path, text));

describe('the sources', () => {
  it('use the names of the host only where the table allows it', () => {
    expect(projectSources('src', 'workers').flatMap((s) => seamFindings(s))).toEqual([]);
  });

  it('use every permission that the table gives to a single file', () => {
    const unused: string[] = [];
    for (const row of seam) {
      /* Folders are the design's; single files are exceptions to it. */
      for (const place of row.only.filter((p) => p.endsWith('.ts'))) {
        const without = [{ ...row, only: row.only.filter((other) => other !== place) }];
        const there = projectSources('src').filter((s) => s.path.startsWith(place));
        if (there.every((s) => seamFindings(s, without).length === 0))
          unused.push(`${row.names[0]} in ${place}`);
      }
    }
    expect(unused).toEqual([]);
  });
});

describe('the check', () => {
  it('tells Atomics and SharedArrayBuffer, as values and as types', () => {
    expect(look('src/kernel/a.ts', 'Atomics.load(a, 0);\nlet b: SharedArrayBuffer;')).toEqual([
      'src/kernel/a.ts:1: Atomics may not be used here: shared memory is reached through src/mem/heap.ts',
      'src/kernel/a.ts:2: SharedArrayBuffer may not be used here: shared memory is reached through src/mem/heap.ts',
    ]);
    expect(look('src/mem/heap.ts', 'Atomics.load(a, 0);')).toEqual([]);
    expect(look('src/mem/list.ts', 'Atomics.load(a, 0);')).toHaveLength(1);
    expect(look('src/engine/threads/any.ts', 'new SharedArrayBuffer(4);')).toEqual([]);
  });

  it('tells the words of the heap outside of the operations', () => {
    expect(look('src/kernel/rcu/tree.ts', 'k.i32[3] = 1;')).toHaveLength(1);
    expect(look('src/machine/view.ts', 'const k = { i32: words };')).toEqual([]);
  });

  it('tells chance and time outside of util', () => {
    const text = 'Math.random(); new Date(); performance.now(); globalThis.Date.now(); process.hrtime();';
    expect(look('src/workload/a.ts', text)).toHaveLength(5);
    expect(look('src/workload/a.ts', "import { performance } from 'node:perf_hooks';")).not.toEqual([]);
    expect(look('src/util/clock.ts', text)).toEqual([]);
    expect(look('src/workload/a.ts', 'Math.floor(1);')).toEqual([]);
  });

  it('tells console outside of cli', () => {
    expect(look('src/soak/run.ts', "console.log('x');")).toHaveLength(1);
    expect(look('src/cli/io.ts', "console.log('x');")).toEqual([]);
  });

  it('does not mistake comments, strings, fields and keys for uses', () => {
    const text =
      "/* Atomics */ const a = { console: 'Date' }; interface B { performance: number } a.console; b.Date;";
    expect(look('src/kernel/a.ts', text)).toEqual([]);
  });
});
