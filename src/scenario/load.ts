// SPDX-License-Identifier: GPL-2.0-only
/** From a preset's name or a file to a validated scenario. */
import { existsSync } from 'node:fs';
import { SimulatorBug, UsageError } from '../util/fault.js';
import { suggestion } from '../util/suggest.js';
import { checkDraft } from './check.js';
import { finish } from './draft.js';
import { type Overrides, override } from './overrides.js';
import { presetFile, presetNames } from './presets.js';
import { readDraft } from './read.js';
import { readScenarioFile, ScenarioSource } from './source.js';
import type { Scenario } from './types.js';

/** Reads and validates the text of a scenario. UsageError with every problem, each with its place in `file`. */
export function parseScenario(file: string, text: string, protocols: readonly string[]): Scenario {
  const source = new ScenarioSource(file, text);
  const draft = readDraft(source);
  if (draft !== null) checkDraft(source, draft, protocols);
  if (source.broken) throw new UsageError(source.problemLines());
  const scenario = draft === null ? null : finish(draft);
  if (scenario === null) throw new SimulatorBug(`${file}: an incomplete scenario without a problem`);
  return scenario;
}

/** The file that is meant: a path, or the name of a preset. */
function fileOf(nameOrPath: string): string {
  const isPath = /[/\\]/.test(nameOrPath) || /\.ya?ml$/.test(nameOrPath);
  const presets = presetNames();
  if (!isPath && presets.includes(nameOrPath)) return presetFile(nameOrPath);
  if (isPath || existsSync(nameOrPath)) return nameOrPath;
  const known = suggestion(nameOrPath, presets);
  throw new UsageError(`unknown scenario "${nameOrPath}"${known}; or give the path of a YAML file`);
}

/**
 * Loads a preset or a file and applies what the command line says.
 * `protocols`: the names that machine.protocol may have. UsageError lists every problem at once.
 */
export function loadScenario(
  nameOrPath: string,
  overrides: Overrides,
  protocols: readonly string[],
): Scenario {
  const file = fileOf(nameOrPath);
  return override(parseScenario(file, readScenarioFile(file), protocols), overrides, protocols);
}
