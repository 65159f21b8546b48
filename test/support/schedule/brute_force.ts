// SPDX-License-Identifier: GPL-2.0-only
/**
 * Every schedule of a program, one after the other, with its preemptions and the trace it belongs to: the measure of
 * the searches that leave something out. Knows nothing of them.
 */
import { ACCESS, type Operation, type Scheduler, type ScheduleView } from '#src/schedule/scheduler.js';
import { Interpreter } from './interpreter.js';
import type { Program } from './program.js';

/** Finds the Mazurkiewicz trace of an execution: equal text, equal trace. */
export class TraceRecorder {
  private clocks: number[][] = [];
  private texts: string[] = [];
  private readonly lastWrite = new Map<number, number[]>();
  private readonly lastReads = new Map<number, number[]>();
  private latest: number[] = [];
  private ready = -1;

  begin(actors: number): void {
    this.clocks = Array.from({ length: actors }, () => new Array<number>(actors).fill(0));
    this.texts = this.clocks.map(() => '');
    this.lastWrite.clear();
    this.lastReads.clear();
    this.ready = -1;
  }

  /** Who was woken comes after the operation that woke it. */
  observe(view: ScheduleView): void {
    const ready = view.enabled | (view.waiting ?? 0);
    this.clocks.forEach((clock, actor) => {
      if (((ready & ~this.ready) >>> actor) & 1) join(clock, this.latest);
    });
    this.ready = ready;
  }

  executed(actor: number, op: Operation): void {
    const clock = this.clocks[actor] as number[];
    clock[actor] = (clock[actor] as number) + 1;
    const words = op.access === ACCESS.none ? [] : [op.addr, ...op.more];
    for (const word of words) {
      join(clock, this.lastWrite.get(word) ?? []);
      if (op.access !== ACCESS.read) join(clock, this.lastReads.get(word) ?? []);
    }
    for (const word of words) {
      if (op.access !== ACCESS.read) this.lastWrite.set(word, [...clock]);
      else this.lastReads.set(word, join([...clock], this.lastReads.get(word) ?? []));
    }
    this.latest = [...clock];
    this.texts[actor] += `${clock.join('.')}/${op.access} `;
  }

  get trace(): string {
    return this.texts.join('| ');
  }
}

function join(into: number[], other: readonly number[]): number[] {
  for (let i = 0; i < other.length; i++) into[i] = Math.max(into[i] as number, other[i] as number);
  return into;
}

export interface Found {
  /** Actors in the order in which they ran, as text. */
  readonly schedule: string;
  readonly preemptions: number;
  readonly trace: string;
  /** The words at the end, and who was left. */
  readonly final: string;
}

/** The executions of a program under a scheduler, until it has no more. Those that it cut are not among them. */
export function executionsOf(program: Program, scheduler: Scheduler, limit = 1_000_000): Found[] {
  const found: Found[] = [];
  const recorder = new TraceRecorder();
  let order: number[] = [];
  let preemptions = 0;
  const interpreter = new Interpreter(program, {
    observe: (actor, _op, previous) => {
      if (previous >= 0 && previous !== actor) preemptions++;
      order.push(actor);
    },
  });
  const recorded: Scheduler = {
    name: scheduler.name,
    needsOperations: true,
    asksOnWake: scheduler.asksOnWake,
    begin(actors) {
      recorder.begin(actors);
      order = [];
      preemptions = 0;
      return scheduler.begin(actors);
    },
    next(view) {
      recorder.observe(view);
      return scheduler.next(view);
    },
    quantum: () => scheduler.quantum(),
    choose: (n) => scheduler.choose(n),
    executed(actor, op) {
      recorder.executed(actor, op);
      if (scheduler.needsOperations) scheduler.executed?.(actor, op);
    },
    end: (end) => scheduler.end(end),
  };
  for (let outcome = interpreter.run(recorded); outcome !== null; outcome = interpreter.run(recorded)) {
    if (found.length >= limit) throw new Error(`more than ${limit} executions`);
    if (!outcome.complete) continue;
    const final = `${outcome.words.join()}/${outcome.left}`;
    found.push({ schedule: order.join(), preemptions, trace: recorder.trace, final });
  }
  return found;
}

/** Takes every enabled actor at every step. */
class Everything implements Scheduler {
  readonly name = 'everything';
  readonly needsOperations = false;
  readonly asksOnWake = false;
  private readonly left: number[][] = [];
  private depth = 0;
  private started = false;

  begin(): boolean {
    this.depth = 0;
    if (this.started) return this.left.length > 0;
    this.started = true;
    return true;
  }

  next(view: ScheduleView): number {
    if (this.depth === this.left.length) {
      const enabled = [];
      for (let actor = 0; actor < 32; actor++) if ((view.enabled >>> actor) & 1) enabled.push(actor);
      this.left.push(enabled);
    }
    return (this.left[this.depth++] as number[])[0] as number;
  }

  quantum(): number {
    return 0;
  }

  choose(): number {
    return 0;
  }

  end(): void {
    while (this.left.length > 0) {
      const last = this.left[this.left.length - 1] as number[];
      last.shift();
      if (last.length > 0) return;
      this.left.pop();
    }
  }
}

export function allSchedules(program: Program): Found[] {
  return executionsOf(program, new Everything());
}
