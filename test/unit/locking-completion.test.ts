// SPDX-License-Identifier: GPL-2.0-only
/** Completions: reports are counted, waits use them up, none is lost between two threads. */
import { expect, it } from 'vitest';
import { _THIS_IP_ } from '#src/kernel/abi/lock_classes.js';
import {
  complete,
  complete_all,
  completion_done,
  reinit_completion,
  wait_for_completion,
} from '#src/kernel/locking/completion.js';
import { rcu_eqs_exit } from '#src/kernel/rcu/tree.js';
import { embedded } from '#src/mem/layout.js';
import { runCrew } from '../support/locking/crew.js';
import { createLab, lab_area, labArea, labKernel } from '../support/locking/lab.js';

it('counts reports that come before the wait', () => {
  const lab = createLab({ actors: 1 });
  const k = labKernel(lab, 0);
  const done = embedded(labArea(lab), lab_area.done);
  rcu_eqs_exit(k);
  complete(k, done);
  complete(k, done);
  wait_for_completion(k, done, _THIS_IP_.test);
  expect(completion_done(k, done)).toBe(true);
  wait_for_completion(k, done, _THIS_IP_.test);
  expect(completion_done(k, done)).toBe(false);
});

it('stays done after complete_all until it is initialised again', () => {
  const lab = createLab({ actors: 1 });
  const k = labKernel(lab, 0);
  const done = embedded(labArea(lab), lab_area.done);
  complete_all(k, done);
  for (let i = 0; i < 3; i++) wait_for_completion(k, done, _THIS_IP_.test);
  expect(completion_done(k, done)).toBe(true);
  reinit_completion(k, done);
  expect(completion_done(k, done)).toBe(false);
});

it('loses no report to and fro between two threads', async () => {
  const rounds = 1000;
  const crew = await runCrew(createLab({ actors: 2 }), [
    { job: 'ping_pong', args: { rounds, first: 1 } },
    { job: 'ping_pong', args: { rounds, first: 0 } },
  ]);
  expect(crew).toEqual({ results: [rounds, rounds], rescued: 0 });
});
