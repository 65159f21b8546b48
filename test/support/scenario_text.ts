// SPDX-License-Identifier: GPL-2.0-only
/** Scenario texts for tests: what is wrong with one, and a small right one to change. */
import { parseScenario } from '#src/scenario/load.js';
import type { Scenario } from '#src/scenario/types.js';
import { UsageError } from '#src/util/fault.js';

export const PROTOCOLS = ['mainline-6.12', 'mainline-4.12', 'online-only'];

export function parse(text: string): Scenario {
  return parseScenario('my.yaml', text, PROTOCOLS);
}

/** The problems of a text; none if it is right. */
export function problemsOf(text: string): readonly string[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
}

/** A small scenario. Each section can be replaced; what is given stands for the whole section, from its key on. */
export function scenarioText(sections: Readonly<Record<string, string>> = {}): string {
  const base: Record<string, string> = {
    functions: 'functions: {f: [work: 1, call: g], g: [work: 1], h: []}',
    patches: 'patches: {p: {functions: [f]}}',
    programs: 'programs: {u: {kind: user, tasks: 2, syscalls: {f: 1}}}',
  };
  return `${Object.values({ ...base, ...sections }).join('\n')}\n`;
}
