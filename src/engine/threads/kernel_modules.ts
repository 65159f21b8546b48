// SPDX-License-Identifier: GPL-2.0-only
/** The modules of the kernel that a machine of threads runs: the ordinary ones, or those of a compiled, changed kernel. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as structs from '../../kernel/abi/structs.js';
import { bootMachine } from '../../machine/boot.js';
import * as plan from '../../machine/plan.js';
import * as view from '../../machine/view.js';

export interface KernelModules {
  /** Of the tree `plain`, with a slash at its end; null: the ordinary build. */
  readonly url: string | null;
  readonly bootMachine: typeof bootMachine;
  readonly plan: typeof plan;
  readonly view: typeof view;
  readonly structs: typeof structs;
}

export const ordinaryKernel: KernelModules = { url: null, bootMachine, plan, view, structs };

/** `trees`: folder of a compiled kernel. */
export async function loadPlainTree(trees: string): Promise<KernelModules> {
  const url = pathToFileURL(join(trees, 'plain/src/')).href;
  const load = (path: string) => import(new URL(path, url).href);
  const boot = (await load('machine/boot.js')) as { bootMachine: typeof bootMachine };
  return {
    url,
    bootMachine: boot.bootMachine,
    plan: (await load('machine/plan.js')) as typeof plan,
    view: (await load('machine/view.js')) as typeof view,
    structs: (await load('kernel/abi/structs.js')) as typeof structs,
  };
}
