// SPDX-License-Identifier: GPL-2.0-only
/** The compiled models of one tree, by name. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Model, ModelFamily } from '../../model/define.js';
import { UsageError } from '../../util/fault.js';
import { suggestion } from '../../util/suggest.js';

export interface ModelTree {
  readonly which: 'fast' | 'observed';
  readonly families: readonly ModelFamily[];
  /** A model with its sizes; those that are not given are as its family has them. Throws UsageError. */
  make(name: string, ...sizes: number[]): Model;
}

/** `observed` for schedulers with `needsOperations`, memory models and observers, otherwise `fast`. */
export async function loadModels(trees: string, which: 'fast' | 'observed'): Promise<ModelTree> {
  const { models } = (await import(pathToFileURL(join(trees, which, 'src/model/index.js')).href)) as {
    models: readonly ModelFamily[];
  };
  return {
    which,
    families: models,
    make: (name, ...sizes) => {
      const family = models.find((f) => f.name === name);
      if (family === undefined) {
        throw new UsageError(
          `unknown model "${name}"${suggestion(
            name,
            models.map((f) => f.name),
          )}`,
        );
      }
      const problems = sizes
        .slice(family.sizes.length)
        .map((size) => `model "${name}" has ${family.sizes.length} sizes: ${size} is too many`);
      const all = family.sizes.map(({ otherwise }, i) => sizes[i] ?? otherwise);
      all.forEach((size, i) => {
        if (!Number.isInteger(size) || size < 1) {
          problems.push(`model "${name}": ${family.sizes[i]?.name} is a whole number from 1 on, not ${size}`);
        }
      });
      if (problems.length > 0) throw new UsageError(problems);
      return family.of(...all);
    },
  };
}
