// SPDX-License-Identifier: GPL-2.0-only
/**
 * What force, signals and a start that fails can get wrong is found; more of it is in the must-fail set of selfcheck.
 * One kernel has all the mistakes, and each is told by words that no other of them makes an oracle say.
 */
import { expect, it } from 'vitest';
import { withKernel } from '#src/explore/mutants/kernel_of_mutant.js';
import type { KernelChoice } from '#src/explore/prepare.js';
import { patchOfEdits, type SourceEdit } from '#src/explore/source_edit.js';
import { campaign } from '../support/exploring.js';

const LIVEPATCH = 'src/kernel/livepatch';
const mistakes: readonly SourceEdit[] = [
  /* force_store without klp_mutex */
  { file: `${LIVEPATCH}/core.ts`, from: '  lock_klp(k, _THIS_IP_.force_store);\n', to: '' },
  {
    file: `${LIVEPATCH}/core.ts`,
    from: '    k.audit(k, AUDIT.forced);\n  }\n  unlock_klp(k);\n',
    to: '    k.audit(k, AUDIT.forced);\n  }\n',
  },
  /* force leaves idle tasks out */
  {
    file: `${LIVEPATCH}/transition.ts`,
    from: '  for (let cpu = 0; cpu < k.nr_cpus; cpu++) __klp_update_patch_state(k, idle_task(k, cpu), HOW.force);\n',
    to: '',
  },
  /* a forced removal lets its module go */
  {
    file: `${LIVEPATCH}/transition.ts`,
    from: 'store(k, patch, klp_patch.forced, 1);',
    to: 'store(k, patch, klp_patch.forced, 0);',
  },
  /* kthreads are not woken */
  {
    file: `${LIVEPATCH}/transition.ts`,
    from: '      wake_up_state(k, p, TASK_INTERRUPTIBLE, _THIS_IP_.klp_send_signals);\n',
    to: '      continue;\n',
  },
  /* functions stay where they are when enabling fails at a later one */
  {
    file: `${LIVEPATCH}/patch.ts`,
    from: '      klp_unpatch_object(k, obj);\n      return ret;',
    to: '      return ret;',
  },
];

async function summaries(kernel: KernelChoice, explore: object): Promise<string> {
  const choice = { scenarioName: 'forced', explore: { hotplug: 0, force: 0, fail: 0, ...explore }, kernel };
  const outcome = await campaign(choice, { executions: 96 });
  return outcome.findings
    .list()
    .map((f) => `${f.first.violation.code} ${f.first.violation.summary}`)
    .join('\n');
}

const patches = [...new Set(mistakes.map((m) => m.file))]
  .map((file) => patchOfEdits(mistakes.filter((m) => m.file === file)))
  .join('');

it('finds each of five mistakes', async () => {
  const found = await withKernel('forced', patches, async (kernel) => ({
    force: await summaries(kernel, { force: 1 }),
    signals: await summaries(kernel, {}),
    fail: await summaries(kernel, { fail: 1 }),
  }));
  if (typeof found === 'string') throw new Error(found);
  expect(found.force).toMatch(/KLP-ORDER klp_force of \S+ came /);
  expect(found.force).toMatch(/KLP-TIF-LEFT had TIF_PATCH_PENDING when a transition had been forced/);
  expect(found.force).toMatch(/KLP-UAF the last reference .* though its removal was forced/);
  expect(found.signals).toMatch(/KLP-SIGNALS was signalled in an interruptible sleep, and was not woken/);
  expect(found.fail).toMatch(/KLP-FUNCS \w+ is still on its func_stack after the unpatching/);
});
