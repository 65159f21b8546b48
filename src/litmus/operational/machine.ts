// SPDX-License-Identifier: GPL-2.0-only
/**
 * A litmus test as a program for the operational memory models. A step is one access to memory, or a full barrier,
 * with what the thread does on its own after it. Executions in which a thread waits for ever (a lock that is never
 * given back, a grace period inside its own read section) have no final state.
 */
import { FENCE, type MemoryModel, ORDER } from '../../engine/fibers/memory_model.js';
import type { SmallProgram } from '../../engine/fibers/weak/explore.js';
import { TsoModel } from '../../engine/fibers/weak/tso.js';
import { ViewModel } from '../../engine/fibers/weak/view.js';
import { Unfit } from '../axiomatic/trace.js';
import { type Final, holds, valueAt } from '../condition.js';
import { ADDRESS_BASE, type Instruction, LITMUS_FENCE, type Program } from '../program.js';
import { addressDependencies } from './address_dependencies.js';
import { changed, evaluate } from './evaluate.js';
import { ReaderDomain } from './readers.js';
import { type Ahead, wordsAhead } from './words_ahead.js';

/** Fences that concern the actor alone: when another actor steps in between makes no difference. */
const localFences = new Set<number>([FENCE.rmb, FENCE.wmb, FENCE.before_atomic, LITMUS_FENCE.compiler]);

export class LitmusMachine implements SmallProgram {
  readonly actors: number;
  readonly heap: readonly number[];
  private readonly registers: number[][];
  private readonly at: number[];
  /** The thread is inside a grace period that has begun and not ended. */
  private readonly waiting: boolean[];
  private readonly dependencies: readonly boolean[][];
  private readonly ahead: readonly (readonly Ahead[])[];
  /** RCU's, then one for each word, as it may be an srcu_struct; as far as the program has such. */
  private readonly domains: readonly ReaderDomain[];

  private buffers: TsoModel | null = null;
  private readonly drained = (actor: number): number => this.buffers?.left(actor) ?? 0;

  constructor(private readonly program: Program) {
    this.actors = program.threads.length;
    this.heap = program.words.map((word) => word.initial);
    this.registers = program.threads.map((thread) => thread.registers.map((r) => r.initial));
    this.at = program.threads.map(() => 0);
    this.waiting = program.threads.map(() => false);
    this.dependencies = program.threads.map(addressDependencies);
    this.ahead = program.threads.map(wordsAhead);
    const ops = program.threads.flatMap((t) => t.code);
    const srcu = ops.some((i) => i.op === 'srcu_lock' || i.op === 'srcu_sync');
    const rcu = ops.some((i) => i.op === 'fence' && i.fence >= LITMUS_FENCE.rcu_lock);
    const domains = srcu ? 1 + program.words.length : rcu ? 1 : 0;
    this.domains = Array.from({ length: domains }, () => new ReaderDomain(this.actors));
  }

  /** Boards that the view machine needs for the domains. */
  get boards(): number {
    return this.domains.length;
  }

  reset(): void {
    for (const [t, thread] of this.program.threads.entries()) {
      const registers = this.registers[t] as number[];
      thread.registers.forEach((register, r) => {
        registers[r] = register.initial;
      });
      this.at[t] = 0;
      this.waiting[t] = false;
      this.advance(t, null);
    }
    this.buffers = null;
    for (const domain of this.domains) domain.reset();
  }

  private next(actor: number): Instruction | undefined {
    return this.program.threads[actor]?.code[this.at[actor] as number];
  }

  ended(actor: number): boolean {
    return this.next(actor) === undefined;
  }

  /** Every word may be accessed by an instruction whose address is computed. */
  uses(word: number): boolean {
    return this.program.threads.some((_t, a) => {
      const words = this.ahead[a]?.[this.at[a] as number];
      return words === 'any' || words?.has(word) === true;
    });
  }

  fences(): readonly number[] {
    return this.domains.map((domain) => domain.lastGracePeriod);
  }

  private word(actor: number, i: Instruction): number {
    return 'address' in i ? evaluate(i.address, this.registers[actor] as number[]) - ADDRESS_BASE : -1;
  }

  enabled(actor: number, heap: Int32Array): boolean {
    const i = this.next(actor) as Instruction;
    if (i.op === 'lock') return heap[this.word(actor, i)] === 0;
    return !this.inGracePeriod(actor) || this.domain(actor, i).over(actor, this.drained);
  }

  protected inGracePeriod(actor: number): boolean {
    return this.waiting[actor] === true;
  }

  private domain(actor: number, i: Instruction): ReaderDomain {
    return this.domains[this.domainNumber(actor, i)] as ReaderDomain;
  }

  private domainNumber(actor: number, i: Instruction): number {
    return 'address' in i ? 1 + this.word(actor, i) : 0;
  }

  /** What the thread does on its own, up to its next step. */
  private advance(actor: number, model: MemoryModel | null): void {
    const registers = this.registers[actor] as number[];
    for (;;) {
      const i = this.next(actor);
      if (i === undefined) return;
      let to = (this.at[actor] as number) + 1;
      if (i.op === 'assign') registers[i.target] = evaluate(i.value, registers);
      else if (i.op === 'jump') to = i.to;
      else if (i.op === 'branch') {
        if (evaluate(i.condition, registers) === 0) to = i.otherwise;
      } else if (i.op === 'fence' && localFences.has(i.fence) && model !== null) {
        if (i.fence !== LITMUS_FENCE.compiler) model.fence(actor, i.fence);
      } else return;
      this.at[actor] = to;
    }
  }

  step(actor: number, model: MemoryModel): void {
    this.buffers = model instanceof TsoModel ? model : null;
    const i = this.next(actor) as Instruction;
    if (this.execute(actor, i, model)) {
      this.at[actor] = (this.at[actor] as number) + 1;
      this.advance(actor, model);
    }
  }

  /** False: the thread stays at the instruction (a grace period that has only begun). */
  private execute(actor: number, i: Instruction, model: MemoryModel): boolean {
    const registers = this.registers[actor] as number[];
    const word = this.word(actor, i);
    const gives = this.dependencies[actor]?.[this.at[actor] as number] === true;
    if ('address' in i && !(word >= 0 && word < this.heap.length && Number.isInteger(word)))
      throw new Unfit(`line ${i.line}: an access to what is no word of memory`);
    switch (i.op) {
      case 'load':
        registers[i.target] = model.load(
          actor,
          word,
          gives && i.order !== ORDER.acquire ? ORDER.dereference : i.order,
        );
        break;
      case 'store':
        model.store(actor, word, evaluate(i.value, registers), i.order);
        break;
      case 'rmw': {
        const before = [...registers];
        const update = (old: number): number | null => changed(i.change, old, before);
        const old = model.rmw(actor, word, update, i.order);
        if (gives) model.fence(actor, FENCE.rmb);
        const now = update(old);
        if (i.result === 'old') registers[i.target] = old;
        else if (i.result === 'new') registers[i.target] = now ?? old;
        else if (i.result === 'changed') registers[i.target] = now === null ? 0 : 1;
        break;
      }
      case 'lock':
        model.rmw(actor, word, () => 1, ORDER.lock);
        break;
      case 'unlock':
        model.store(actor, word, 0, ORDER.unlock);
        break;
      case 'trylock':
        registers[i.target] =
          model.rmw(actor, word, (old) => (old === 0 ? 1 : null), ORDER.lock) === 0 ? 1 : 0;
        break;
      case 'is_locked':
        registers[i.target] = model.load(actor, word, ORDER.once) === 0 ? 0 : 1;
        break;
      case 'srcu_lock':
        registers[i.target] = 0;
        this.enter(actor, i, model);
        break;
      case 'srcu_unlock':
        this.leave(actor, i, model);
        break;
      case 'srcu_sync':
        return this.synchronize(actor, i, model);
      case 'fence':
        if (i.fence === LITMUS_FENCE.rcu_lock) this.enter(actor, i, model);
        else if (i.fence === LITMUS_FENCE.rcu_unlock) this.leave(actor, i, model);
        else if (i.fence === LITMUS_FENCE.rcu_sync) return this.synchronize(actor, i, model);
        else if (i.fence === LITMUS_FENCE.after_srcu_unlock) model.fence(actor, FENCE.mb);
        else if (i.fence !== LITMUS_FENCE.compiler) model.fence(actor, i.fence);
        break;
      default:
        throw new RangeError(`${i.op} is no step`);
    }
    return true;
  }

  private enter(actor: number, i: Instruction, model: MemoryModel): void {
    const domain = this.domain(actor, i);
    if (domain.enter(actor) && model instanceof ViewModel) model.known.after(actor, domain.lastGracePeriod);
  }

  private leave(actor: number, i: Instruction, model: MemoryModel): void {
    if (!this.domain(actor, i).leave(actor, model instanceof TsoModel ? model.made(actor) : 0)) return;
    if (model instanceof ViewModel) model.known.post(actor, 1 + this.domainNumber(actor, i));
  }

  /** First it begins, behind a full barrier; when the readers are gone it ends, with all that they knew, behind one. */
  private synchronize(actor: number, i: Instruction, model: MemoryModel): boolean {
    const domain = this.domain(actor, i);
    if (!this.waiting[actor]) {
      model.fence(actor, FENCE.mb);
      domain.begin(actor);
      if (model instanceof ViewModel) domain.lastGracePeriod = model.known.fences;
      this.waiting[actor] = true;
      return false;
    }
    this.waiting[actor] = false;
    if (model instanceof ViewModel) model.known.gather(actor, 1 + this.domainNumber(actor, i));
    model.fence(actor, FENCE.mb);
    return true;
  }

  fingerprint(into: number[]): void {
    into.push(...this.at, ...this.waiting.map(Number));
    for (const registers of this.registers) into.push(...registers);
    for (const domain of this.domains) domain.fingerprint(into, this.drained, this.waiting);
  }

  /** Values of the observed places, in the program's order, as "1,0,2". */
  outcome(heap: Int32Array): string | null {
    const final: Final = { registers: this.registers, memory: heap };
    if (this.program.filter !== null && !holds(this.program.filter, final)) return null;
    return this.program.observed.map((place) => valueAt(place, final)).join();
  }
}
