// SPDX-License-Identifier: GPL-2.0-only
/** Compares the parts of a draft with each other: names that must exist, sums, what may be called from where. */
import { suggestion } from '../util/suggest.js';
import {
  type CallGraph,
  callGraph,
  chainText,
  reachable,
  tellCycles,
  tellDepth,
  wayTo,
} from './call_graph.js';
import type { Draft, PlacedName, PlacedStep } from './draft.js';
import { limits } from './limits.js';
import type { ScenarioSource } from './source.js';

export function checkDraft(source: ScenarioSource, draft: Draft, protocols: readonly string[]): void {
  const graph = callGraph(draft);
  checkNames(source, draft);
  checkPatches(source, draft);
  checkChannels(source, draft);
  const cyclic = tellCycles(source, graph);
  if (!cyclic) tellDepth(source, draft, graph);
  checkContexts(source, draft, graph);
  checkSleepers(source, draft, graph);
  checkMachine(source, draft, protocols);
  checkTasks(source, draft);
}

function* allSteps(draft: Draft): Generator<PlacedStep> {
  for (const { body } of draft.functions.values()) yield* body;
  for (const patch of draft.patches) for (const { body } of patch.functions) if (body !== null) yield* body;
}

function checkNames(source: ScenarioSource, draft: Draft): void {
  const missing = ({ name, path }: PlacedName, at: 'key' | 'value'): void => {
    if (draft.functions.has(name)) return;
    source.problem(
      path,
      () => `there is no function "${name}"${suggestion(name, draft.functions.keys())}`,
      at,
    );
  };
  for (const { step, path } of allSteps(draft)) {
    if (step.op === 'call') missing({ name: step.fn, path }, 'value');
    if (step.op !== 'fork') continue;
    const program = draft.programs.get(step.program);
    if (program === undefined) {
      source.problem(
        path,
        () => `there is no program "${step.program}"${suggestion(step.program, draft.programs.keys())}`,
      );
    } else if (program.kind !== null && program.kind !== 'user') {
      source.problem(
        path,
        `"${step.program}" is a ${program.kind}; only programs of kind user can be forked`,
      );
    }
  }
  for (const { entries } of draft.programs.values()) for (const entry of entries) missing(entry, 'key');
  for (const entry of draft.idle) missing(entry, 'key');
}

function checkPatches(source: ScenarioSource, draft: Draft): void {
  for (const { functions } of draft.patches) {
    for (const { fn, path } of functions) {
      const known = draft.functions.get(fn);
      if (known === undefined) {
        source.problem(
          path,
          () => `there is no function "${fn}" to patch${suggestion(fn, draft.functions.keys())}`,
          'key',
        );
      } else if (!known.traceable) {
        source.problem(
          path,
          `"${fn}" is notrace: it has no call site for ftrace, so it cannot be patched`,
          'key',
        );
      }
    }
  }
}

function checkChannels(source: ScenarioSource, draft: Draft): void {
  const channels = new Set<string>();
  for (const { step, path } of allSteps(draft)) {
    if (step.op !== 'wait' && step.op !== 'wake') continue;
    if (channels.has(step.channel)) continue;
    channels.add(step.channel);
    if (channels.size !== limits.channels + 1) continue;
    source.problem(
      path,
      `"${step.channel}" is one channel too many: at most ${limits.channels} are possible`,
    );
  }
}

/** What must not be done where: the idle task cannot block, a kthread has no fork. */
function checkContexts(source: ScenarioSource, draft: Draft, graph: CallGraph): void {
  const fromIdle = reachable(
    graph,
    draft.idle.map((entry) => entry.name),
  );
  for (const name of fromIdle.keys()) {
    for (const { step, path } of graph.steps.get(name) ?? []) {
      if (step.op === 'work' || step.op === 'call' || step.op === 'wake') continue;
      source.problem(
        path,
        `the idle task must not ${step.op}, and it comes here: ${chainText(wayTo(fromIdle, name))}`,
      );
    }
  }
  const kthreads = new Map<string, string>();
  for (const { name, kind, entries } of draft.programs.values()) {
    if (kind === 'kthread') for (const entry of entries) kthreads.set(entry.name, name);
  }
  const fromKthreads = reachable(graph, [...kthreads.keys()]);
  for (const name of fromKthreads.keys()) {
    for (const { step, path } of graph.steps.get(name) ?? []) {
      if (step.op !== 'fork') continue;
      const way = wayTo(fromKthreads, name);
      const kthread = kthreads.get(way[0] as string);
      source.problem(
        path,
        `only user tasks fork, but the kthread "${kthread}" comes here: ${chainText(way)}`,
      );
    }
  }
}

/** The stack of a sleeper is one that calls can make: so it is no deeper than a stack has room for. */
function checkSleepers(source: ScenarioSource, draft: Draft, graph: CallGraph): void {
  for (const { kind, entries } of draft.programs.values()) {
    if (kind !== 'sleeper') continue;
    for (const [i, { name, path }] of entries.entries()) {
      const caller = entries[i - 1]?.name;
      if (caller === undefined || !graph.calls.has(caller) || !graph.calls.has(name)) continue;
      const callees = (graph.calls.get(caller) ?? []).map(({ to }) => to);
      if (callees.includes(name)) continue;
      const instead = callees.length === 0 ? '; it calls nothing' : suggestion(name, callees);
      source.problem(path, `"${caller}" does not call "${name}"${instead}`);
    }
  }
}

function checkMachine(source: ScenarioSource, draft: Draft, protocols: readonly string[]): void {
  const { cpus, online, protocol, minOnline } = draft.known;
  if (protocol !== undefined && !protocols.includes(protocol)) {
    source.problem(
      ['machine', 'protocol'],
      `unknown protocol "${protocol}"${suggestion(protocol, protocols)}`,
    );
  }
  if (cpus === undefined || online === undefined) return;
  if (online > cpus) {
    source.problem(['machine', 'online'], `must be at most cpus, which is ${cpus}; got ${online}`);
  }
  const most = Math.min(online, cpus);
  if (minOnline !== undefined && minOnline > most) {
    source.problem(
      ['control', 'hotplug', 'min_online'],
      `must be at most the number of CPUs online at boot, which is ${most}; got ${minOnline}`,
    );
  }
}

function checkTasks(source: ScenarioSource, draft: Draft): void {
  const { tasks } = draft.known;
  if (tasks <= limits.tasks) return;
  source.problem(['programs'], `start ${tasks} tasks; the task table has room for ${limits.tasks}`, 'key');
}
