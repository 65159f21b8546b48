// SPDX-License-Identifier: GPL-2.0-only
/** What the ftrace site of a function costs while nothing traces it: the simulated nop at its start. */
import { type Contender, compare } from '../harness.js';
import { benchScenario, call, fn, work } from '../machine/scenario.js';
import { entryOf, runFunction, type SoloMachine, soloMachine } from '../machine/solo.js';
import { bar, figure } from '../result.js';
import { type Row, spreadWarnings } from '../row.js';
import { scaled } from '../statistics.js';

/** Work units of the called function. None: the site weighs most, since calling it is all that there is. */
const BODIES = { empty: 0, work10: 10 } as const;
type Body = keyof typeof BODIES;

/** Calls in the text that the measured loop runs. */
const INNER = 256;
const OUTER = 4;
const CALLS = INNER * OUTER;

export const tracedCall: Row = {
  name: 'traced-call',
  what: 'Traced call of an unpatched function',
  bound: 'the same simulated call without the ftrace site',
  byDefault: true,
  processes: 3,
  run: async () => {
    const functions = (Object.keys(BODIES) as Body[]).flatMap((body) =>
      [true, false].flatMap((traceable) => {
        const name = nameOf(body, traceable);
        const inner = Array.from({ length: INNER }, () => call(name));
        const outer = Array.from({ length: OUTER }, () => call(`inner_${name}`));
        const units = BODIES[body];
        return [
          fn(name, traceable, units === 0 ? [] : [work(units)]),
          fn(`inner_${name}`, false, inner),
          fn(`outer_${name}`, false, outer),
        ];
      }),
    );
    const machine = soloMachine(benchScenario({ functions }), { online: true, lockStat: false });
    const c = compare({
      empty_site: caller(machine, 'empty', true),
      empty_plain: caller(machine, 'empty', false),
      work10_site: caller(machine, 'work10', true),
      work10_plain: caller(machine, 'work10', false),
    });
    const bars = [
      bar(figure('empty function', 'x', c.ratio('empty_site', 'empty_plain')), 'at most', 1.3),
      bar(
        figure('function with 10 units of work', 'x', c.ratio('work10_site', 'work10_plain')),
        'at most',
        1.3,
      ),
    ];
    return {
      bars,
      figures: [
        figure('empty function, with site', 'ns', scaled(c.ns.empty_site, 1 / CALLS)),
        figure('empty function, without', 'ns', scaled(c.ns.empty_plain, 1 / CALLS)),
        figure('10 units of work, with site', 'ns', scaled(c.ns.work10_site, 1 / CALLS)),
        figure('10 units of work, without', 'ns', scaled(c.ns.work10_plain, 1 / CALLS)),
      ],
      warnings: [...c.warnings, ...spreadWarnings(bars)],
    };
  },
};

function nameOf(body: Body, traceable: boolean): string {
  return `${body}_${traceable ? 'site' : 'plain'}`;
}

/** One turn is CALLS calls. */
function caller(machine: SoloMachine, body: Body, traceable: boolean): Contender {
  const entry = entryOf(machine, `outer_${nameOf(body, traceable)}`);
  return (n) => {
    for (let i = 0; i < n; i++) runFunction(machine.cpu, entry);
    return n;
  };
}
