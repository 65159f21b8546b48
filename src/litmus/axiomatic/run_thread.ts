// SPDX-License-Identifier: GPL-2.0-only
/** All ways through a thread, given the values that each word may hold. */
import type { Program, Thread } from '../program.js';
import { runLoad, runSection, runStore } from './access.js';
import { runModify } from './modify.js';
import { type Trace, traceLimits, Unfit } from './trace.js';
import { evaluate } from './value.js';
import { addEvent, assign, enterArm, finish, startOf, type Territory, type Way } from './way.js';

function runThread(territory: Territory): Trace[] {
  const traces: Trace[] = [];
  const { thread, waiting } = territory;
  waiting.push(startOf(thread));
  for (let way = waiting.pop(); way !== undefined; way = waiting.pop()) {
    runWay(territory, way);
    traces.push(finish(way));
    if (traces.length > traceLimits.traces)
      throw new Unfit(`P${thread.index} has too many ways through its code`);
  }
  return traces;
}

/** To the end of the thread, or to a fault. */
function runWay(t: Territory, way: Way): void {
  while (way.fault === 0) {
    const i = t.thread.code[way.pc];
    if (i === undefined) return;
    if (i.statement !== way.statement) {
      way.statement = i.statement;
      way.used = 0;
    }
    switch (i.op) {
      case 'assign':
        assign(t, way, i.target, evaluate(i.value, way.registers));
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
        const condition = evaluate(i.condition, way.registers);
        enterArm(way, i.join, way.used | condition.known | condition.direct);
        way.pc = condition.value !== 0 ? way.pc + 1 : i.otherwise;
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
 * The ways of each thread. Values grow from the initial ones: what a thread can store may be loaded, which may give
 * it and others more to store. Values that nothing in an execution really writes are sorted out later.
 */
export function tracesOf(program: Program): Trace[][] {
  const values = program.words.map((w) => new Set([w.initial]));
  const rounds = countStores(program.threads) + 1;
  for (let round = 0; ; round++) {
    const lists = values.map((v) => [...v].sort((a, b) => a - b));
    let grown = false;
    const fresh: (readonly [number, number])[] = [];
    const all = program.threads.map((thread) =>
      runThread({
        thread,
        words: program.words.length,
        valuesOf: (word) => lists[word] as number[],
        written: (word, value) => {
          if (!(values[word] as Set<number>).has(value)) fresh.push([word, value]);
        },
        waiting: [],
      }),
    );
    for (const [word, value] of fresh) {
      (values[word] as Set<number>).add(value);
      grown = true;
    }
    if (values.some((v) => v.size > traceLimits.values)) throw new Unfit('a word may hold too many values');
    if (!grown || round >= rounds) return all;
  }
}
