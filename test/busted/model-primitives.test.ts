// SPDX-License-Identifier: GPL-2.0-only
/** Each busted primitive is caught with exactly its code; its healthy partner passes the same budget. */
import { describe, expect, it } from 'vitest';
import { campaign } from '../support/model/campaign.js';

const budgets = [
  ['random', 2000],
  ['pct(3)', 2000],
  ['dpor', 20_000],
] as const;

describe.each([
  ['busted-semaphore', 'semaphore', 'deadlock'],
  ['busted-condvar', 'condvar', 'deadlock'],
  ['busted-barrier', 'barrier', 'deadlock'],
  ['busted-timed-wait', 'timed-wait', 'deadlock'],
] as const)('%s', (busted, healthy, code) => {
  it.each(budgets)('is caught by %s', (scheduler, executions) => {
    expect(campaign(busted, scheduler, executions).findings.map((v) => v.code)).toEqual([code]);
  });

  it.each(budgets)('%s finds nothing in its partner', (scheduler, executions) => {
    const { findings, complete } = campaign(healthy, scheduler, executions);
    expect(findings).toEqual([]);
    expect(complete).toBe(scheduler === 'dpor');
  });
});
