// SPDX-License-Identifier: GPL-2.0-only
/** How much an object holds: the elements of all arrays, typed arrays, maps and sets that can be reached from it. */
export function entriesOf(root: object): number {
  const seen = new Set<object>();
  const open: unknown[] = [root];
  let entries = 0;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (typeof at !== 'object' || at === null || seen.has(at)) continue;
    seen.add(at);
    if (ArrayBuffer.isView(at)) {
      entries += at.byteLength / (at as Int32Array).BYTES_PER_ELEMENT;
    } else if (at instanceof Map) {
      entries += at.size;
      push(open, [...at.keys(), ...at.values()]);
    } else if (at instanceof Set) {
      entries += at.size;
      push(open, [...at]);
    } else {
      if (Array.isArray(at)) entries += at.length;
      push(open, Object.values(at));
    }
  }
  return entries;
}

/** Without undefined, which ends the walk. */
function push(open: unknown[], values: readonly unknown[]): void {
  for (const v of values) if (typeof v === 'object' && v !== null) open.push(v);
}
