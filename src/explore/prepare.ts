// SPDX-License-Identifier: GPL-2.0-only
/** From names and tokens to what can be run. */
import { builtTrees } from '../engine/fibers/tree.js';
import { protocolNames } from '../protocol/index.js';
import { forExploration } from '../scenario/exploration.js';
import { loadScenario } from '../scenario/load.js';
import type { HotplugLockFlavour, Scenario } from '../scenario/types.js';
import { UsageError } from '../util/fault.js';
import { checkDropped } from './dropped.js';
import { type MemoryName, type Subject, scenarioHash } from './subject.js';
import type { Token } from './token.js';

/** Of so many executions one is observed: with lockdep, the race detector and coverage. */
const OBSERVE_EVERY = 8;

export interface KernelChoice {
  readonly trees: string;
  /** '' for the kernel as it is. */
  readonly hash: string;
}

export const ownKernel: KernelChoice = { trees: builtTrees, hash: '' };

export interface SubjectChoice {
  readonly scenarioName: string;
  readonly protocol?: string | undefined;
  readonly explore?: Partial<Scenario['explore']> | undefined;
  readonly scheduler?: string | undefined;
  readonly seed?: number | undefined;
  readonly memory?: MemoryName | undefined;
  readonly dropped?: readonly string[] | undefined;
  /** A token knows nothing of it: what is found with another flavour than the scenario's has none. */
  readonly hotplugLock?: HotplugLockFlavour | undefined;
  readonly kernel?: KernelChoice | undefined;
}

export function makeSubject(choice: SubjectChoice): Subject {
  const { protocol, hotplugLock, kernel = ownKernel, dropped = [] } = choice;
  checkDropped(dropped);
  const overrides = {
    ...(protocol === undefined ? {} : { protocol }),
    ...(hotplugLock === undefined ? {} : { hotplugLock }),
  };
  const loaded = loadScenario(choice.scenarioName, overrides, protocolNames);
  const scenario = forExploration({ ...loaded, explore: { ...loaded.explore, ...choice.explore } });
  return {
    scenarioName: choice.scenarioName,
    scenario,
    trees: kernel.trees,
    kernel: kernel.hash,
    seed: choice.seed ?? scenario.seed,
    memory: choice.memory ?? 'sc',
    dropped,
    scheduler: choice.scheduler ?? 'mix',
    steps: 0,
    maxSteps: 0,
    observeEvery: OBSERVE_EVERY,
  };
}

/** The subject of a token. UsageError if the scenario or the kernel is not the one it was made with. */
export function subjectOfToken(token: Token, kernel: KernelChoice = ownKernel): Subject {
  const subject = makeSubject({
    scenarioName: token.scenarioName,
    protocol: token.protocol,
    explore: token.explore,
    seed: token.seed,
    memory: token.memory,
    dropped: token.dropped,
    kernel,
  });
  const problems: string[] = [];
  const hash = scenarioHash(subject.scenario);
  if (hash !== token.hash) {
    problems.push(
      `the token was made with another "${token.scenarioName}": ${token.hash} there, ${hash} here`,
    );
  }
  if (kernel.hash !== token.kernel) {
    const name = (h: string) => (h === '' ? 'the kernel as it is' : `kernel ${h}`);
    problems.push(
      `the token was made with ${name(token.kernel)}, not ${name(kernel.hash)}: give the same --patch or --kernel`,
    );
  }
  if (problems.length > 0) throw new UsageError(problems);
  return { ...subject, maxSteps: token.maxSteps, steps: 1 };
}
