// SPDX-License-Identifier: GPL-2.0-only
/** All ways through a thread, given the values that each word may hold. */
import { type Program, THIN_AIR, type Thread } from '../program.js';
import { runLoad, runSection, runStore } from './access.js';
import { copyCircles } from './circles.js';
import { runModify } from './modify.js';
import { EVENT, type Trace, traceLimits, Unfit } from './trace.js';
import {
  addEvent,
  assign,
  enterArm,
  finish,
  fork,
  look,
  startOf,
  type Territory,
  use,
  type Way,
} from './way.js';

function runThread(territory: Territory): Trace[] {
  const traces: Trace[] = [];
  const { thread, waiting } = territory;
  waiting.push(startOf(thread));
  for (let way = waiting.pop(); way !== undefined; way = waiting.pop()) {
    runWay(territory, way);
    if (way.dead) continue;
    traces.push(finish(way));
    if (traces.length > traceLimits.traces)
      throw new Unfit(`P${thread.index} has too many ways through its code`);
  }
  return traces;
}

/** To the end of the thread, or to a fault. */
function runWay(t: Territory, way: Way): void {
  while (way.fault === 0 && !way.dead) {
    const i = t.thread.code[way.pc];
    if (i === undefined) return;
    if (i.statement !== way.statement) {
      way.statement = i.statement;
      way.used = 0;
      way.usedReach = 0;
    }
    switch (i.op) {
      case 'assign':
        assign(t, way, i.target, look(way, i.value));
        way.pc++;
        break;
      case 'load':
        runLoad(t, way, i);
        break;
      case 'store':
        runStore(t, way, i);
        break;
      case 'rmw':
        runModify(t, way, i);
        break;
      case 'fence':
        addEvent(way, [], { fence: i.fence });
        way.pc++;
        break;
      case 'jump':
        way.pc = i.to;
        break;
      case 'branch': {
        const condition = look(way, i.condition);
        use(way, condition);
        enterArm(way, i.join);
        if (condition.value === THIN_AIR) way.dead = true;
        const isTrue = condition.value !== 0;
        if (t.liberal) {
          const other = fork(way);
          other.pc = isTrue ? i.otherwise : way.pc + 1;
          t.waiting.push(other);
        }
        way.pc = isTrue ? way.pc + 1 : i.otherwise;
        break;
      }
      default:
        runSection(t, way, i);
    }
  }
}

/** Stores that a thread can make: no chain of values is longer than all of them together. */
function countStores(threads: readonly Thread[]): number {
  return threads.reduce((n, t) => n + t.code.filter((i) => i.op === 'store' || i.op === 'rmw').length, 0);
}

/**
 * What each word may hold, or more. Values grow from the initial ones: what a thread can store may be loaded, which
 * may give it and others more to store. Conditions count for nothing here, since two threads may each take a way that
 * only the other's store opens; values that nothing in an execution really writes are sorted out later.
 */
function valuesOfWords(program: Program): number[][] {
  const values = program.words.map((w) => new Set([w.initial]));
  for (const word of copyCircles(program)) (values[word] as Set<number>).add(THIN_AIR);
  const rounds = countStores(program.threads) + 1;
  for (let round = 0; ; round++) {
    const lists = values.map((v) => [...v].sort((a, b) => a - b));
    let grown = false;
    const written = (word: number, value: number): void => {
      const known = values[word] as Set<number>;
      grown = grown || !known.has(value);
      known.add(value);
    };
    for (const thread of program.threads) {
      const valuesOf = (word: number): number[] => lists[word] as number[];
      runThread({ thread, words: program.words.length, valuesOf, written, waiting: [], liberal: true });
    }
    if (values.some((v) => v.size > traceLimits.values)) throw new Unfit('a word may hold too many values');
    if (!grown || round >= rounds) return lists;
  }
}

/** The ways of each thread. Each value that one of them reads is written by some way of some thread. */
export function tracesOf(program: Program): Trace[][] {
  const lists = valuesOfWords(program);
  const valuesOf = (word: number): number[] => lists[word] as number[];
  const written = (): void => {};
  let all = program.threads.map((thread) =>
    runThread({ thread, words: program.words.length, valuesOf, written, waiting: [], liberal: false }),
  );
  for (;;) {
    const provided = new Set(program.words.map((w, i) => `${i}=${w.initial}`));
    const ofKind = (trace: Trace, kind: number): string[] =>
      trace.events.filter((e) => e.kind === kind).map((e) => `${e.word}=${e.value}`);
    for (const trace of all.flat()) for (const w of ofKind(trace, EVENT.write)) provided.add(w);
    const kept = all.map((traces) =>
      traces.filter((t) => ofKind(t, EVENT.read).every((r) => provided.has(r))),
    );
    if (kept.every((traces, i) => traces.length === all[i]?.length)) return kept;
    all = kept;
  }
}
