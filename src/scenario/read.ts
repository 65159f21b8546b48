// SPDX-License-Identifier: GPL-2.0-only
/** From a parsed file to a draft: every section read on its own. */
import { basename } from 'node:path';
import type { z } from 'zod';
import type { Draft } from './draft.js';
import { limits } from './limits.js';
import { goodKeys, isRecord, nameList, readObject, type Shape, show } from './objects.js';
import { readPrograms } from './read_programs.js';
import { readFunctions, readPatches } from './read_text.js';
import {
  controlSchema,
  exploreSchema,
  hotplugSchema,
  limitsSchema,
  livepatchSchema,
  machineSchema,
  programSchemas,
  readersSchema,
  shuffleSchema,
  stutterSchema,
  topSchema,
} from './schema.js';
import type { ScenarioSource } from './source.js';
import type { Scenario } from './types.js';

/** The draft of a file; null if it is not a map at all. What is wrong is told to the source. */
export function readDraft(source: ScenarioSource): Draft | null {
  const file = source.value;
  if (!isRecord(file)) {
    if (!source.broken) {
      const got = file === null || file === undefined ? 'an empty file' : show(file);
      source.problem([], `a scenario is a map with ${Object.keys(topSchema.shape).join(', ')}; got ${got}`);
    }
    return null;
  }
  const top = readObject(source, [], topSchema, file);
  const idle = file.idle === undefined || file.idle === null ? [] : file.idle;
  return {
    name: top?.name ?? basename(source.file).replace(/\.ya?ml$/, ''),
    description: top?.description ?? '',
    seed: top?.seed ?? 0,
    machine: readMachine(source, file.machine),
    known: known(file),
    functions: readFunctions(source, file.functions),
    patches: readPatches(source, file.patches),
    programs: readPrograms(source, file.programs),
    idle: nameList(source, ['idle'], idle, 0, limits.frames),
    control: readControl(source, file.control),
    explore: readExplore(source, file.explore),
    limits: readLimits(source, file.limits),
  };
}

function known(file: Record<string, unknown>): Draft['known'] {
  const { cpus, online, protocol } = goodKeys(machineSchema, file.machine);
  const hotplug = isRecord(file.control) ? file.control.hotplug : undefined;
  const minOnline = isRecord(hotplug) ? goodKeys(hotplugSchema, hotplug).min_online : undefined;
  let tasks = 0;
  for (const program of isRecord(file.programs) ? Object.values(file.programs) : []) {
    tasks += goodKeys(programSchemas.user, program).tasks ?? 0;
  }
  return { cpus, online: online ?? cpus, protocol, minOnline, tasks };
}

function readMachine(source: ScenarioSource, value: unknown): Scenario['machine'] | null {
  const m = readObject(source, ['machine'], machineSchema, value);
  if (m === null) return null;
  return {
    cpus: m.cpus,
    online: m.online ?? m.cpus,
    reliableStacks: m.reliable_stacks,
    unreliableChance: m.unreliable_chance,
    hotplugLock: m.hotplug_lock,
    protocol: m.protocol,
    preempt: m.preempt,
    retryMs: m.retry_ms,
    sliceSteps: m.slice_steps,
    traceRecords: m.trace_records,
    spareTasks: m.spare_tasks,
  };
}

/** A section that is switched on by being there: undefined for "not there", null for "wrong". */
function optional<S extends Shape>(
  source: ScenarioSource,
  key: string,
  schema: z.ZodObject<S>,
  value: unknown,
): z.output<z.ZodObject<S>> | null | undefined {
  /* `hotplug:` with nothing after it takes the defaults; `hotplug: false` says none in so many words. */
  if (value === undefined || value === false) return undefined;
  return readObject(source, ['control', key], schema, value);
}

function readControl(source: ScenarioSource, value: unknown): Scenario['control'] | null {
  const head = readObject(source, ['control'], controlSchema, value);
  const parent = isRecord(value) ? value : {};
  const livepatch = readObject(source, ['control', 'livepatch'], livepatchSchema, parent.livepatch);
  const hotplug = optional(source, 'hotplug', hotplugSchema, parent.hotplug);
  const stutter = optional(source, 'stutter', stutterSchema, parent.stutter);
  const shuffle = optional(source, 'shuffle', shuffleSchema, parent.shuffle);
  const readers = optional(source, 'readers', readersSchema, parent.readers);
  if (head === null || livepatch === null) return null;
  if (hotplug === null || stutter === null || shuffle === null || readers === null) return null;
  return {
    livepatch: {
      pauseMs: livepatch.pause_ms,
      reverse: livepatch.reverse,
      force: livepatch.force,
      ...(livepatch.fail > 0 ? { fail: livepatch.fail } : {}),
      operations: 0,
    },
    hotplug: hotplug ? { pauseMs: hotplug.pause_ms, minOnline: hotplug.min_online, operations: 0 } : null,
    stutter: stutter ? { runMs: stutter.run_ms, pauseMs: stutter.pause_ms } : null,
    shuffle: shuffle ? { everyMs: shuffle.every_ms } : null,
    wakers: null,
    readers: readers
      ? {
          pauseMs: readers.pause_ms,
          holdUs: readers.hold_us,
          ...(readers.data ? ({ data: true } as const) : {}),
        }
      : null,
  };
}

function readExplore(source: ScenarioSource, value: unknown): Scenario['explore'] | null {
  const e = readObject(source, ['explore'], exploreSchema, value);
  if (e === null) return null;
  const { force, fail, wakers, ...rest } = e;
  return {
    ...rest,
    ...(force === undefined ? {} : { force }),
    ...(fail === undefined ? {} : { fail }),
    ...(wakers ? {} : ({ wakers } as const)),
    without: [],
  };
}

function readLimits(source: ScenarioSource, value: unknown): Scenario['limits'] | null {
  const l = readObject(source, ['limits'], limitsSchema, value);
  if (l === null) return null;
  return { durationS: l.duration_s, hungTransitionS: l.hung_transition_s, hungActorS: l.hung_actor_s };
}
