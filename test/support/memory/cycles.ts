// SPDX-License-Identifier: GPL-2.0-only
/**
 * Litmus tests of critical cycles, as diy makes them: each process has two accesses to different words with a link
 * between them, or a single write, and hands the cycle on to the next process by a communication: Rfe (a write that
 * is read), Fre (a read of what is overwritten) or Coe (a write that is overwritten). The condition is the cycle.
 */
import { Rng } from '#src/util/rng.js';
import { type Direction, type Link, links, plainLinks, reads, writes } from './links.js';

const communications = { Rfe: 'WR', Fre: 'RW', Coe: 'WW' } as const;
export type Communication = keyof typeof communications;

/** A process, and how the cycle goes on from its last access. Without a link it is one write. */
export interface Step {
  readonly link: Link | null;
  readonly out: Communication;
}

interface Access {
  readonly process: number;
  readonly direction: Direction;
  readonly word: string;
  readonly register: string;
  /** What it reads or writes if the cycle comes true. */
  value: number;
}

function fits(link: Link, first: Direction, second: Direction): boolean {
  const [a, b] = link.kinds;
  return (a === 'M' || a === first) && (b === 'M' || b === second);
}

/** First and last access of each process, the same one if it has no link. */
function accessesOf(cycle: readonly Step[]): [Access, Access][] {
  const words = cycle.filter((s) => s.link !== null).length;
  let word = 0;
  let n = 0;
  const all = cycle.map(({ link, out }, process): [Access, Access] => {
    const before = (cycle.at(process - 1) as Step).out;
    const access = (direction: Direction): Access => ({
      process,
      direction,
      word: `x${word % words}`,
      register: `r${n++}`,
      value: 0,
    });
    const first = access(communications[before][1] as Direction);
    if (link === null) return [first, first];
    word++;
    return [first, access(communications[out][0] as Direction)];
  });
  setValues(all.map(([, last], i) => [last, (all[(i + 1) % all.length] as [Access, Access])[0]]));
  return all;
}

/** Along the communications of a word its writes count up from 1, and a read sees the last one before it. */
function setValues(pairs: readonly (readonly [Access, Access])[]): void {
  const starts = pairs.findIndex(([from], i) => (pairs.at(i - 1) as readonly [Access, Access])[1] !== from);
  let value = 0;
  for (let k = 0; k < pairs.length; k++) {
    const i = (starts + k) % pairs.length;
    const [from, to] = pairs[i] as readonly [Access, Access];
    if ((pairs.at(i - 1) as readonly [Access, Access])[1] !== from) {
      value = from.direction === 'W' ? 1 : 0;
      from.value = value;
    }
    if (to.direction === 'W') value++;
    to.value = value;
  }
}

function linesOf(first: Access, last: Access, { link }: Step): string[] {
  const form = (a: Access) => (a.direction === 'R' ? reads.once : writes.once);
  const one = (link?.first ?? form(first))(first.word, first.value, first.register);
  if (link === null) return [one];
  const { before = [], between = [], after = [], dependency, detour } = link;
  const inside = between.map((l) => l.replace(/\bf\b/, first.word));
  const source = detour !== undefined || inside.some((l) => l.startsWith('q =')) ? 'q' : first.register;
  const lines = [...before, one, ...inside];
  if (detour === 'own') lines.push(`WRITE_ONCE(*t, ${first.register} + 1);`, 'q = READ_ONCE(*t);');
  if (detour === 'same') lines.push(`q = READ_ONCE(*${first.word});`);
  const second = link.second ?? form(last);
  const nothing = `(${source} ^ ${source})`;
  if (dependency === 'addr') {
    lines.push(`p = ${last.word} + ${nothing};`, second('p', last.value, last.register));
  } else if (dependency === 'data') {
    lines.push(second(last.word, `${last.value} + ${nothing}`, last.register));
  } else if (dependency === 'ctrl') {
    const expected = first.value + (detour === 'own' ? 1 : 0);
    lines.push(`if (${source} == ${expected}) {`, `\t${second(last.word, last.value, last.register)}`, '}');
  } else lines.push(second(last.word, last.value, last.register));
  return [...lines, ...after];
}

export function nameOf(cycle: readonly Step[]): string {
  return cycle.map(({ link, out }) => `${link?.name ?? 'W'}+${out}`).join('+');
}

/** The text of the test, for herd7 too. */
export function litmusOf(cycle: readonly Step[]): string {
  const accesses = accessesOf(cycle);
  const bodies = cycle.map((step, i) => linesOf(...(accesses[i] as [Access, Access]), step));
  /* Each process has its own counter, own word and own registers; locks and domains are everybody's. */
  const own = (i: number, text: string): string => text.replace(/\b([ct])\b/g, `$1${i}`);
  const texts = bodies.map((lines, i) => lines.map((l) => own(i, l)));
  const used = (name: RegExp): boolean => texts.flat().some((l) => name.test(l));
  const words = [...new Set(accesses.flat().map((a) => a.word))];
  const shared = [
    ...words.map((w) => `int *${w}`),
    ...(used(/\bl\b/) ? ['spinlock_t *l'] : []),
    ...(used(/\bm\b/) ? ['spinlock_t *m'] : []),
    ...(used(/\bs\b/) ? ['struct srcu_struct *s'] : []),
  ];
  const filled = (i: number, register: string) =>
    texts[i]?.some((l) => l.includes(`${register} = `)) === true;
  const processes = texts.map((lines, i) => {
    const extra = ['c', 't']
      .map((n) => `${n}${i}`)
      .filter((n) => lines.some((l) => new RegExp(`\\b${n}\\b`).test(l)));
    const declared = [...new Set(accesses[i]?.map((a) => a.register))].filter((r) => filled(i, r));
    if (filled(i, 'q')) declared.push('q');
    const head = [...declared.map((r) => `\tint ${r};`), ...(filled(i, 'p') ? ['\tint *p;'] : [])];
    const body = [...head, ...lines.map((l) => `\t${l}`)].join('\n');
    return `P${i}(${[...shared, ...extra.map((n) => `int *${n}`)].join(', ')})\n{\n${body}\n}\n`;
  });
  const registers = accesses
    .flatMap((pair) => [...new Set(pair)])
    .filter((a) => filled(a.process, a.register));
  const seen = accesses.flatMap((pair) => [...new Set(pair)]).filter((a) => a.direction === 'R');
  const finals = words.flatMap((w) => {
    const written = accesses.flat().filter((a) => a.word === w && a.direction === 'W');
    const last = Math.max(0, ...written.map((a) => a.value));
    return last > 1 ? [`${w}=${last}`] : [];
  });
  const condition = [...seen.map((a) => `${a.process}:${a.register}=${a.value}`), ...finals].join(' /\\ ');
  const locations = [...words, ...registers.map((a) => `${a.process}:${a.register}`)].join('; ');
  return `C ${nameOf(cycle)}\n\n{}\n\n${processes.join('\n')}\nlocations [${locations}]\nexists (${condition})\n`;
}

/** A cycle drawn from a seed. */
export function cycleOf(
  seed: number,
  options: { readonly processes?: number; readonly plain?: boolean } = {},
): Step[] {
  const rng = new Rng(seed);
  const pick = <T>(list: readonly T[]): T => list[rng.below(list.length)] as T;
  const n = options.processes ?? 2 + rng.below(3);
  const outs = Array.from({ length: n }, () => pick(Object.keys(communications) as Communication[]));
  let singles = 0;
  return outs.map((out, i) => {
    const before = outs.at(i - 1) as Communication;
    const [first, second] = [communications[before][1] as Direction, communications[out][0] as Direction];
    if (first === 'W' && second === 'W' && singles < n - 2 && rng.chance(0.5)) {
      singles++;
      return { link: null, out };
    }
    const known = options.plain === true && rng.chance(0.5) ? plainLinks : links;
    const fitting = known.filter((l) => fits(l, first, second));
    return { link: pick(fitting.length > 0 ? fitting : links.filter((l) => fits(l, first, second))), out };
  });
}

/** Every cycle of two processes with one of `links` in each, no two the same but for where they begin. */
export function pairs(chosen: readonly Link[] = links): Step[][] {
  const kinds = Object.keys(communications) as Communication[];
  const all = new Map<string, Step[]>();
  for (const a of kinds) {
    for (const b of kinds) {
      const [one, two] = [communications[a], communications[b]];
      for (const first of chosen.filter((l) => fits(l, two[1] as Direction, one[0] as Direction))) {
        for (const second of chosen.filter((l) => fits(l, one[1] as Direction, two[0] as Direction))) {
          const cycle = [{ link: first, out: a }, { link: second, out: b }]; // biome-ignore format: a row
          const names = [nameOf(cycle), nameOf([...cycle].reverse())].sort();
          all.set(names[0] as string, cycle);
        }
      }
    }
  }
  return [...all.values()];
}
