// SPDX-License-Identifier: GPL-2.0-only
/**
 * Small dense numbers for tasks, so that an oracle keeps what it knows of them in typed arrays: pids only grow in a
 * long run, while few tasks live at a time. Open addressing with linear probing; pid 0 is no task.
 */
export class TaskSlots {
  private pids: Int32Array;
  private slots: Int32Array;
  private mask: number;
  private shift: number;
  private readonly freed: number[] = [];
  private next = 0;
  /** Tasks that have a slot. */
  size = 0;
  /** Slots that exist; arrays of the owner are this long. */
  capacity: number;

  /** `grown` is called whenever there are more slots: now, and later with at least twice as many. */
  constructor(
    private readonly grown: (capacity: number) => void,
    /** Small: explorations judge thousands of short runs of few tasks a second. */
    capacity = 16,
  ) {
    this.capacity = capacity;
    const cells = 2 * capacity;
    this.pids = new Int32Array(cells);
    this.slots = new Int32Array(cells);
    this.mask = cells - 1;
    this.shift = 32 - Math.log2(cells);
    grown(capacity);
  }

  /** Slot of a task, or -1. */
  find(pid: number): number {
    const { pids, mask } = this;
    let at = Math.imul(pid, 0x9e3779b1) >>> this.shift;
    for (;;) {
      const found = pids[at] as number;
      if (found === pid) return this.slots[at] as number;
      if (found === 0) return -1;
      at = (at + 1) & mask;
    }
  }

  /** A slot for a task that has none. What the last owner left in it is still there. */
  add(pid: number): number {
    let slot = this.freed.pop();
    if (slot === undefined) {
      if (this.next === this.capacity) this.grow();
      slot = this.next++;
    }
    this.insert(pid, slot);
    this.size++;
    return slot;
  }

  /** Forgets a task; its slot may be given to another. */
  remove(pid: number): void {
    const { pids, slots, mask } = this;
    let at = Math.imul(pid, 0x9e3779b1) >>> this.shift;
    while (pids[at] !== pid) {
      if (pids[at] === 0) return;
      at = (at + 1) & mask;
    }
    this.freed.push(slots[at] as number);
    this.size--;
    /* Close the gap: entries behind it move up unless that would put them before their place. */
    let gap = at;
    for (let i = (at + 1) & mask; pids[i] !== 0; i = (i + 1) & mask) {
      const home = Math.imul(pids[i] as number, 0x9e3779b1) >>> this.shift;
      if (((i - home) & mask) < ((i - gap) & mask)) continue;
      pids[gap] = pids[i] as number;
      slots[gap] = slots[i] as number;
      gap = i;
    }
    pids[gap] = 0;
  }

  /** Not for hot paths. */
  forEach(visit: (pid: number, slot: number) => void): void {
    for (let i = 0; i <= this.mask; i++) {
      const pid = this.pids[i] as number;
      if (pid !== 0) visit(pid, this.slots[i] as number);
    }
  }

  private insert(pid: number, slot: number): void {
    let at = Math.imul(pid, 0x9e3779b1) >>> this.shift;
    while (this.pids[at] !== 0) at = (at + 1) & this.mask;
    this.pids[at] = pid;
    this.slots[at] = slot;
  }

  private grow(): void {
    const { pids, slots } = this;
    this.capacity *= 2;
    const cells = 2 * this.capacity;
    this.pids = new Int32Array(cells);
    this.slots = new Int32Array(cells);
    this.mask = cells - 1;
    this.shift--;
    for (let i = 0; i < pids.length; i++)
      if (pids[i] !== 0) this.insert(pids[i] as number, slots[i] as number);
    this.grown(this.capacity);
  }
}

type Column = Int8Array | Int32Array | Float64Array;

/** The column with room for `length` entries; new ones are 0. */
export function widened<T extends Column>(column: T, length: number): T {
  const wide = new (column.constructor as new (n: number) => T)(length);
  wide.set(column as never);
  return wide;
}
