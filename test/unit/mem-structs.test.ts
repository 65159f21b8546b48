// SPDX-License-Identifier: GPL-2.0-only
/** The kernel's own layouts: no two fields share a word, and what CPUs write apart lies on lines apart. */
import { describe, expect, it } from 'vitest';
import * as structs from '#src/kernel/abi/structs.js';
import { CACHE_LINE_WORDS, type StructLayout } from '#src/mem/layout.js';

const layouts = Object.values(structs).filter(
  (value): value is Extract<typeof value, StructLayout<string>> =>
    typeof value === 'object' && '$fields' in value,
);

function lineOf(offset: number): number {
  return Math.floor(offset / CACHE_LINE_WORDS);
}

describe('every layout of the kernel', () => {
  it.each(
    layouts.map((layout) => [layout.$name, layout as StructLayout<string>] as const),
  )('%s', (_, layout) => {
    let end = 0;
    for (const { name, offset, spec } of layout.$fields) {
      expect(offset, `${name} begins after the field before it`).toBeGreaterThanOrEqual(end);
      expect(offset % spec.align, `${name} is aligned`).toBe(0);
      end = offset + spec.words;
    }
    expect(layout.$words).toBeGreaterThanOrEqual(end);
    expect(layout.$words % layout.$align).toBe(0);
  });

  it('are found', () => {
    expect(layouts.map((l) => l.$name)).toEqual(expect.arrayContaining(['task_struct', 'percpu', 'vmlinux']));
  });
});

describe('percpu', () => {
  const { percpu } = structs;

  it('is whole cache lines, so that no two actors share one', () => {
    expect(percpu.$words % CACHE_LINE_WORDS).toBe(0);
  });

  it('keeps what others write away from what only its actor writes', () => {
    const byOthers = [percpu.ipi, percpu.rq_lock, percpu.timer_lock, percpu.pool_lock, percpu.stop_work];
    const byActor = [percpu.rcu_dynticks, percpu.heartbeat, percpu.irq_count, percpu.read_count];
    const lines = byOthers.map(lineOf);
    for (const field of byActor) expect(lines).not.toContain(lineOf(field));
  });
});
