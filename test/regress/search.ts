// SPDX-License-Identifier: GPL-2.0-only
/**
 * Searches for the known bugs, each as `klptorture explore` does with its patch or protocol:
 * `node dist/test/regress/search.js [--only ID,...] [--needs sc|tso|weak|none] [--executions N]
 *   [--scheduler S] [--part 1/2] [--write]`.
 * `--part 1/2` and `--part 2/2` may run at a time. Prints for each the code, the executions and the CPU seconds that it took; --write keeps the tokens, made smaller.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BATCH, measured, runBatch } from '#src/explore/batch.js';
import { tokenOf } from '#src/explore/finding_report.js';
import { minimise } from '#src/explore/minimise.js';
import { replay } from '#src/explore/replay.js';
import { type Found, Runner } from '#src/explore/runner.js';
import type { Subject } from '#src/explore/subject.js';
import { decodeToken } from '#src/explore/token.js';
import { isCaughtBy, kernelOf, subjectOf } from '../support/regress/known_bug.js';
import { bugs, type KnownBug } from './bugs.js';
import { type KnownToken, readTokens, writeTokens } from './tokens.js';

/** Executions that making a token smaller may take. */
const SMALLER = 150;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    needs: { type: 'string', default: 'sc' },
    executions: { type: 'string', default: '2048' },
    scheduler: { type: 'string' },
    write: { type: 'boolean', default: false },
    part: { type: 'string', default: '1/1' },
  },
});

const only = values.only?.split(',');
const searched = (b: KnownBug) =>
  b.needs === values.needs && (b.expected.length > 0 || b.fault !== undefined);
const [part = 1, parts = 1] = values.part.split('/').map(Number);
const chosen = bugs
  .filter((b) => only?.includes(b.id) ?? searched(b))
  .filter((_, i) => i % parts === part - 1);
const unknown = only?.filter((id) => !bugs.some((b) => b.id === id)) ?? [];
if (unknown.length > 0 || chosen.length === 0) {
  process.stderr.write(`no known bug "${(unknown.length > 0 ? unknown : [values.needs]).join('", "')}"\n`);
  process.exit(2);
}

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

interface Search {
  /** Those that say that the bug is there. */
  readonly caught: Found | null;
  /** Other violations that came before. */
  readonly others: readonly string[];
  readonly doubts: readonly string[];
  readonly executions: number;
}

async function search(bug: KnownBug, subject: Subject, executions: number): Promise<Search> {
  const others = new Set<string>();
  const doubts = new Set<string>();
  let done = 0;
  for (let from = 0; from < executions; from += BATCH) {
    const batch = await runBatch({ subject, from, to: from + BATCH });
    done += batch.executions;
    for (const doubt of Object.keys(batch.doubts)) doubts.add(doubt);
    const hits = batch.found.map((f) => f.first).filter((f) => isCaughtBy(bug, f.violation));
    const [caught = null] = hits.sort((a, b) => a.execution - b.execution);
    for (const { first } of batch.found) {
      if (!isCaughtBy(bug, first.violation) && (caught === null || first.execution <= caught.execution))
        others.add(`${first.violation.code}@${first.execution}`);
    }
    if (caught !== null) return { caught, others: [...others], doubts: [...doubts], executions: done };
  }
  return { caught: null, others: [...others], doubts: [...doubts], executions: done };
}

async function tokenFor(bug: KnownBug, subject: Subject, found: Found): Promise<KnownToken> {
  const runner = await Runner.create(subject);
  runner.beginBatch();
  const small = await minimise(runner, found, { budget: SMALLER });
  const whole = tokenOf(subject, found);
  const { code } = found.violation;
  const kept = { code, execution: found.execution, scheduler: found.scheduler };
  if (small === null) return { ...kept, token: whole };
  /* A try is cut off where a replay goes on: what looked like a standstill there may have had an end. */
  const token = tokenOf(small.subject, small.found);
  const { violations } = await replay(small.subject, decodeToken(token));
  return { ...kept, token: violations.some((v) => isCaughtBy(bug, v)) ? token : whole };
}

const folder = mkdtempSync(join(tmpdir(), 'klptorture-known-bugs-'));
try {
  for (const bug of chosen) {
    const built = cpuSeconds();
    const kernel = await kernelOf(bug, join(folder, bug.id));
    const scheduler = values.scheduler ?? bug.scheduler ?? 'mix';
    const subject = await measured({ ...subjectOf(bug, kernel), scheduler });
    const began = cpuSeconds();
    const { caught, others, doubts, executions } = await search(bug, subject, Number(values.executions));
    const took = cpuSeconds() - began;
    const found =
      caught === null
        ? `not in ${executions}`
        : `${caught.violation.code} execution ${caught.execution} ${caught.scheduler}`;
    const before = others.length === 0 ? '' : `; also ${others.join(' ')}`;
    const doubt = doubts.length === 0 ? '' : `; in doubt: ${doubts.map((d) => d.slice(0, 60)).join(', ')}`;
    const rest = `${took.toFixed(1)} s CPU (build ${(began - built).toFixed(1)} s), ${subject.steps} operations`;
    process.stdout.write(`${bug.id}: ${found}, ${rest}${before}${doubt}\n`);
    if (values.write && caught !== null) {
      const token = await tokenFor(bug, subject, caught);
      /* Another process may be at work on other bugs. */
      writeTokens(readTokens().set(bug.id, token));
    }
    rmSync(join(folder, bug.id), { recursive: true, force: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
