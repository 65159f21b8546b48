// SPDX-License-Identifier: GPL-2.0-only
/** Small litmus tests, drawn from a seed: the text that a kernel developer would write, so that herd7 could run it. */
import { Rng } from '#src/util/rng.js';

export interface GeneratorOptions {
  /** Kinds of statements beside reads, writes and fences. */
  readonly features: readonly Feature[];
  readonly threads?: number;
  /** Accesses of the whole program. */
  readonly accesses?: number;
}
export type Feature = 'order' | 'rmw' | 'dependency' | 'pointer' | 'lock' | 'rcu' | 'srcu' | 'atomic';
export const allFeatures: readonly Feature[] = [
  'order',
  'rmw',
  'dependency',
  'pointer',
  'lock',
  'rcu',
  'srcu',
  'atomic',
];

const variables = ['x', 'y', 'z'];
const suffixes = ['', '_relaxed', '_acquire', '_release'];

class ThreadWriter {
  readonly lines: string[] = [];
  readonly registers: string[] = [];
  pointers = 0;
  locks = 0;
  private readers = 0;
  private last = '';

  constructor(
    private readonly rng: Rng,
    private readonly fresh: () => number,
    private readonly has: (f: Feature) => boolean,
    private readonly words: readonly string[],
  ) {}

  private pick<T>(list: readonly T[]): T {
    return list[this.rng.below(list.length)] as T;
  }

  private register(): string {
    const name = `r${this.registers.length}`;
    this.registers.push(name);
    return name;
  }

  fence(): void {
    const more = this.has('rcu') && this.rng.chance(0.3) && this.readers === 0 ? ['synchronize_rcu'] : [];
    if (this.has('srcu') && this.rng.chance(0.3) && this.readers === 0) {
      this.lines.push('synchronize_srcu(s);');
      return;
    }
    this.lines.push(`${this.pick(['smp_mb', 'smp_rmb', 'smp_wmb', ...more])}();`);
  }

  /** One or more accesses; returns how many. */
  access(): number {
    const { rng } = this;
    /* Mostly another word than before: what is interesting lies between accesses to different words. */
    let word = this.pick(this.words);
    while (word === this.last && rng.chance(0.8)) word = this.pick(this.words);
    this.last = word;
    const read = () => this.read(word);
    const write = () => this.write(word);
    const kinds: (() => number)[] = [read, write, read, write];
    if (this.has('rmw')) kinds.push(() => this.rmw(word));
    if (this.has('atomic')) kinds.push(() => this.atomic());
    if (this.has('dependency') && this.registers.length > 0)
      kinds.push(
        () => this.dependent(word),
        () => this.dependent(word),
      );
    if (this.has('pointer')) kinds.push(() => this.pointer());
    const open = rng.chance(0.35) ? this.section() : null;
    let n = this.pick(kinds)();
    if (open !== null) {
      if (rng.chance(0.5)) n += this.pick(kinds)();
      this.lines.push(open);
      this.readers = 0;
    }
    return n;
  }

  private read(word: string): number {
    const acquire = this.has('order') && this.rng.chance(0.25);
    this.lines.push(`${this.register()} = ${acquire ? 'smp_load_acquire(' : 'READ_ONCE(*'}${word});`);
    return 1;
  }

  private write(word: string): number {
    const release = this.has('order') && this.rng.chance(0.25);
    this.lines.push(`${release ? 'smp_store_release(' : 'WRITE_ONCE(*'}${word}, ${this.fresh()});`);
    return 1;
  }

  private rmw(word: string): number {
    const suffix = this.pick(suffixes);
    const value = this.fresh();
    if (this.rng.chance(0.5)) this.lines.push(`${this.register()} = xchg${suffix}(${word}, ${value});`);
    else
      this.lines.push(`${this.register()} = cmpxchg${suffix}(${word}, ${this.pick([0, 1, 2])}, ${value});`);
    return 2;
  }

  private atomic(): number {
    const kind = this.rng.below(3);
    if (kind === 0) this.lines.push('smp_mb__before_atomic();');
    if (this.rng.chance(0.5)) this.lines.push('atomic_inc(a);');
    else this.lines.push(`${this.register()} = atomic_add_return${this.pick(suffixes)}(1, a);`);
    if (kind === 1) this.lines.push('smp_mb__after_atomic();');
    return 2;
  }

  private dependent(word: string): number {
    const from = this.pick(this.registers);
    const value = this.fresh();
    const form = this.rng.below(3);
    if (form === 0) this.lines.push(`WRITE_ONCE(*${word}, ${from} + ${value * 10});`);
    else if (form === 1) this.lines.push(`if (${from}) {`, `\tWRITE_ONCE(*${word}, ${value});`, '}');
    else
      this.lines.push(
        `if (${from} == ${this.pick([0, 1, 2])}) {`,
        `\t${this.register()} = READ_ONCE(*${word});`,
        '}',
      );
    return 1;
  }

  private pointer(): number {
    if (this.rng.chance(0.4)) {
      this.lines.push(
        `${this.rng.chance(0.5) ? 'rcu_assign_pointer(' : 'WRITE_ONCE('}*p, ${this.pick(this.words)});`,
      );
      return 1;
    }
    const via = `p${this.pointers++}`;
    this.lines.push(`${via} = ${this.pick(['rcu_dereference', 'READ_ONCE'])}(*p);`);
    if (this.rng.chance(0.7)) this.lines.push(`${this.register()} = READ_ONCE(*${via});`);
    else this.lines.push(`WRITE_ONCE(*${via}, ${this.fresh()});`);
    return 2;
  }

  /** Opens a critical section; returns what closes it. */
  private section(): string | null {
    const kinds = (['lock', 'rcu', 'srcu'] as const).filter((f) => this.has(f));
    if (kinds.length === 0) return null;
    const kind = this.pick(kinds);
    if (kind === 'lock') {
      const lock = this.pick(['l', 'm']);
      this.lines.push(`spin_lock(${lock});`);
      const extra = this.rng.below(6);
      if (extra === 0) this.lines.push('smp_mb__after_spinlock();');
      if (extra === 1 && this.locks > 0) this.lines.push('smp_mb__after_unlock_lock();');
      this.locks++;
      return `spin_unlock(${lock});`;
    }
    this.readers = 1;
    if (kind === 'rcu') {
      this.lines.push('rcu_read_lock();');
      return 'rcu_read_unlock();';
    }
    const index = `i${this.pointers++}`;
    this.lines.push(`${index} = srcu_read_lock(s);`);
    return `srcu_read_unlock(s, ${index});`;
  }
}

/** The text of the test of this seed. */
export function generateLitmus(seed: number, options: GeneratorOptions): string {
  const rng = new Rng(seed);
  const accesses = options.accesses ?? 6;
  const threads = options.threads ?? Math.min(2 + rng.below(3), accesses >> 1);
  const has = (f: Feature) => options.features.includes(f);
  const words = variables.slice(0, 2 + rng.below(2));
  let value = 0;
  const fresh = () => (value % 4) + 1 + 0 * value++;
  const writers = Array.from({ length: threads }, () => new ThreadWriter(rng, fresh, has, words));
  const share = Math.max(2, Math.round(accesses / threads));
  for (const w of writers) {
    for (let n = 0; n < share; ) {
      n += w.access();
      if (n < share && rng.chance(0.45)) w.fence();
    }
  }
  const parameters = [
    ...words.map((w) => `int *${w}`),
    ...(has('pointer') ? ['int **p'] : []),
    ...(has('atomic') ? ['atomic_t *a'] : []),
    ...(has('lock') ? ['spinlock_t *l', 'spinlock_t *m'] : []),
    ...(has('srcu') ? ['struct srcu_struct *s'] : []),
  ].join(', ');
  const bodies = writers.map((w, t) => {
    const declared = [
      ...w.registers.map((r) => `\tint ${r} = 0;`),
      ...Array.from({ length: w.pointers }, (_, i) =>
        w.lines.some((l) => l.startsWith(`i${i} `)) ? `\tint i${i};` : `\tint *p${i};`,
      ),
    ];
    return `P${t}(${parameters})\n{\n${[...declared, ...w.lines.map((l) => `\t${l}`)].join('\n')}\n}\n`;
  });
  const registers = writers.flatMap((w, t) => w.registers.map((r) => `${t}:${r}=0`));
  const finals = words.map((w) => `${w}=0`);
  const init = has('pointer') ? `{\n\tp=${words[0]};\n}` : '{\n}';
  return `C generated-${seed}\n\n${init}\n\n${bodies.join('\n')}\nexists (${[...registers, ...finals].join(' /\\ ')})\n`;
}
