// SPDX-License-Identifier: GPL-2.0-only
/** Is the tool switched on? Every bug of the must-fail set has to be found; if one is not, no pass means anything. */
import { SimulatorBug } from '../util/fault.js';
import { measured } from './batch.js';
import { createPool, isBroken, searchFirst } from './campaign.js';
import { reportFinding } from './finding_report.js';
import { type MustFail, mustFail } from './must_fail.js';
import { withKernel } from './mutants/kernel_of_mutant.js';
import { type KernelChoice, makeSubject, ownKernel } from './prepare.js';
import { patchOfEdits } from './source_edit.js';

export interface Checked {
  readonly name: string;
  readonly about: string;
  readonly protocol: string;
  readonly scheduler: string;
  readonly found: boolean;
  readonly code: string | null;
  /** Execution in which it was found, or all that were made. */
  readonly executions: number;
  readonly token: string | null;
}

export async function selfcheck(
  workers: number,
  signal: AbortSignal,
  onChecked: (checked: Checked) => void,
  set: readonly MustFail[] = mustFail,
): Promise<Checked[]> {
  const pool = createPool(workers);
  const all: Checked[] = [];
  try {
    for (const entry of set) {
      if (signal.aborted) break;
      const checked = await check(entry, workers, signal, pool);
      /* A search that was cut short has not missed anything. */
      if (signal.aborted && !checked.found) break;
      all.push(checked);
      onChecked(checked);
    }
  } finally {
    await pool.destroy();
  }
  return all;
}

type Pool = ReturnType<typeof createPool>;

async function check(entry: MustFail, workers: number, signal: AbortSignal, pool: Pool): Promise<Checked> {
  if (entry.change === undefined) return search(entry, ownKernel, workers, signal, pool);
  const checked = await withKernel(entry.name, patchOfEdits(entry.change), (kernel) =>
    search(entry, kernel, workers, signal, pool),
  );
  if (typeof checked === 'string') throw new SimulatorBug(`${entry.name}: ${checked}`);
  return checked;
}

async function search(
  entry: MustFail,
  kernel: KernelChoice,
  workers: number,
  signal: AbortSignal,
  pool: Pool,
): Promise<Checked> {
  const subject = makeSubject({
    scenarioName: entry.scenario,
    protocol: entry.protocol,
    explore: entry.explore,
    scheduler: entry.scheduler,
    memory: entry.memory,
    dropped: entry.dropped,
    kernel,
  });
  /* Lengths as of the kernel as it is: a changed one may never come to its end. */
  const { steps, maxSteps } = await measured({ ...subject, trees: ownKernel.trees });
  const outcome = await searchFirst(
    { ...subject, steps, maxSteps },
    { executions: entry.executions, workers, signal, pool },
  );
  if (isBroken(outcome.end)) throw new SimulatorBug(`${entry.name}: ${outcome.cause}`);
  const hit = outcome.findings.list().find((f) => entry.codes.includes(f.first.violation.code));
  return {
    name: entry.name,
    about: entry.about,
    protocol: entry.protocol,
    scheduler: entry.scheduler,
    found: hit !== undefined,
    code: hit?.first.violation.code ?? null,
    executions: hit === undefined ? outcome.findings.executions : hit.first.execution + 1,
    token: hit === undefined ? null : reportFinding(outcome.subject, hit).token,
  };
}
