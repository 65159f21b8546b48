// SPDX-License-Identifier: GPL-2.0-only
/** What looks at each access of an execution that is watched: coverage, the checkers of single accesses, and who asks for it beside them. */
import type { AccessObserver } from '../engine/fibers/observer.js';
import type { DataRaceDetector } from '../oracle/data_race.js';
import type { SlabChecker } from '../oracle/slab.js';
import { ACCESS } from '../schedule/scheduler.js';
import type { Coverage } from './coverage.js';

export class Watch implements AccessObserver {
  constructor(
    private readonly coverage: Coverage,
    /** Null: races are not judged. */
    private readonly races: DataRaceDetector | null,
    /** Null: slabs are not looked at. */
    private readonly slab: SlabChecker | null,
    private readonly also: AccessObserver | null,
  ) {}

  access(
    actor: number,
    access: number,
    order: number,
    addr: number,
    read: number,
    written: number,
    site: number,
  ): void {
    this.coverage.access(actor, access, order, addr, read, written, site);
    const { races, slab, also } = this;
    const isWrite = (access & ACCESS.write) !== 0;
    if (races !== null) races.access(actor, order, (access & ACCESS.read) !== 0, isWrite, addr, site);
    if (slab !== null) slab.access(actor, isWrite, addr, read, written, site);
    if (also !== null) also.access(actor, access, order, addr, read, written, site);
  }

  racy(actor: number, addr: number, site: number): void {
    this.also?.racy?.(actor, addr, site);
  }

  fence(actor: number, kind: number, barrier: number): void {
    this.coverage.fence(actor, kind, barrier);
    this.races?.fence(actor, kind);
  }

  futex(actor: number, what: 0 | 1 | 2, addr: number): void {
    if (what === 1) this.races?.futexWoken(actor, addr);
    else if (what === 2) this.races?.futexWake(actor, addr);
  }
}
