// SPDX-License-Identifier: GPL-2.0-only
/**
 * Objects of slabs are used only between their allocation and their free: KASAN's role, by the poison that a freed
 * object is full of. Nothing but kmem_cache_free writes that word, so who reads it, or writes over it, touches a freed
 * object, and who poisons what is poison frees it a second time.
 *
 * Single accesses are told to it by the observed build. At the end of any execution the queues of free objects are
 * looked through: what was written into a freed object, and objects that are queued twice, show there as well.
 *
 * Under sequential consistency only: a load of another model may be of an older store.
 */
import { POISON_FREE } from '../kernel/abi/constants.js';
import { Findings, type Violation } from './violation.js';

export const SLAB_CODES = ['SLAB-USE-AFTER-FREE', 'SLAB-DOUBLE-FREE'] as const;

export interface Slab {
  readonly name: string;
  /** Of the objects, and of the queue of the free ones: word addresses. */
  readonly base: number;
  readonly ring: number;
  readonly words: number;
  readonly count: number;
  /** Words that count what was taken from the queue and put into it. */
  readonly head: number;
  readonly tail: number;
}

export interface SlabNames {
  site(site: number): { readonly fn: string; readonly place: string };
  word(addr: number): string;
}

export class SlabChecker {
  private readonly findings = new Findings();

  constructor(
    private readonly slabs: readonly Slab[],
    private readonly names: SlabNames,
    /** Place in the trace. */
    private readonly clock: () => number = () => 0,
  ) {}

  get violations(): readonly Violation[] {
    return this.findings.list;
  }

  /** `found`: what the word held; `isRead` and `isWrite` both for a read-modify-write. */
  access(actor: number, isWrite: boolean, addr: number, found: number, written: number, site: number): void {
    if (found !== POISON_FREE) return;
    const slab = this.slabs.find((s) => addr >= s.base && addr < s.base + s.words * s.count);
    if (slab === undefined) return;
    const at = this.names.site(site);
    if (isWrite && at.fn === 'kmem_cache_alloc') return;
    const twice = isWrite && at.fn === 'kmem_cache_free' && written === POISON_FREE;
    /* The first word tells of the whole object. */
    if (twice && (addr - slab.base) % slab.words !== 0) return;
    const seq = this.clock();
    const word = this.names.word(addr);
    const code = twice ? 'SLAB-DOUBLE-FREE' : 'SLAB-USE-AFTER-FREE';
    this.findings.add(code, `${slab.name} ${site} ${(addr - slab.base) % slab.words}`, () => ({
      summary: twice
        ? `an object of ${slab.name} is freed a second time`
        : `${at.fn} ${isWrite ? 'writes' : 'reads'} ${word} of ${slab.name}, which has been freed`,
      sites: [{ label: isWrite ? 'written' : 'read', seq, actor, text: `${word} by ${at.fn} ${at.place}` }],
      task: null,
      cpu: actor,
      seq,
    }));
  }

  /** The machine stands still. */
  end(heap: Int32Array): void {
    const seq = this.clock();
    const tell = (code: string, slab: Slab, summary: string) =>
      this.findings.add(code, `${slab.name} end`, () => ({
        summary,
        sites: [{ label: 'end', seq, actor: 0, text: `free objects of ${slab.name}` }],
        task: null,
        cpu: null,
        seq,
      }));
    for (const slab of this.slabs) {
      const tail = heap[slab.tail] as number;
      /* What has never been taken is zero, not poison. */
      const from = Math.max(heap[slab.head] as number, slab.count);
      const seen = new Set<number>();
      for (let i = from; i < tail; i++) {
        const object = heap[slab.ring + (i % slab.count)] as number;
        if (seen.has(object)) tell('SLAB-DOUBLE-FREE', slab, `an object of ${slab.name} was freed twice`);
        seen.add(object);
        const end = object + slab.words;
        let w = object;
        while (w < end && heap[w] === POISON_FREE) w++;
        if (w === end) continue;
        const word = this.names.word(w);
        tell('SLAB-USE-AFTER-FREE', slab, `${word} of ${slab.name} was written after it had been freed`);
      }
    }
  }
}
