// SPDX-License-Identifier: GPL-2.0-only
/** A token that is not taken: the report says who waits where. */
import { expect, it } from 'vitest';
import { fibersTuning } from '#src/engine/fibers/machine.js';
import { ENTRY, UNKNOWN } from '#src/engine/fibers/token_log.js';
import { builtTrees, loadTree } from '#src/engine/fibers/tree.js';
import { whereTheyStand } from '#src/engine/threads/token_stall.js';
import { A, ACTOR_WORDS, createTokenShared, W, writeLog } from '#src/engine/threads/token_words.js';
import { smallPreset } from '../support/token/pair.js';

it('names those that sleep, have left, and do not take their turn', async () => {
  const scenario = smallPreset('hotplug');
  const tree = await loadTree(builtTrees, 'token');
  const plan = tree.plan.planMachine(scenario, fibersTuning);
  const machine = tree.view.createShared(scenario, plan, { trace: 'all', lockStat: false });
  const shared = createTokenShared(builtTrees, machine, tree.structs);
  const rest = { value: 0, was: UNKNOWN, site: UNKNOWN, records: UNKNOWN, hash: UNKNOWN };
  const entries = [{ step: 40, kind: ENTRY.hand, actor: 1, ...rest }];
  writeLog(new Float64Array(shared.log), { entries, end: 'done', steps: 0, hash: 0, traceHash: 0 });
  const words = new Int32Array(shared.words);
  const of = (actor: number, word: number, value: number) => {
    words[W.actors + actor * ACTOR_WORDS + word] = value;
  };
  words[W.hands] = 3;
  words[W.step] = 30;
  words[W.alive] = 0b1011;
  words[W.sleepers] = 0b1000;
  of(1, A.turn, 1);
  of(1, A.site, 5);
  of(3, A.sleepAddr, 77);
  const text = whereTheyStand(shared, tree.sites);
  const site = tree.sites[5];
  expect(text).toMatch(/^turn 3, given at step 30, the record goes on at step 40; /);
  expect(text).toContain(`cpu1 does not take its turn at ${site?.file}:${site?.line} (${site?.op})`);
  expect(text).toContain('livepatch has left;');
  expect(text).toContain('kworker sleeps on word 77 at ');
  expect(text).toContain('cpu0 waits for its turn at ');
});
