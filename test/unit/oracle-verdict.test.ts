// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { type RunFindings, verdictOf } from '#src/oracle/verdict.js';
import type { Violation } from '#src/oracle/violation.js';

const clean: RunFindings = {
  violations: [],
  suspicions: [],
  dropped: 0,
  stopped: 'duration',
  judged: [{ name: 'rwsem', records: 10 }],
};
const violation: Violation = {
  code: 'X',
  summary: 'did y',
  sites: [],
  task: null,
  cpu: null,
  seq: 1,
  count: 1,
};

it('passes a run that was judged and in which nothing was found', () => {
  expect(verdictOf(clean)).toEqual({ verdict: 'pass', reasons: [] });
});

it('fails a run with a violation, whatever else is wrong with it', () => {
  expect(verdictOf({ ...clean, violations: [violation], dropped: 2, stopped: 'hung' })).toEqual({
    verdict: 'fail',
    reasons: ['X: did y', '2 trace records were lost: nothing was judged from there on', 'the run hung'],
  });
});

it.each([
  [{ dropped: 1 }, '1 trace record was lost: nothing was judged from there on'],
  [{ stopped: 'hung' as const }, 'the run hung'],
  [{ stopped: 'worker-died' as const }, 'a thread of the machine died'],
  [{ judged: [] }, 'no oracle ran: nothing was judged'],
  [{ judged: [{ name: 'rwsem', records: 0 }] }, 'no oracle was fed a record: nothing was judged'],
  [{ suspicions: [{ code: 'S', text: 'odd', count: 1, doubt: true }] }, 'S: odd'],
])('makes a run inconclusive: %o', (change, reason) => {
  expect(verdictOf({ ...clean, ...change })).toEqual({ verdict: 'inconclusive', reasons: [reason] });
});

it('passes a run with a suspicion that is no doubt, and one that the user ended', () => {
  const suspicions = [{ code: 'S', text: 'odd', count: 1, doubt: false }];
  expect(verdictOf({ ...clean, suspicions, stopped: 'interrupted' }).verdict).toBe('pass');
});
