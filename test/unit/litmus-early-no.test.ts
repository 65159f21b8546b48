// SPDX-License-Identifier: GPL-2.0-only
/** Executions that are ruled out by a part of their choices are left out together; what is left is the same. */
import { describe, expect, it } from 'vitest';
import { exploreAxiomatic } from '#src/litmus/axiomatic/explore.js';
import { createJudge } from '#src/litmus/lkmm/axioms.js';
import { parsed } from '../support/memory/against_axioms.js';
import { cycleOf, litmusOf } from '../support/memory/cycles.js';
import { generateLitmus } from '../support/memory/generated.js';

const states = (text: string, version: '6.1' | '6.12', isEarly: boolean) => {
  const judge = createJudge(version);
  const found = exploreAxiomatic(parsed(text), isEarly ? judge : (c) => judge(c));
  const { positive, negative, flags } = found;
  return { ends: [...found.states.keys()].sort(), positive, negative, flags, candidates: found.candidates };
};

/** Each of three threads writes all of three words under one lock. */
const underLock = `C under-lock
{}
${[0, 1, 2]
  .map(
    (i) => `P${i}(int *x, int *y, int *z, spinlock_t *l)
{
	spin_lock(l);
	WRITE_ONCE(*x, ${i + 1});
	WRITE_ONCE(*y, ${i + 1});
	WRITE_ONCE(*z, ${i + 1});
	spin_unlock(l);
}`,
  )
  .join('\n')}
exists ((x=1 /\\ ~y=1) \\/ (x=2 /\\ ~z=2) \\/ (y=3 /\\ ~z=3))
`;

describe.each(['6.1', '6.12'] as const)('%s', (version) => {
  it('fewer are looked at, and the same are allowed', () => {
    const [all, few] = [states(underLock, version, false), states(underLock, version, true)];
    expect(few).toEqual({ ...all, candidates: few.candidates });
    expect(all).toMatchObject({ positive: 0, negative: 6, candidates: 6 ** 4 });
    expect(few.candidates).toBeLessThan(50);
  });

  it('on cycles and on programs of all kinds', () => {
    const texts = [
      ...Array.from({ length: 20 }, (_, i) => litmusOf(cycleOf(i + 1, { plain: true }))),
      ...Array.from({ length: 6 }, (_, i) =>
        generateLitmus(i + 1, { features: ['lock', 'rmw', 'order'], accesses: 9 }),
      ),
    ].filter((text) => version === '6.1' || !text.includes('srcu'));
    let [all, few] = [0, 0];
    for (const text of texts) {
      const [a, b] = [states(text, version, false), states(text, version, true)];
      expect({ ...b, candidates: 0 }).toEqual({ ...a, candidates: 0 });
      all += a.candidates;
      few += b.candidates;
    }
    expect(few).toBeLessThan(all);
  });
});
