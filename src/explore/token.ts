// SPDX-License-Identifier: GPL-2.0-only
/**
 * The replay token: all that makes an execution happen again, in one word. `klp1:` and a version of what follows, then
 * base64url of deflated JSON with a checksum in front, so that a token that was cut or edited is told as such.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Decisions } from '../engine/fibers/runtime.js';
import type { Scenario } from '../scenario/types.js';
import { UsageError } from '../util/fault.js';
import type { MemoryName } from './subject.js';

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
  const { decisions, ...rest } = JSON.parse(inflateRawSync(body).toString('utf8')) as Omit<
    Token,
    'decisions'
  > & {
    decisions: [number[], number[]];
  };
  const [segments, choices] = decisions;
  const actors = segments.filter((_, i) => i % 2 === 0);
  const points = segments.filter((_, i) => i % 2 === 1);
  return { ...rest, decisions: { actors, points, choices } };
}

function short(word: string): string {
  return word.length > 40 ? `${word.slice(0, 40)}…` : word;
}
