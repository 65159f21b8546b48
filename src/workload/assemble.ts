// SPDX-License-Identifier: GPL-2.0-only
/**
 * The linker of simulated text: lays functions, programs and stubs of a scenario out as instructions, and makes the
 * images of its livepatch modules. Addresses are word offsets into the heap, from `base` on.
 */
import {
  encode,
  OP_CALL,
  OP_CALL_RND,
  OP_CHANCE,
  OP_COND_RESCHED,
  OP_CPUHP,
  OP_ENTER,
  OP_EXIT,
  OP_EXIT_TASK,
  OP_FENTRY,
  OP_FORK,
  OP_IDLE_END,
  OP_JMP,
  OP_KTHREAD_POINT,
  OP_LIFE,
  OP_RET,
  OP_RET_TO_USER,
  OP_SLEEP,
  OP_SLEEP_D,
  OP_SLEEP_END,
  OP_SYSCALL_RND,
  OP_USER_WORK,
  OP_WAIT,
  OP_WAIT_END,
  OP_WAKE,
  OP_WORK,
  OP_WORKER,
  SLEEP_FOREVER,
} from '../kernel/text/opcodes.js';
import type { FunctionSpec, ProgramSpec, Scenario, Step } from '../scenario/types.js';
import { channels, depthOf } from './call_graph.js';

/** A function as it lies in text. */
export interface TextFunction {
  readonly id: number;
  readonly name: string;
  readonly entry: number;
  readonly size: number;
  readonly traceable: boolean;
  /** Some patch replaces it, so its versions report what they do. */
  readonly watched: boolean;
}

export interface TextTable {
  readonly limits: number[];
  readonly targets: number[];
}

export interface ModuleImage {
  readonly image: number[];
  readonly funcs: { func_id: number; offset: number; size: number }[];
}

export interface TextProgram {
  readonly entry: number;
  readonly life: number;
}

export interface Linked {
  readonly words: number[];
  readonly functions: readonly TextFunction[];
  readonly tables: readonly TextTable[];
  readonly programs: readonly TextProgram[];
  readonly modules: readonly ModuleImage[];
  /** Addresses of the stubs. */
  readonly retToUser: number;
  readonly idleText: number;
  readonly idleEnd: number;
  readonly oopsEnd: number;
  readonly stutterText: number;
  readonly kworkerText: number;
  readonly cpuhpText: number;
  readonly sleeperText: number;
  /** Words of stack that the deepest call chain needs. */
  readonly stackWords: number;
}

interface Context {
  readonly entryOf: (name: string) => number;
  readonly channelOf: (name: string) => number;
  readonly programOf: (name: string) => number;
}

/** Words of a step without its chance. */
function stepWords(step: Step): number {
  return step.op === 'sleep' || step.op === 'wait' ? 2 : 1;
}

function bodyWords(body: readonly Step[]): number {
  let n = 0;
  for (const step of body) n += stepWords(step) + (step.chance < 1 ? 1 : 0);
  return n;
}

function emitStep(step: Step, c: Context): number[] {
  switch (step.op) {
    case 'work':
      return [encode(OP_WORK, step.units)];
    case 'call':
      return [encode(OP_CALL, c.entryOf(step.fn))];
    case 'sleep':
      return [encode(step.interruptible ? OP_SLEEP : OP_SLEEP_D, step.ms), encode(OP_SLEEP_END, 0)];
    case 'wait':
      return [encode(OP_WAIT, c.channelOf(step.channel)), encode(OP_WAIT_END, c.channelOf(step.channel))];
    case 'wake':
      return [encode(OP_WAKE, c.channelOf(step.channel))];
    case 'cond_resched':
      return [encode(OP_COND_RESCHED, 0)];
    case 'fork':
      return [encode(OP_FORK, c.programOf(step.program))];
  }
}

function emitBody(body: readonly Step[], c: Context): number[] {
  const out: number[] = [];
  for (const step of body) {
    const words = emitStep(step, c);
    if (step.chance < 1) {
      const threshold = Math.min(0xffff, Math.round(step.chance * 0x10000));
      out.push(encode(OP_CHANCE, (threshold << 8) | words.length));
    }
    out.push(...words);
  }
  return out;
}

function functionWords(f: FunctionSpec, watched: boolean): number {
  return (f.traceable ? 1 : 0) + (watched ? 2 : 0) + bodyWords(f.body) + 1;
}

function emitVersion(id: number, version: number, body: readonly Step[], c: Context): number[] {
  const tag = (id << 8) | version;
  return [encode(OP_ENTER, tag), ...emitBody(body, c), encode(OP_EXIT, tag), encode(OP_RET, 0)];
}

function table(entries: readonly { fn: string; weight: number }[], c: Context): TextTable {
  const total = entries.reduce((sum, e) => sum + e.weight, 0);
  const limits: number[] = [];
  let seen = 0;
  let last = 0;
  for (const e of entries) {
    seen += e.weight;
    /* However small its weight, every entry has a share. */
    last = Math.max(last + 1, Math.round((seen / total) * 0x10000));
    limits.push(last);
  }
  return { limits, targets: entries.map((e) => c.entryOf(e.fn)) };
}

function programWords(p: ProgramSpec): number {
  if (p.kind === 'user') return 5;
  if (p.kind === 'kthread') return p.sleepMs > 0 ? 5 : 3;
  return 0;
}

function emitProgram(p: ProgramSpec, at: number, tableIndex: number): number[] {
  if (p.kind === 'user') {
    return [
      encode(OP_USER_WORK, p.userWork),
      encode(OP_SYSCALL_RND, tableIndex),
      encode(OP_LIFE, 0),
      encode(OP_EXIT_TASK, 0),
      encode(OP_JMP, at),
    ];
  }
  if (p.kind === 'kthread') {
    const out = [encode(OP_KTHREAD_POINT, p.switchPoint ? 1 : 0), encode(OP_CALL_RND, tableIndex)];
    if (p.sleepMs > 0) out.push(encode(OP_SLEEP, p.sleepMs), encode(OP_SLEEP_END, 0));
    out.push(encode(OP_JMP, at));
    return out;
  }
  return [];
}

const STUB_WORDS = 16;
/** Sleep of a task between two looks at the torture stutter. */
const STUTTER_MS = 5;

export function link(scenario: Scenario, base: number): Linked {
  const watched = new Set(scenario.patches.flatMap((p) => p.functions.map((f) => f.fn)));
  const functions: TextFunction[] = [];
  let at = base + STUB_WORDS + scenario.idleCalls.length;
  scenario.functions.forEach((f, id) => {
    const size = functionWords(f, watched.has(f.name));
    functions.push({
      id,
      name: f.name,
      entry: at,
      size,
      traceable: f.traceable,
      watched: watched.has(f.name),
    });
    at += size;
  });
  const byName = new Map(functions.map((f) => [f.name, f]));
  const channelNames = channels(scenario);
  const context: Context = {
    entryOf: (name) => (byName.get(name) as TextFunction).entry,
    channelOf: (name) => channelNames.indexOf(name),
    programOf: (name) => scenario.programs.findIndex((p) => p.name === name),
  };

  /* Stubs: fixed places at the start of text. */
  const words: number[] = [];
  const retToUser = base;
  words.push(encode(OP_RET_TO_USER, 0), encode(OP_RET_TO_USER, 1));
  const oopsEnd = base + words.length;
  words.push(encode(OP_SLEEP_D, SLEEP_FOREVER), encode(OP_SLEEP_END, 0), encode(OP_JMP, oopsEnd));
  const stutterText = base + words.length;
  words.push(encode(OP_SLEEP, STUTTER_MS), encode(OP_SLEEP_END, 0), encode(OP_RET_TO_USER, 1));
  const kworkerText = base + words.length;
  words.push(encode(OP_WORKER, 0));
  const cpuhpText = base + words.length;
  words.push(encode(OP_CPUHP, 0));
  const sleeperText = base + words.length;
  words.push(encode(OP_SLEEP_D, SLEEP_FOREVER), encode(OP_SLEEP_END, 0), encode(OP_JMP, sleeperText));
  const idleText = base + words.length;
  for (const fn of scenario.idleCalls) words.push(encode(OP_CALL, context.entryOf(fn)));
  const idleEnd = base + words.length;
  words.push(encode(OP_IDLE_END, 0));
  while (words.length < STUB_WORDS + scenario.idleCalls.length) words.push(0);

  for (const f of functions) {
    const body = (scenario.functions[f.id] as FunctionSpec).body;
    if (f.traceable) words.push(encode(OP_FENTRY, f.id));
    if (f.watched) words.push(...emitVersion(f.id, 0, body, context));
    else words.push(...emitBody(body, context), encode(OP_RET, 0));
  }

  const tables: TextTable[] = [];
  const programs: TextProgram[] = [];
  for (const p of scenario.programs) {
    const entry = base + words.length;
    if (p.kind === 'sleeper') {
      programs.push({ entry: sleeperText, life: 0 });
      continue;
    }
    tables.push(table(p.kind === 'user' ? p.syscalls : p.calls, context));
    words.push(...emitProgram(p, entry, tables.length - 1));
    if (base + words.length !== entry + programWords(p)) throw new Error('program size');
    programs.push({ entry, life: p.kind === 'user' ? p.lifetime : 0 });
  }

  const modules = scenario.patches.map((patch, p) => {
    const image: number[] = [];
    const funcs = patch.functions.map((f) => {
      const target = byName.get(f.fn) as TextFunction;
      const body = f.body ?? (scenario.functions[target.id] as FunctionSpec).body;
      const code = emitVersion(target.id, p + 1, body, context);
      const offset = image.length;
      image.push(...code);
      return { func_id: target.id, offset, size: code.length };
    });
    return { image, funcs };
  });
  return {
    words,
    functions,
    tables,
    programs,
    modules,
    retToUser,
    idleText: scenario.idleCalls.length > 0 ? idleText : 0,
    idleEnd,
    oopsEnd,
    stutterText,
    kworkerText,
    cpuhpText,
    sleeperText,
    stackWords: depthOf(scenario) + 4,
  };
}
