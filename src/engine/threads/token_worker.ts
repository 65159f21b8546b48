// SPDX-License-Identifier: GPL-2.0-only
/** What the thread of one actor does: it loads its own copy of the kernel, then one replay after the other. */

import { CONTROL_ROLES, type ControlRole } from '../../kernel/abi/actors.js';
import type { Kernel } from '../../kernel/kernel.js';
import { LockStat } from '../../trace/lock_stat.js';
import { loadTree } from '../fibers/tree.js';
import { token, UNWIND } from './token_actor.js';
import { TokenTracer } from './token_trace.js';
import { F, type TokenShared, W } from './token_words.js';

/** Returns when the machine of the replays is disposed. */
export async function runTokenActor(shared: TokenShared, actor: number): Promise<void> {
  const tree = await loadTree(shared.trees, 'token');
  token.attach(shared, actor);
  const { machine } = shared;
  const clock = { now_ns: () => token.now_ns() };
  const k: Kernel = tree.view.makeKernel(machine, actor, {
    i32: new Int32Array(machine.heap),
    trace: new TokenTracer(shared.trace, token.words, actor, () => token.steps()),
    lockdep: new LockStat(machine.lockStat, actor, clock.now_ns, false),
    clock,
  });
  const { nrCpus } = machine.plan;
  const floats = new Float64Array(shared.floats);
  const first = k.current;
  const run = (): void => {
    k.current = first;
    k.spins = 0;
    k.preempt_count = 0;
    /* In this tree they are plain functions. */
    if (actor < nrCpus) {
      tree.runCpu(k);
    } else {
      const scenario = { ...machine.scenario, seed: floats[F.seed] as number };
      tree.runControl(k, { ...machine, scenario }, CONTROL_ROLES[actor - nrCpus] as ControlRole);
    }
    token.left();
  };
  Atomics.add(token.words, W.ready, 1);
  Atomics.notify(token.words, W.ready);
  while (token.start()) attempt(run);
}

function attempt(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (error === UNWIND) return;
    attempt(() => token.threw(error));
  }
}
