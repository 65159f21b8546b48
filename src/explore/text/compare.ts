// SPDX-License-Identifier: GPL-2.0-only
/** The table of designs, as text and as Markdown. */
import type { Paint } from '../../report/paint.js';
import { formatWideTable } from '../../report/wide_table.js';
import { markdownTable } from '../../util/markdown_table.js';
import type { Cell } from '../compare.js';
import { addCost, noCost } from '../cost.js';
import { situations } from '../situations.js';

const HEAD = [
  'protocol',
  ...situations.map((s) => s.name),
  'attempts',
  'transition us',
  'refused',
  'hotplug us',
];

/** A row for each protocol: what was found in each situation after how many executions, then what it costs. */
function rowsOf(cells: readonly Cell[], mark: (cell: Cell) => string): string[][] {
  const protocols = [...new Set(cells.map((c) => c.protocol))];
  return protocols.map((protocol) => {
    const own = cells.filter((c) => c.protocol === protocol);
    const cost = noCost();
    for (const c of own) addCost(cost, c.cost);
    const per = (n: number, d: number) => (d === 0 ? '-' : (n / d).toFixed(n / d < 10 ? 1 : 0));
    return [
      protocol,
      ...situations.map((s) => {
        const cell = own.find((c) => c.situation === s.name);
        return cell === undefined ? '' : mark(cell);
      }),
      per(cost.attempts, cost.transitions),
      per(cost.transitionUs, cost.transitions),
      cost.hotplug === 0 ? '-' : `${((100 * cost.refused) / cost.hotplug).toFixed(0)}%`,
      per(cost.hotplugUs, cost.hotplug - cost.refused),
    ];
  });
}

function plainMark(cell: Cell): string {
  if (cell.verdict === 'fail') return `${cell.code} @${cell.executions}`;
  if (cell.verdict === 'pass') return cell.held ? 'held' : 'ok';
  return '?';
}

/** `width`: of the terminal; a table that is wider comes as several, each with some of the columns. */
export function compareText(
  cells: readonly Cell[],
  executions: number,
  paint: Paint,
  width = Number.POSITIVE_INFINITY,
): string[] {
  const mark = (cell: Cell) => (cell.verdict === 'fail' ? paint.red(plainMark(cell)) : plainMark(cell));
  const words = HEAD.flatMap((_, c) => (c <= situations.length ? [c] : []));
  return [
    ...formatWideTable({ head: HEAD, words }, rowsOf(cells, mark), paint, width),
    '',
    ...legend(executions).map((l) => `  ${l}`),
    ...cells
      .filter((c) => c.token !== null)
      .map(
        (c) =>
          `  ${c.protocol}/${c.situation}: ${c.code} ${c.summary}\n    replay: klptorture replay ${c.token}`,
      ),
    ...cells.filter((c) => c.doubt !== null).map((c) => `  ${c.protocol}/${c.situation}: ? ${c.doubt}`),
  ];
}

export function compareMarkdown(cells: readonly Cell[], executions: number): string {
  return `${markdownTable(HEAD, rowsOf(cells, plainMark))}\n${legend(executions).join('\n')}\n`;
}

function legend(executions: number): string[] {
  return [
    `CODE @n: that violation in execution n. ok: none in ${executions} executions. ?: no verdict. Sequential consistency.`,
    'held: transitions do not end, and rightly so: kthreads of a CPU that is down pass no switch point, and without their stacks nobody can tell.',
    'attempts, transition us: per completed transition, virtual time. refused: hotplug with -EBUSY. hotplug us: of the others.',
  ];
}
