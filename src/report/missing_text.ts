// SPDX-License-Identifier: GPL-2.0-only
/** What a transition that does not end, or a sleeper that is not woken, lacks, and what was tried to find that out. */

export interface Tried {
  readonly event: string;
  /** In so many of so many random schedules the transition ended, or the sleeper went on. */
  readonly ends: number;
  readonly of: number;
}

export interface MissingEvent {
  /** Who is left, and how it stands with it. */
  readonly facts: readonly string[];
  /** Operation before which the events were made to happen. */
  readonly at: number;
  /** Those that help. */
  readonly tried: readonly Tried[];
  /** As many schedules without any; null: they stand still there by what is looked for. */
  readonly without: Tried | null;
}

export function formatMissing(m: MissingEvent): string[] {
  const rate = (t: Tried) => `${t.ends} of ${t.of}`;
  const [first, ...more] = m.tried;
  if (first === undefined) return [];
  return [
    'what is missing:',
    ...m.facts.map((f) => `  ${f}`),
    `  with ${first.event} at operation ${m.at}: ${rate(first)} random schedules go on from there${m.without === null ? '' : `; ${rate(m.without)} without`}`,
    ...more.map((t) => `  with ${t.event}: ${rate(t)}`),
  ];
}
