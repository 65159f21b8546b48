// SPDX-License-Identifier: GPL-2.0-only
/** What is wrong in a litmus file is told with its line, all of it; what is not known is named and never guessed. */
import { describe, expect, it } from 'vitest';
import { models } from '#src/litmus/models.js';
import { runTest } from '#src/litmus/outcome.js';
import { parseLitmus } from '#src/litmus/parse.js';

/** A test whose P0 has this body, from line 6 on. */
const withBody = (body: string, tail = 'exists (0:r0=0)') =>
  `C sample\n\n{}\n\nP0(int *x, int *y)\n{ ${body} }\n\n${tail}\n`;

function problemsOf(source: string): string[] {
  const parsed = parseLitmus(source);
  return parsed.kind === 'program' ? [] : parsed.problems.map((p) => `${p.line} ${p.kind} ${p.text}`);
}

describe('not supported', () => {
  it.each([
    ['while (1) { r0 = 1; }', '"while": only if and else'],
    ['for (;;) r0 = 1;', '"for": only if and else'],
    ['return;', '"return": only if and else'],
    ['r0 = READ_ONCE(x->next);', 'expected a word of memory such as *x, found "x"'],
    ['r0 = x->next;', 'members of structs'],
    ['r0 = mystery(x);', 'mystery() is not known'],
    ['call_rcu(x);', 'call_rcu() is not known'],
    ['int a[3];', 'a local array'],
    ['r0 += 1;', '"+=": only plain assignments'],
    ['r0++;', '"++": only plain assignments'],
    ['r0 = r1 && READ_ONCE(*x);', 'an access to memory behind && or ||'],
    ['r0 = READ_ONCE(*z);', 'z is not a parameter of P0'],
  ])('%s', (body, text) => {
    const source = withBody(body, 'exists (0:r0=0 /\\ z=0)').replace('{}', '{ int z; }');
    expect(problemsOf(source)).toEqual([`6 unsupported ${text}`]);
  });

  it('a misspelt call gets the right one', () => {
    expect(problemsOf(withBody('r0 = smp_load_aquire(x);'))).toEqual([
      '6 unsupported smp_load_aquire() is not known: did you mean smp_load_acquire()?',
    ]);
  });

  it('a test for another language', () => {
    expect(problemsOf('PPC sample\n{}\n P0 ;\n sync ;\nexists (0:r1=1)\n')).toEqual([
      '1 unsupported a test for PPC: only C is known',
    ]);
  });

  it('is skipped and has no verdict', () => {
    const outcome = runTest(withBody('while (1) ;'), models.lkmm, 'file');
    expect(outcome.status).toBe('skipped');
    expect(outcome.name).toBe('sample');
  });

  it('an address that is none', () => {
    const outcome = runTest(withBody('r1 = READ_ONCE(*x); r0 = READ_ONCE(*r1);'), models.lkmm, 'file');
    expect(outcome).toMatchObject({
      status: 'skipped',
      problems: [{ text: 'line 6: an access to what is no word of memory' }],
    });
  });
});

it('a test without a condition holds for all of its states', () => {
  const outcome = runTest('C sample\n{}\nP0(int *x)\n{ WRITE_ONCE(*x, 1); }\n', models.lkmm, 'file');
  expect(outcome).toMatchObject({
    status: 'unjudged',
    observation: 'Always',
    program: { quantifier: 'forall' },
  });
});

describe('mistakes', () => {
  it.each([
    ['r0 = ;', '6 syntax expected an expression, found ";"'],
    ['r0 = READ_ONCE(*x)', '6 syntax expected ";" at the end of a statement, found "}"'],
    ['WRITE_ONCE(*x);', '6 syntax expected "," between the arguments of WRITE_ONCE(), found ")"'],
    ['r0 = smp_mb();', '6 syntax smp_mb() has no value'],
    ['if r0 = 1;', '6 syntax expected "(" after if, found "r0"'],
  ])('%s', (body, text) => {
    expect(problemsOf(withBody(body))[0]).toBe(text);
  });

  it('are told all at once, in the order of the file', () => {
    const source = `C sample
{ int x = ; }
P0(int *x)
{
	int r0;
	r0 = ;
	goto out;
	WRITE_ONCE(*x 1);
}
exists (0:r0=0)
`;
    expect(problemsOf(source).map((p) => p.split(' ')[0])).toEqual(['2', '6', '7', '8']);
  });

  it.each([
    ['', '1 syntax expected "C", a name and a section of initial values in braces'],
    ['C sample\n{}\n', '3 syntax no thread P0'],
    [
      'C sample\n{}\nP0(int *x)\n{ }\nexist (x=1)\n',
      '5 syntax expected exists, ~exists or forall, found "exist"',
    ],
    ['C sample\n{}\nP0(int *x)\n{ \n', '5 syntax a block without its closing "}"'],
    ['C sample\n{}\nP0(int *x)\n{ }\nexists (3:r0=1)\n', '5 syntax there is no thread P3'],
    ['C sample\n{}\nP0(int *x)\n{ }\nexists (x=1) x\n', '5 syntax more text after the condition: "x"'],
    ['C sample\n{}\nP1(int *x)\n{ }\nexists (x=1)\n', '3 syntax expected P0, found P1'],
    ['C sample\n{}\nP0(int x)\n{ }\nexists (x=1)\n', '3 unsupported parameter x is not a pointer'],
    ['C sample\n{} (* no end\n', '2 syntax a comment that does not end'],
  ])('%j', (source, text) => {
    expect(problemsOf(source)).toContain(text);
  });
});
