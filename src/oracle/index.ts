// SPDX-License-Identifier: GPL-2.0-only
/** The oracles: what each judges, and the deliberately wrong machine that it was seen to catch. */
import type { Scenario } from '../scenario/types.js';
import { UsageError } from '../util/fault.js';
import { suggestion } from '../util/suggest.js';
import { CONSISTENCY_CODES, ConsistencyOracle } from './consistency.js';
import { HOTPLUG_CODES, HotplugOracle } from './hotplug.js';
import { KLP_ORDER_CODES, KlpOrderOracle } from './klp_order.js';
import { KLP_STATE_CODES, KlpStateOracle } from './klp_state.js';
import type { Oracle } from './oracle.js';
import { PROGRESS_CODES, ProgressOracle } from './progress.js';
import { RWSEM_CODES, RwsemOracle } from './rwsem.js';
import { SIGNALS_CODES, SignalsOracle } from './signals.js';
import { STACK_SAFETY_CODES, StackSafetyOracle } from './stack_safety.js';
import { SWITCH_POINTS_CODES, SwitchPointsOracle } from './switch_points.js';

export { Judge } from './judge.js';

export interface OracleEntry {
  readonly name: string;
  /** The rule, in a sentence. */
  readonly about: string;
  readonly codes: readonly string[];
  /** What it was seen to catch, and the test that shows it. */
  readonly busted: { readonly partner: string; readonly test: string };
  /** `lag`: how often in a row a read may miss a write that was made, under the memory model of the run. */
  create(scenario: Scenario, lag?: number): Oracle;
}

export const oracles: readonly OracleEntry[] = [
  {
    name: 'consistency',
    about:
      'A task calls the versions of one side of a transition, and changes sides only where it cannot mix.',
    codes: CONSISTENCY_CODES,
    busted: {
      partner: 'switch-on-stack: the stack check looks at nothing',
      test: 'test/busted/oracle-consistency.test.ts',
    },
    create: (scenario) => new ConsistencyOracle(scenario),
  },
  {
    name: 'klp-state',
    about:
      'patch_state and TIF_PATCH_PENDING are set in transitions only, belong together, and all tasks end up on the target side.',
    codes: KLP_STATE_CODES,
    busted: {
      partner: 'fork-copies-early: a child gets its flag and its state at different times (4.12)',
      test: 'test/busted/oracle-klp-state.test.ts',
    },
    create: (scenario) => new KlpStateOracle(scenario),
  },
  {
    name: 'klp-order',
    about: 'The steps of a transition come in their order, and later patches lie over earlier ones.',
    codes: KLP_ORDER_CODES,
    busted: {
      partner: 'push-at-tail: a module that comes late puts an older patch on top',
      test: 'test/busted/oracle-klp-order.test.ts',
    },
    create: (scenario) => new KlpOrderOracle(scenario),
  },
  {
    name: 'switch-points',
    about: 'A task that passes a switch point in a transition is on the target side afterwards.',
    codes: SWITCH_POINTS_CODES,
    busted: {
      partner: 'protocol online-only: the idle task of a CPU that came up late has no flag',
      test: 'test/busted/oracle-switch-points.test.ts',
    },
    create: (scenario, lag) => new SwitchPointsOracle(scenario, lag),
  },
  {
    name: 'stack-safety',
    about:
      'After an unpatching nothing runs, holds or chooses the removed code; after the module is freed nothing is in its text.',
    codes: STACK_SAFETY_CODES,
    busted: {
      partner: 'free-early: a module is freed while a task sleeps in it',
      test: 'test/busted/oracle-stack-safety.test.ts',
    },
    create: (scenario) => new StackSafetyOracle(scenario),
  },
  {
    name: 'signals',
    about:
      'Attempts whose number is a multiple of 15 signal the tasks that are left, no other attempt does, and no task that has switched gets a signal.',
    codes: SIGNALS_CODES,
    busted: {
      partner: 'signals-to-switched: those get a signal that have no flag any more',
      test: 'test/busted/oracle-signals.test.ts',
    },
    create: (scenario, lag) => new SignalsOracle(scenario, lag),
  },
  {
    name: 'hotplug',
    about:
      'Dead CPUs run nothing, the online mask changes under the lock for writing only, and -EBUSY has a reason.',
    codes: HOTPLUG_CODES,
    busted: {
      partner: 'disable-unlocked: the disable counter is read outside cpu_add_remove_lock',
      test: 'test/busted/oracle-hotplug.test.ts',
    },
    create: (scenario) => new HotplugOracle(scenario),
  },
  {
    name: 'rwsem',
    about:
      'A writer of the hotplug lock is alone inside, and sees what readers have done; they see what it did.',
    codes: RWSEM_CODES,
    busted: {
      partner: 'no-PRW_A: a reader enters without looking for a writer',
      test: 'test/busted/oracle-rwsem.test.ts',
    },
    create: () => new RwsemOracle(),
  },
  {
    name: 'progress',
    about: 'Every transition ends unless a task legitimately blocks it, and nobody waits for ever.',
    codes: PROGRESS_CODES,
    busted: {
      partner: 'no-retry: the delayed work is not armed again',
      test: 'test/busted/oracle-progress.test.ts',
    },
    create: (scenario) => new ProgressOracle(scenario),
  },
];

export const oracleNames: readonly string[] = oracles.map((o) => o.name);

/** The named oracles for a scenario; all of them by default. Throws UsageError for names that there are not. */
export function createOracles(scenario: Scenario, names: readonly string[] = oracleNames, lag = 0): Oracle[] {
  const unknown = names.filter((name) => !oracleNames.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(unknown.map((name) => `unknown oracle "${name}"${suggestion(name, oracleNames)}`));
  }
  return oracles.filter((o) => names.includes(o.name)).map((o) => o.create(scenario, lag));
}
