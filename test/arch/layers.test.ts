// SPDX-License-Identifier: GPL-2.0-only
/** The layer table: who may import whom. */
import { describe, expect, it } from 'vitest';
import { layerExceptions, layerFindings } from '../support/arch/layers.js';
import { parse, projectSources } from '../support/arch/source.js';

const look = (path: string, text: string, exceptions = layerExceptions) =>
  layerFindings(parse(path, text), undefined, exceptions);

describe('the sources', () => {
  it('keep to the layer table', () => {
    expect(projectSources('src', 'workers').flatMap((s) => layerFindings(s))).toEqual([]);
  });

  it('need every exception that is listed', () => {
    const sources = projectSources('src', 'workers');
    const told = (exceptions: typeof layerExceptions) =>
      sources.flatMap((s) => layerFindings(s, undefined, exceptions)).length;
    for (const e of layerExceptions)
      expect(told(layerExceptions.filter((x) => x !== e))).toBeGreaterThan(told(layerExceptions));
  });
});

describe('the check', () => {
  it('tells an import from above, with file and line', () => {
    const text = "const a = 1;\nimport { view } from '../machine/view.js';\n";
    expect(look('src/kernel/kernel.ts', text)).toEqual([
      'src/kernel/kernel.ts:2: kernel may not import src/machine/view.js',
    ]);
  });

  it('counts type-only imports', () => {
    const text = "import type { Result } from '../../report/result.js';";
    expect(look('src/engine/threads/machine.ts', text)).toHaveLength(1);
    expect(
      look('src/engine/threads/machine.ts', "type R = import('../../report/result.js').R;"),
    ).toHaveLength(1);
  });

  it('counts re-exports, import() and imports by the name of the package', () => {
    expect(look('src/util/rng.ts', "export * from '../mem/heap.js';")).toHaveLength(1);
    expect(look('src/util/rng.ts', "const m = import('../mem/heap.js');")).toHaveLength(1);
    expect(look('src/util/rng.ts', "import { load } from '#src/mem/heap.js';")).toHaveLength(1);
  });

  it('lets a layer import itself and what its row names', () => {
    expect(look('src/kernel/rcu/tree.ts', "import '../sched/core.js'; import '../../mem/heap.js';")).toEqual(
      [],
    );
  });

  it('lets a row name a part of a layer only', () => {
    expect(look('src/oracle/klp.ts', "import '../kernel/abi/constants.js';")).toEqual([]);
    expect(look('src/oracle/klp.ts', "import '../kernel/kernel.js';")).toHaveLength(1);
  });

  it('tells packages and node: modules that the row does not name', () => {
    expect(look('src/mem/heap.ts', "import 'node:fs';")).toEqual([
      'src/mem/heap.ts:1: mem may not import node:fs',
    ]);
    expect(look('src/mem/heap.ts', "import 'piscina';")).toHaveLength(1);
    expect(look('src/engine/threads/machine.ts', "import 'piscina'; import 'node:os';")).toEqual([]);
    expect(look('src/scenario/schema.ts', "import 'zod/v4';")).toEqual([]);
  });

  it('keeps engines from oracles', () => {
    expect(look('src/engine/threads/machine.ts', "import '../../oracle/violation.js';")).toHaveLength(1);
  });

  it('tells a folder without a row, and an import of tests or workers', () => {
    expect(look('src/shell/sysfs.ts', '')).toEqual([
      'src/shell/sysfs.ts:1: folder "shell" has no row in the layer table',
    ]);
    expect(look('src/cli/main.ts', "import '../../workers/cpu.js';")).toHaveLength(1);
  });

  it('grants a listed exception to that file and target alone', () => {
    const exceptions = [{ file: 'src/util/a.ts', target: 'src/mem/heap' }];
    expect(look('src/util/a.ts', "import '../mem/heap.js';", exceptions)).toEqual([]);
    expect(look('src/util/a.ts', "import '../mem/list.js';", exceptions)).toHaveLength(1);
    expect(look('src/util/b.ts', "import '../mem/heap.js';", exceptions)).toHaveLength(1);
  });
});
