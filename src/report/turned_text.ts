// SPDX-License-Identifier: GPL-2.0-only
/** An order of two accesses that was seen turned round, and which barriers keep it, in sentences. */

export interface StaleAccess {
  readonly step: number;
  readonly actor: string;
  readonly word: string;
  readonly fn: string;
  readonly place: string;
}

export interface TurnedPair {
  /**
   * messages: the writer's stores `first` and `second`; the reader's load `third` saw the second, its load `fourth`
   * missed the first. buffers: `first` and `third` are stores, `second` and `fourth` the loads after them, and each load
   * missed the store of the other side.
   */
  readonly shape: 'messages' | 'buffers';
  readonly first: StaleAccess;
  readonly second: StaleAccess;
  readonly third: StaleAccess;
  readonly fourth: StaleAccess;
  /** A barrier of that side alone makes it go away; those of both do in any case. */
  readonly writerAlone: boolean;
  readonly readerAlone: boolean;
}

/** Lines with an indent. */
export function formatTurned(p: TurnedPair, indent: string): string[] {
  const at = (a: StaleAccess) => `${a.word} (step ${a.step}, ${a.fn}, ${a.place})`;
  const { actor: writer } = p.first;
  const { actor: reader } = p.fourth;
  const lines =
    p.shape === 'messages'
      ? [
          `turned round: ${writer} WRITE ${at(p.first)}`,
          `  before WRITE ${at(p.second)},`,
          `  but ${reader} has read the second (step ${p.third.step}, ${p.third.fn}, ${p.third.place}) and not the first`,
        ]
      : [
          `turned round: ${writer} WRITE ${at(p.first)} before READ ${at(p.second)},`,
          `  ${reader} WRITE ${at(p.third)} before READ ${at(p.fourth)}:`,
          '  both reads missed what the other side had written',
        ];
  return [...lines, `  tried in this schedule: ${verdict(p)}`].map((line) => indent + line);
}

function verdict(p: TurnedPair): string {
  const { writerAlone, readerAlone } = p;
  const messages = p.shape === 'messages';
  const between = (actor: string) => `smp_mb() between the two in ${actor}`;
  const w = messages ? 'smp_wmb() between the two writes' : between(p.first.actor);
  const r = messages ? 'smp_rmb() between the two reads' : between(p.fourth.actor);
  const ordered = 'it still comes, the other side is what lacks it';
  if (writerAlone && readerAlone) return `it goes away with ${w}, and with ${r}`;
  if (writerAlone) return `it goes away with ${w}; with ${r} alone ${ordered}`;
  if (readerAlone) return `it goes away with ${r}; with ${w} alone ${ordered}`;
  const both = messages ? `${w} and ${r}` : 'smp_mb() between the two of each side';
  return `it goes away with ${both}; with one of them it still comes`;
}
