// SPDX-License-Identifier: GPL-2.0-only
/** Who waits where in a replay that stands still. */
import { actorName } from '../../machine/plan.js';
import type { Site } from '../fibers/compile/transform.js';
import { A, ACTOR_WORDS, entryAt, type TokenShared, W } from './token_words.js';

export function whereTheyStand(shared: TokenShared, sites: readonly Site[]): string {
  const words = new Int32Array(shared.words);
  const { plan } = shared.machine;
  const of = (a: number, word: number) => words[W.actors + a * ACTOR_WORDS + word] as number;
  const bit = (word: number, a: number) => (((words[word] as number) >>> a) & 1) !== 0;
  const next = entryAt(new Float64Array(shared.log), words[W.cursor] as number);
  const lines = [
    `turn ${words[W.hands]}, given at step ${words[W.step]}, the record goes on at step ${next.step}`,
  ];
  for (let a = 0; a < plan.nrActors - 1; a++) {
    const site = sites[of(a, A.site)];
    const place = site === undefined ? '' : ` at ${site.file}:${site.line} (${site.op})`;
    let state = 'waits for its turn';
    if (!bit(W.alive, a)) state = 'has left';
    else if (of(a, A.turn) !== 0) state = 'does not take its turn';
    else if (bit(W.sleepers, a)) state = `sleeps on word ${of(a, A.sleepAddr)}`;
    lines.push(`${actorName(plan, a)} ${state}${bit(W.alive, a) ? place : ''}`);
  }
  return lines.join('; ');
}
