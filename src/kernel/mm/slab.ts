// SPDX-License-Identifier: GPL-2.0-only
/**
 * Slabs of fixed-size objects. A freed object is filled with POISON_FREE and waits at the end of the queue, so that
 * a use after free reads poison for as long as possible. The queue of free objects stands apart from the objects.
 */
import { load, memset, store } from '../../mem/heap.js';
import { embedded, NULL, nth, type Ptr } from '../../mem/layout.js';
import { POISON_FREE } from '../abi/constants.js';
import { _THIS_IP_, LOCK_CLASS } from '../abi/lock_classes.js';
import { kmem_cache } from '../abi/structs.js';
import type { Kernel } from '../kernel.js';
import { raw_spin_lock, raw_spin_lock_init, raw_spin_unlock } from '../locking/spinlock.js';

export type KmemCache = Ptr<'kmem_cache'>;

/** `base`: nr_objects objects; `ring`: nr_objects words for the queue of the free ones. */
export function kmem_cache_init(
  k: Kernel,
  c: KmemCache,
  base: number,
  ring: number,
  object_words: number,
  nr_objects: number,
): void {
  raw_spin_lock_init(k, embedded(c, kmem_cache.lock), LOCK_CLASS['slab->lock']);
  store(k, c, kmem_cache.object_words, object_words);
  store(k, c, kmem_cache.nr_objects, nr_objects);
  store(k, c, kmem_cache.base, base);
  store(k, c, kmem_cache.ring, ring);
  for (let i = 0; i < nr_objects; i++) store(k, ring as Ptr<'free_ring'>, nth(i), base + i * object_words);
  store(k, c, kmem_cache.head, 0);
  store(k, c, kmem_cache.tail, nr_objects);
}

/** An object of zeros, or NULL when none is left. slab->lock guards the queue. */
export function kmem_cache_alloc<S extends string>(k: Kernel, c: KmemCache): Ptr<S> {
  const lock = embedded(c, kmem_cache.lock);
  raw_spin_lock(k, lock, _THIS_IP_.kmem_cache_alloc);
  const head = load(k, c, kmem_cache.head);
  if (head === load(k, c, kmem_cache.tail)) {
    raw_spin_unlock(k, lock);
    return NULL;
  }
  const ring = load(k, c, kmem_cache.ring) as Ptr<'free_ring'>;
  const object = load(k, ring, nth(head % load(k, c, kmem_cache.nr_objects))) as Ptr<S>;
  store(k, c, kmem_cache.head, head + 1);
  store(k, c, kmem_cache.nr_active, load(k, c, kmem_cache.nr_active) + 1);
  raw_spin_unlock(k, lock);
  memset(k, object, 0, load(k, c, kmem_cache.object_words));
  return object;
}

/** Frees at once: whoever may still look must have been waited for (a grace period) by the caller. */
export function kmem_cache_free<S extends string>(k: Kernel, c: KmemCache, object: Ptr<S>): void {
  const lock = embedded(c, kmem_cache.lock);
  memset(k, object, POISON_FREE, load(k, c, kmem_cache.object_words));
  raw_spin_lock(k, lock, _THIS_IP_.kmem_cache_free);
  const tail = load(k, c, kmem_cache.tail);
  const ring = load(k, c, kmem_cache.ring) as Ptr<'free_ring'>;
  store(k, ring, nth(tail % load(k, c, kmem_cache.nr_objects)), object);
  store(k, c, kmem_cache.tail, tail + 1);
  store(k, c, kmem_cache.nr_active, load(k, c, kmem_cache.nr_active) - 1);
  raw_spin_unlock(k, lock);
}
