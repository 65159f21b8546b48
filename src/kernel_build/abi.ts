// SPDX-License-Identifier: GPL-2.0-only
/**
 * The simulator looks into a machine by its own copy of src/kernel/abi (the watchdog, names of words, oracles). A
 * changed kernel may add to it, but what is there must stay as it is, or all that would be told is wrong.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Tree } from '../engine/fibers/compile/transform.js';
import * as constants from '../kernel/abi/constants.js';
import * as counters from '../kernel/abi/counters.js';
import * as lockClasses from '../kernel/abi/lock_classes.js';
import * as structs from '../kernel/abi/structs.js';

type Module = Readonly<Record<string, unknown>>;

const modules: Readonly<Record<string, Module>> = { constants, counters, lock_classes: lockClasses, structs };

/** Words of global variables: nothing follows them by their number, so there may be more at their end. */
const GROWS = 'vmlinux';

interface Layout {
  readonly $words: number;
  readonly $fields: readonly { readonly name: string; readonly offset: number }[];
}

/** What the compiled kernel in `trees` has changed that it may not, by one of its trees. */
export async function abiProblems(trees: string, tree: Tree): Promise<string[]> {
  const problems: string[] = [];
  for (const [name, ours] of Object.entries(modules)) {
    const url = pathToFileURL(join(trees, tree, `src/kernel/abi/${name}.js`)).href;
    const theirs = (await import(url)) as Module;
    for (const [key, value] of Object.entries(ours)) {
      if (typeof value === 'function' || same(key, value, theirs[key])) continue;
      const what = isLayout(value)
        ? 'existing fields and the size must stay as they are'
        : 'its value must stay as it is';
      problems.push(
        `src/kernel/abi/${name}.ts: ${key} is changed: ${what}, since the simulator reads the machine by it`,
      );
    }
  }
  return problems;
}

function isLayout(value: unknown): value is Layout {
  return typeof value === 'object' && value !== null && '$fields' in value && '$words' in value;
}

function same(key: string, ours: unknown, theirs: unknown): boolean {
  if (key !== GROWS || !isLayout(ours) || !isLayout(theirs))
    return JSON.stringify(ours) === JSON.stringify(theirs);
  return ours.$fields.every((f) => theirs.$fields.some((t) => t.name === f.name && t.offset === f.offset));
}
