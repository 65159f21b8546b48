// SPDX-License-Identifier: GPL-2.0-only
/**
 * Small programs in a line of text, for tests of memory models. Threads are parted by ||, statements by ;
 *
 *   W x 1    Wrel x 1        store            R r x   Racq r x   Rdep r x    load
 *   X r x 1  Xrlx Xacq Xrel  exchange         C r x 0 1   Crlx               cmpxchg(x, 0, 1)
 *   mb rmb wmb before after  fences           lock l   unlock l
 *
 * A value may be a register of the thread. Registers have names that are their own in the whole program.
 */

import { FENCE, type MemoryModel, ORDER } from '#src/engine/fibers/memory_model.js';
import type { ExplorableModel, SmallProgram } from '#src/engine/fibers/weak/explore.js';
import { explore } from '#src/engine/fibers/weak/explore.js';

const fences: Readonly<Record<string, number>> = {
  mb: FENCE.mb,
  rmb: FENCE.rmb,
  wmb: FENCE.wmb,
  before: FENCE.before_atomic,
  after: FENCE.after_atomic,
  after_spinlock: FENCE.after_spinlock,
};
const orders: Readonly<Record<string, number>> = {
  W: ORDER.once,
  Wrel: ORDER.release,
  R: ORDER.once,
  Racq: ORDER.acquire,
  Rdep: ORDER.dereference,
  X: ORDER.full,
  Xrlx: ORDER.once,
  Xacq: ORDER.acquire,
  Xrel: ORDER.release,
  C: ORDER.full,
  Crlx: ORDER.once,
};

export class Shape implements SmallProgram {
  readonly actors: number;
  readonly heap: number[] = [];
  private readonly threads: string[][][];
  private readonly words: string[] = [];
  private readonly registers: string[] = [];
  private readonly values: number[] = [];
  private readonly at: number[] = [];

  constructor(text: string) {
    this.threads = text.split('||').map((thread) =>
      thread
        .split(';')
        .map((statement) => statement.trim().split(/\s+/))
        .filter((parts) => parts[0] !== ''),
    );
    this.actors = this.threads.length;
    for (const [op, ...args] of this.threads.flat()) {
      if (op?.startsWith('R') || op?.startsWith('X') || op?.startsWith('C'))
        this.registers.push(args.shift() as string);
      if (args[0] !== undefined && !this.words.includes(args[0])) this.words.push(args[0]);
    }
    this.heap = this.words.map(() => 0);
    this.reset();
  }

  reset(): void {
    for (let i = 0; i < this.registers.length; i++) this.values[i] = 0;
    for (let a = 0; a < this.actors; a++) this.at[a] = 0;
  }

  ended(actor: number): boolean {
    return this.at[actor] === this.threads[actor]?.length;
  }

  enabled(actor: number, heap: Int32Array): boolean {
    const [op, word] = this.threads[actor]?.[this.at[actor] as number] as string[];
    return op !== 'lock' || heap[this.words.indexOf(word as string)] === 0;
  }

  private value(text: string): number {
    const register = this.registers.indexOf(text);
    return register < 0 ? Number(text) : (this.values[register] as number);
  }

  step(actor: number, model: MemoryModel): void {
    const [op, ...args] = this.threads[actor]?.[(this.at[actor] as number)++] as [string, ...string[]];
    const fence = fences[op];
    const order = orders[op] ?? ORDER.once;
    const addr = (name: string | undefined) => this.words.indexOf(name as string);
    const set = (value: number) => {
      this.values[this.registers.indexOf(args[0] as string)] = value;
    };
    if (fence !== undefined) model.fence(actor, fence);
    else if (op === 'lock') model.rmw(actor, addr(args[0]), () => 1, ORDER.lock);
    else if (op === 'unlock') model.store(actor, addr(args[0]), 0, ORDER.unlock);
    else if (op[0] === 'W') model.store(actor, addr(args[0]), this.value(args[1] as string), order);
    else if (op[0] === 'R') set(model.load(actor, addr(args[1]), order));
    else if (op[0] === 'X') set(model.rmw(actor, addr(args[1]), () => this.value(args[2] as string), order));
    else if (op[0] === 'C') {
      const expected = this.value(args[2] as string);
      set(
        model.rmw(
          actor,
          addr(args[1]),
          (old) => (old === expected ? this.value(args[3] as string) : null),
          order,
        ),
      );
    } else throw new Error(`unknown statement ${op}`);
  }

  uses(): boolean {
    return true;
  }

  fingerprint(into: number[]): void {
    into.push(...this.at, ...this.values);
  }

  outcome(heap: Int32Array): string {
    const parts = this.registers.map((name, i) => `${name}=${this.values[i]}`);
    return [...parts, ...this.words.map((name, i) => `${name}=${heap[i]}`)].join(' ');
  }
}

/** Whether the program can end in a state that has all of `wanted`, as "r0=1 r1=0 x=2". */
export function reachable(model: ExplorableModel, text: string, wanted: string): boolean {
  const { outcomes, complete } = explore(model, new Shape(text));
  if (!complete) throw new Error('not explored to the end');
  return [...outcomes.keys()].some((o) => wanted.split(' ').every((part) => o.split(' ').includes(part)));
}
