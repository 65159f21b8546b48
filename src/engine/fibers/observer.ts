// SPDX-License-Identifier: GPL-2.0-only
/** What looks at each access of an execution: recorder, race detector, coverage. */

export interface AccessObserver {
  /**
   * An access that was made. `access` is ACCESS (read, write, update), `order` ORDER; `read` and `written` are the
   * values, equal where only one applies.
   */
  access(
    actor: number,
    access: number,
    order: number,
    addr: number,
    read: number,
    written: number,
    site: number,
  ): void;
  /** A load that may race on purpose, which is not told of as an access; under a memory model only. */
  racy?(actor: number, addr: number, site: number): void;
  fence(actor: number, kind: number, barrier: number): void;
  /** Sleeps on the word, or was woken there: 0 sleeps, 1 goes on, 2 wakes others. */
  futex(actor: number, what: 0 | 1 | 2, addr: number, site: number): void;
}
