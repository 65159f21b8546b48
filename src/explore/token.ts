// SPDX-License-Identifier: GPL-2.0-only
/**
 * The replay token: all that makes an execution happen again, in one word. `klp1:` and a version of what follows, then
 * base64url of deflated JSON with a checksum in front, so that a token that was cut or edited is told as such.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Decisions } from '../engine/fibers/runtime.js';
import { MAX_ACTORS } from '../oracle/vector_clocks.js';
import type { Scenario } from '../scenario/types.js';
import { WAIT } from '../schedule/scheduler.js';
import { UsageError } from '../util/fault.js';
import { type MemoryName, memoryNames } from './subject.js';

const PREFIX = 'klp1:';
const CHECK_BYTES = 4;

export interface Token {
  /** Preset or file. */
  readonly scenarioName: string;
  /** scenarioHash of the exploration form, with `protocol` and `explore` in it. */
  readonly hash: string;
  readonly protocol: string;
  /** What was explored of the scenario. */
  readonly explore: Scenario['explore'];
  readonly kernel: string;
  /** sourcesHash of the kernel that was run; not in tokens of tests, which follow the sources as they change. */
  readonly sources?: string;
  /** Of the execution. */
  readonly seed: number;
  readonly scheduler: string;
  readonly memory: MemoryName;
  readonly dropped: readonly string[];
  readonly decisions: Decisions;
  readonly maxSteps: number;
}

export function encodeToken(token: Token): string {
  const { decisions: d } = token;
  const plain = {
    ...token,
    decisions: [d.actors.flatMap((a, i) => [a, d.points[i] as number]), d.choices],
  };
  const body = deflateRawSync(Buffer.from(JSON.stringify(plain)), { level: 9 });
  return PREFIX + Buffer.concat([checksum(body), body]).toString('base64url');
}

function checksum(body: Buffer): Buffer {
  return createHash('sha256').update(body).digest().subarray(0, CHECK_BYTES);
}

export function decodeToken(text: string): Token {
  const word = text.trim();
  const version = /^klp(\d+):/.exec(word);
  if (version === null)
    throw new UsageError([`"${short(word)}" is no replay token: it begins with ${PREFIX}`]);
  if (version[0] !== PREFIX) {
    throw new UsageError([
      `the token has version ${version[1]}; this klptorture replays version 1 (${PREFIX}…)`,
    ]);
  }
  const bytes = Buffer.from(word.slice(PREFIX.length), 'base64url');
  const body = bytes.subarray(CHECK_BYTES);
  if (bytes.length <= CHECK_BYTES || !checksum(body).equals(bytes.subarray(0, CHECK_BYTES))) {
    throw new UsageError([
      `the token "${short(word)}" was cut or changed: its checksum does not match; copy the whole word`,
    ]);
  }
  const { decisions, ...rest } = read(body);
  const [segments, choices] = decisions;
  const actors = segments.filter((_, i) => i % 2 === 0);
  const points = segments.filter((_, i) => i % 2 === 1);
  return { ...rest, decisions: { actors, points, choices } };
}

type Plain = Omit<Token, 'decisions'> & { readonly decisions: readonly [number[], number[]] };

/** UsageError if it is not what `encodeToken` makes, though its checksum is right. */
function read(body: Buffer): Plain {
  let plain: unknown = null;
  try {
    plain = JSON.parse(inflateRawSync(body).toString('utf8'));
  } catch {
    /* Told of below. */
  }
  if (!isPlain(plain)) throw new UsageError(['the token has nothing in it that could be replayed']);
  return plain;
}

const TEXTS = ['scenarioName', 'hash', 'protocol', 'kernel', 'scheduler'] as const;

function isPlain(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null) return false;
  const t = value as Partial<Plain>;
  if (!TEXTS.every((k) => typeof t[k] === 'string')) return false;
  if (!memoryNames.includes(t.memory as MemoryName) || !Array.isArray(t.dropped)) return false;
  if (!Number.isSafeInteger(t.seed) || !isCount(t.maxSteps) || t.maxSteps === 0) return false;
  if (!Array.isArray(t.decisions)) return false;
  const [segments, choices] = t.decisions;
  if (!Array.isArray(segments) || segments.length % 2 !== 0 || !Array.isArray(choices)) return false;
  const isActor = (n: unknown) => n === WAIT || (isCount(n) && n < MAX_ACTORS);
  return segments.every((n, i) => (i % 2 === 0 ? isActor(n) : isCount(n))) && choices.every(isCount);
}

function isCount(n: unknown): n is number {
  return typeof n === 'number' && Number.isSafeInteger(n) && n >= 0;
}

function short(word: string): string {
  return word.length > 40 ? `${word.slice(0, 40)}…` : word;
}
