// SPDX-License-Identifier: GPL-2.0-only
/** `klptorture list`: what there is to choose from. */
import { barriers } from '../mem/barriers.js';
import { checkers } from '../oracle/checkers.js';
import { oracles } from '../oracle/index.js';
import { protocolNames, protocols } from '../protocol/index.js';
import { formatTable, type Paint, paintFor } from '../report/paint.js';
import { parseScenario } from '../scenario/load.js';
import { presetFile, presetNames } from '../scenario/presets.js';
import { readScenarioFile } from '../scenario/source.js';
import { type Io, writeLines } from './io.js';
import type { listOptions, Values } from './options.js';

/** Raised when a field of the JSON is renamed, removed or changes its meaning. */
const LIST_SCHEMA = 1;

/** Everything as plain data. */
export function inventory() {
  return {
    schema: LIST_SCHEMA,
    scenarios: presetNames().map((name) => {
      const file = presetFile(name);
      const s = parseScenario(file, readScenarioFile(file), protocolNames);
      return { name, description: s.description, cpus: s.machine.cpus, protocol: s.machine.protocol, file };
    }),
    protocols: protocols.map(({ id, author, date, expected, idea, objection, source }) => ({
      id,
      author,
      date,
      expected,
      idea,
      objection,
      source,
    })),
    oracles: [
      ...oracles.map((o) => ({ ...o, exploreOnly: false })),
      ...checkers.map((c) => ({ ...c, exploreOnly: true })),
    ].map(({ name, about, codes, busted, exploreOnly }) => ({ name, about, codes, busted, exploreOnly })),
    barriers: barriers.map(({ id, where, kind, orders, pairs, without }) => ({
      id,
      where,
      kind,
      orders,
      pairs,
      without,
    })),
  };
}

export function listText(paint: Paint): string {
  const all = inventory();
  const section = (title: string, head: readonly string[], rows: readonly (readonly string[])[]): string =>
    [title, ...formatTable({ head, words: head.map((_, i) => i) }, rows, paint), ''].join('\n');
  return [
    section(
      'Scenarios (klptorture soak <name>)',
      ['name', 'what'],
      all.scenarios.map((s) => [s.name, s.description]),
    ),
    section(
      'Protocols (--protocol <name>)',
      ['name', 'author', 'date', 'expected', 'idea'],
      all.protocols.map((p) => [p.id, p.author, p.date, p.expected, p.idea]),
    ),
    section(
      'Oracles',
      ['name', 'what it judges', 'busted partner'],
      all.oracles.map((o) => [
        o.exploreOnly ? `${o.name} (explore only)` : o.name,
        o.about,
        o.busted.partner,
      ]),
    ),
    section(
      'Barriers',
      ['id', 'where', 'kind', 'orders', 'pairs with'],
      all.barriers.map((b) => [b.id, b.where, b.kind, b.orders, b.pairs.join(', ')]),
    ),
  ].join('\n');
}

export function list(values: Values<typeof listOptions>, io: Io): void {
  if (values.json) io.stdout.write(`${JSON.stringify(inventory(), null, 2)}\n`);
  else writeLines(io.stdout, listText(paintFor(io.stdout, io.env)).trimEnd().split('\n'));
}
