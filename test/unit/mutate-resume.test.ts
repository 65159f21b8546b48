// SPDX-License-Identifier: GPL-2.0-only
/** What `mutate --out` has found out is not found out again; survivors are, when more is asked of them. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listMutants } from '#src/explore/mutants.js';
import { type MutantResult, mutate } from '#src/explore/mutate.js';
import { ResultBook } from '#src/explore/result_book.js';
import { UsageError } from '#src/util/fault.js';

const KILLED = 'lock-dropped:src/kernel/rcu/sync.ts:rcu_sync_enter:1';
const EQUIVALENT = 'wake-dropped:src/kernel/rcu/sync.ts:rcu_sync_func:1';
const mutants = listMutants().filter((m) => m.id === KILLED || m.id === EQUIVALENT);

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'klptorture-mutate-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const file = () => join(dir, 'mutants.jsonl');
const book = (seed?: number) => new ResultBook<MutantResult>(dir, 'mutants', seed);

/** The ids of those that were not in the book, and all results. */
async function run(executions: number) {
  const fresh: string[] = [];
  const results = await mutate(mutants, {
    executions,
    workers: 1,
    book: book(),
    signal: new AbortController().signal,
    onResult: ({ mutant }, _done, _total, known) => {
      if (!known) fresh.push(mutant.id);
    },
  });
  return { fresh, results };
}

/** Changes the results in the file; what is left of a line that was cut off goes. */
function rewrite(change: (result: MutantResult) => MutantResult): void {
  const [head, ...lines] = readFileSync(file(), 'utf8').split('\n');
  const changed = lines.flatMap((line) => {
    if (!line.endsWith('}')) return [];
    const row = JSON.parse(line) as { key: string; result: MutantResult };
    return [JSON.stringify({ ...row, result: change(row.result) })];
  });
  writeFileSync(file(), `${[head, ...changed].join('\n')}\n`);
}

it('goes on where a run was killed, and tries survivors again when more is asked', async () => {
  const first = await run(4);
  expect(first.fresh).toEqual(mutants.map((m) => m.id));
  expect(first.results.map((r) => r.fate).sort()).toEqual(['equivalent', 'killed']);

  /* Killed in the middle of a line. */
  appendFileSync(file(), '{"key":"lock-dropped:src/kernel/rcu/sy');
  const second = await run(8);
  expect(second.fresh).toEqual([]);
  expect(second.results).toEqual(first.results);

  /* As if it had survived. */
  rewrite((r) => (r.mutant.id === KILLED ? { ...r, fate: 'survived', code: null, budget: 4 } : r));
  expect((await run(4)).fresh).toEqual([]);
  const more = await run(5);
  expect(more.fresh).toEqual([KILLED]);
  expect(more.results.map((r) => r.fate).sort()).toEqual(['equivalent', 'killed']);
});

it('refuses results of other sources, of another seed, and what is no such file', () => {
  book(3);
  expect(() => book(4)).toThrow(UsageError);
  expect(() => book(4)).toThrow('is of another seed: 3 there and 4 here');
  const head = JSON.parse(readFileSync(file(), 'utf8'));
  writeFileSync(file(), `${JSON.stringify({ ...head, kernel: '0123456789ab' })}\n`);
  expect(() => book(3)).toThrow(`is of another kernel: 0123456789ab there and ${head.kernel} here`);
  writeFileSync(file(), 'something else\n');
  expect(() => book(3)).toThrow('is not a file of this search');
});
