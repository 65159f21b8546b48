// SPDX-License-Identifier: GPL-2.0-only
/** A compiled kernel: the modules of one tree (fast, observed, modelled, token) that a machine is made of. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ControlRole } from '../../kernel/abi/actors.js';
import type * as structs from '../../kernel/abi/structs.js';
import type { Kernel } from '../../kernel/kernel.js';
import type * as plan from '../../machine/plan.js';
import type * as view from '../../machine/view.js';
import type { Site } from './compile/transform.js';
import type { Fiber } from './runtime.js';

/** Compiled functions that can reach a scheduling point are coroutines; the sources do not say so. */
export interface KernelTree {
  readonly dir: string;
  readonly runCpu: (k: Kernel) => Fiber;
  readonly runControl: (k: Kernel, shared: view.MachineShared, role: ControlRole) => Fiber;
  readonly bootMachine: (k: Kernel, shared: view.MachineShared) => Fiber;
  readonly plan: typeof plan;
  readonly view: typeof view;
  readonly structs: typeof structs;
  readonly sites: readonly Site[];
}

/** Where the ordinary build puts the trees of the kernel as it is. */
export const builtTrees: string = fileURLToPath(new URL('../../../fibers', import.meta.url));

export async function loadTree(
  trees: string,
  which: 'fast' | 'observed' | 'modelled' | 'token',
): Promise<KernelTree> {
  const dir = join(trees, which);
  const load = (path: string) => import(pathToFileURL(join(dir, 'src', path)).href);
  const actors = await load('machine/actors.js');
  const boot = await load('machine/boot.js');
  return {
    dir,
    runCpu: actors.runCpu,
    runControl: actors.runControl,
    bootMachine: boot.bootMachine,
    plan: await load('machine/plan.js'),
    view: await load('machine/view.js'),
    structs: await load('kernel/abi/structs.js'),
    sites: JSON.parse(readFileSync(join(trees, 'sites.json'), 'utf8')) as Site[],
  };
}
