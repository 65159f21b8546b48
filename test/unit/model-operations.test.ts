// SPDX-License-Identifier: GPL-2.0-only
/** A scheduler that needs operations is told of each one that was made, as it came out. */
import { expect, it } from 'vitest';
import { DporScheduler } from '#src/schedule/dpor.js';
import { ACCESS, type Operation } from '#src/schedule/scheduler.js';
import { machineOf } from '../support/model/campaign.js';

/** Keeps what it is told of one execution. */
class Listening extends DporScheduler {
  told: { actor: number; access: number; pending: number }[] = [];
  private asked: number = ACCESS.none;

  override next(view: Parameters<DporScheduler['next']>[0]): number {
    const actor = super.next(view);
    if (actor >= 0) this.asked = view.pending(actor).access;
    return actor;
  }

  override executed(actor: number, op: Operation): void {
    this.told.push({ actor, access: op.access, pending: this.asked });
    super.executed(actor, op);
  }
}

it('starts, failed exchanges and operations without a word included', () => {
  const machine = machineOf('semaphore');
  const scheduler = new Listening();
  const kinds = new Set<string>();
  while (scheduler.begin(machine.actors)) {
    scheduler.told = [];
    const { steps } = machine.execute(scheduler);
    scheduler.end({ steps, complete: true });
    expect(scheduler.told).toHaveLength(steps);
    for (let actor = 0; actor < machine.actors; actor++) {
      expect(scheduler.told.find((op) => op.actor === actor)?.access).toBe(ACCESS.none);
    }
    for (const op of scheduler.told) kinds.add(`${op.pending}>${op.access}`);
  }
  const { none, read, update } = ACCESS;
  expect([...kinds].sort()).toEqual(
    [`${none}>${none}`, `${read}>${read}`, `${update}>${read}`, `${update}>${update}`].sort(),
  );
});
