// SPDX-License-Identifier: GPL-2.0-only
/** Of a data race is told what would have ordered it: the lock that one side has, or the word that could pass the order on. */
import { expect, it } from 'vitest';
import type { Access } from '#src/explore/accesses.js';
import { Naming } from '#src/explore/naming.js';
import { withAdvice } from '#src/explore/race_advice.js';
import type { Recorded } from '#src/explore/recorded.js';
import { wordName } from '#src/explore/words.js';
import { vmlinux } from '#src/kernel/abi/structs.js';
import { ACCESS } from '#src/schedule/scheduler.js';
import { ORDER } from '#src/trace/memory_order.js';
import { runnerOf } from '../support/exploring.js';

const { observed } = await runnerOf();
const { plan, tree } = observed;
const naming = new Naming(observed, new Map());
const word = (field: number) => plan.g + field;
const [SHARED, FLAG, LOCK] = [
  word(vmlinux.cpu_hotplug_disabled),
  word(vmlinux.klp_target_state),
  word(vmlinux.cpu_add_remove_lock),
];
const siteIn = (fn: string) => tree.sites.findIndex((s) => s.fn === fn);
const [UP, DISABLE] = [siteIn('cpu_up'), siteIn('cpu_hotplug_disable')];

interface Made {
  readonly actor: number;
  readonly addr: number;
  readonly site: number;
  readonly access: number;
  readonly order?: number;
  readonly locked?: true;
}

function hintOf(made: readonly Made[]): string | undefined {
  const accesses = made.map(
    ({ order = ORDER.once, locked, ...m }, nr): Access => ({
      ...m,
      order,
      plain: order === ORDER.plain,
      nr,
      step: nr,
      before: 0,
      after: 1,
      task: 0,
      epoch: 0,
      locks: locked ? [{ lock: LOCK, mode: 0, ip: 0 }] : [],
    }),
  );
  const at = (site: number) => {
    const s = tree.sites[site];
    return `${s?.fn} ${s?.file}:${s?.line}`;
  };
  const violation = {
    code: 'KLP-DATA-RACE',
    summary: `data-race in cpu_hotplug_disable / cpu_up on ${wordName(plan, SHARED)}`,
    sites: [
      { label: 'plain write', seq: 0, actor: 2, text: at(DISABLE) },
      { label: 'plain read', seq: 1, actor: 4, text: at(UP) },
    ],
    task: null,
    cpu: 4,
    seq: 1,
    count: 1,
  };
  return withAdvice({ violation, accesses, naming } as unknown as Recorded).hint;
}

const write: Made = { actor: 2, addr: SHARED, site: DISABLE, access: ACCESS.write, order: ORDER.plain };
const read: Made = { actor: 4, addr: SHARED, site: UP, access: ACCESS.read, order: ORDER.plain };

it('names the lock that guards the word elsewhere', () => {
  expect(hintOf([{ ...write, locked: true }, read])).toMatch(
    /^nothing orders the two; what could: cpu_add_remove_lock in cpu_up too, as cpu_hotplug_disable has it/,
  );
  const unguarded: Made[] = [{ ...write, locked: true }, { ...read, actor: 1 }, { ...read, actor: 0 }, read];
  expect(hintOf(unguarded)).toMatch(/^nothing orders the two: no lock guards the word, and no other word/);
});

it('names the word that could pass the order on, and what it lacks', () => {
  const flag: Made = { actor: 2, addr: FLAG, site: DISABLE, access: ACCESS.write };
  const look: Made = { actor: 4, addr: FLAG, site: UP, access: ACCESS.read };
  const hint = hintOf([write, flag, look, read]);
  expect(hint).toMatch(/klp_target_state, which \w+ reads after livepatch has written it: a release where/);
  expect(hint).toMatch(/and an acquire where cpu_up reads it/);
  expect(hintOf([write, { ...flag, order: ORDER.release }, look, read])).not.toMatch(/a release where/);
});
