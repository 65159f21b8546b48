// SPDX-License-Identifier: GPL-2.0-only
/** A row of the known bugs as something that runs: its kernel, its scenario, and whether it was caught. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelChoice } from '#src/explore/prepare.js';
import { makeSubject, ownKernel } from '#src/explore/prepare.js';
import type { Subject } from '#src/explore/subject.js';
import { compileChange } from '#src/kernel_build/build.js';
import { readChange } from '#src/kernel_build/change.js';
import { packageRoot } from '#src/kernel_build/kernel_sources.js';
import type { Violation } from '#src/oracle/violation.js';
import type { Scenario } from '#src/scenario/types.js';
import type { KnownBug } from '../../regress/bugs.js';
import { patchFile } from './patched_sources.js';

/** The preset, or the file of test/regress/scenarios of that name, from the root of the project. */
export function scenarioFile(name: string): string {
  const file = `test/regress/scenarios/${name}.yaml`;
  return existsSync(join(packageRoot, file)) ? file : name;
}

/** Compiles its patch into the folder `out`; a protocol is in the kernel as it is. Throws what is wrong with the patch. */
export async function kernelOf(bug: KnownBug, out: string): Promise<KernelChoice> {
  if (!('patch' in bug.change)) return ownKernel;
  const problems: string[] = [];
  const { changes, hash } = readChange({ patches: [patchFile(bug.change.patch)], kernelDir: null }, problems);
  if (problems.length > 0) throw new Error(`${bug.id}: ${problems.join('; ')}`);
  await compileChange(
    changes,
    out,
    bug.needs === 'sc' ? ['fast', 'observed'] : ['fast', 'observed', 'modelled'],
  );
  return { trees: out, hash };
}

/** As `klptorture explore` would make it with the same patch or protocol. `explore`: of a token, which may be smaller. */
export function subjectOf(
  bug: KnownBug,
  kernel: KernelChoice,
  explore: Partial<Scenario['explore']> | undefined = bug.scenario.explore,
): Subject {
  const { overrides } = bug.scenario;
  const scenarioName = scenarioFile(bug.scenario.name);
  const isFile = scenarioName !== bug.scenario.name;
  const subject = makeSubject({
    scenarioName: isFile ? join(packageRoot, scenarioName) : scenarioName,
    protocol: 'protocol' in bug.change ? bug.change.protocol : overrides?.protocol,
    explore,
    memory: bug.needs === 'none' ? 'weak' : bug.needs,
    kernel,
  });
  /* So that its tokens say nothing of this machine. */
  return { ...subject, scenarioName };
}

/** One of its codes, or the crash of the kernel that it is known to end in. */
export function isCaughtBy(bug: KnownBug, violation: Violation): boolean {
  if (violation.code === 'KERNEL-BUG') return bug.fault?.test(violation.summary) ?? false;
  return bug.expected.includes(violation.code);
}
