// SPDX-License-Identifier: GPL-2.0-only
/** Resident memory of a long soak: flat after the first minute. */
import { bar, counted, type Warning } from '../result.js';
import type { Row } from '../row.js';
import { runSoak } from '../soak.js';
import { fitLine, spread } from '../statistics.js';

/** What is allocated once is there by then. */
const SETTLED_SECONDS = 60;
/**
 * Growth over the rest of the run that still counts as flat, % of the resident memory. The heaps of ten threads are
 * collected when V8 sees fit: the sum rises for minutes and drops again by about a twentieth, so less proves nothing.
 */
const FLAT = 10;

export const rssSlope: Row = {
  name: 'rss-slope',
  what: 'Resident memory of a long soak after its first minute',
  bound: `growth of ${FLAT}% over the run`,
  byDefault: false,
  processes: 1,
  run: async ({ minutes }) => {
    const result = await runSoak(['default', '--duration', String(minutes * 60)]);
    const looks = result.statistics.flatMap((s) =>
      s.rssBytes === null || s.elapsedSeconds < SETTLED_SECONDS
        ? []
        : [{ x: s.elapsedSeconds / 60, y: s.rssBytes / 1024 }],
    );
    const first = looks[0];
    const last = looks.at(-1);
    if (first === undefined || last === undefined || looks.length < 3) {
      throw new Error(
        `${minutes} minutes give ${looks.length} looks at the memory after the first minute: use more`,
      );
    }
    const line = fitLine(looks);
    const resident = spread(looks.map((p) => p.y)).median;
    const growth = (100 * line.slope * (last.x - first.x)) / resident;
    const warnings: Warning[] = [];
    if (result.verdict !== 'pass') {
      warnings.push({
        code: 'incomplete',
        text: `the soak ended as ${result.verdict}: ${result.reasons[0] ?? 'no reason given'}`,
      });
    }
    return {
      bars: [bar(counted('growth over the run', '%', growth), 'at most', FLAT)],
      figures: [
        { name: 'slope, least squares', unit: 'KiB/min', value: line.slope, mad: null },
        counted('standard error of the slope', 'KiB/min', line.slopeError),
        counted('resident, median', 'MiB', resident / 1024),
        counted('resident, least', 'MiB', Math.min(...looks.map((p) => p.y)) / 1024),
        counted('resident, most', 'MiB', Math.max(...looks.map((p) => p.y)) / 1024),
        counted('minutes looked at', '', last.x - first.x),
      ],
      warnings,
    };
  },
};
