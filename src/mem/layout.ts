// SPDX-License-Identifier: GPL-2.0-only
/**
 * Struct layouts: shared data is never a JS object but a run of 32-bit words in the machine's heap.
 * A pointer is a word offset into it, so it means the same in every worker; 0 is NULL.
 */

declare const STRUCT: unique symbol;
declare const FIELD: unique symbol;

/** Pointer to a struct `S`: a word offset into the heap. */
export type Ptr<S extends string = string> = number & { readonly [STRUCT]: S };
/** Offset in words of a field of struct `S` that holds a `V`. */
export type Field<S extends string = string, V = number> = number & { readonly [FIELD]: [S, V] };

export const NULL = 0 as Ptr<never>;

/** What a field occupies; `V` is what a load of it gives. */
export interface FieldSpec<V> {
  readonly words: number;
  readonly align: number;
  readonly type: string;
  readonly __value?: V;
}

export const i32: FieldSpec<number> = { words: 1, align: 1, type: 'i32' };

export function ptr<S extends string>(to: S): FieldSpec<Ptr<S>> {
  return { words: 1, align: 1, type: `${to} *` };
}

export interface StructLayout<N extends string> {
  readonly $name: N;
  /** Size in words, rounded up to the struct's alignment. */
  readonly $words: number;
  readonly $align: number;
  readonly $fields: readonly {
    readonly name: string;
    readonly offset: number;
    readonly spec: FieldSpec<unknown>;
  }[];
}

type Fields<N extends string, F> = {
  readonly [K in keyof F]: F[K] extends FieldSpec<infer V> ? Field<N, V> : never;
};

/** A struct embedded in another: its address is taken with `embedded`. */
export function embed<N extends string>(layout: StructLayout<N>): FieldSpec<Ptr<N>> {
  return { words: layout.$words, align: layout.$align, type: `struct ${layout.$name}` };
}

/** `count` words in a row, addressed with `element`. */
export function array(count: number): FieldSpec<number> {
  return { words: count, align: 1, type: `i32[${count}]` };
}

/** `count` structs in a row, addressed with `element_of`. */
export function array_of<N extends string>(layout: StructLayout<N>, count: number): FieldSpec<Ptr<N>> {
  return { words: layout.$words * count, align: layout.$align, type: `struct ${layout.$name}[${count}]` };
}

/** Words in a cache line (64 bytes): what is written by one CPU must not share one with another's. */
export const CACHE_LINE_WORDS = 16;

/** Words from NULL on in which a machine has nothing: the first page, that an access through NULL falls into. */
export const UNMAPPED_WORDS = 256;

/** Starts the field on its own cache line (____cacheline_aligned). */
export function cacheline<V>(spec: FieldSpec<V>): FieldSpec<V> {
  return { ...spec, align: CACHE_LINE_WORDS };
}

/** Lays out `fields` in order. `align` (words) pads the whole struct, e.g. to a cache line. */
export function struct<N extends string, F extends Record<string, FieldSpec<unknown>>>(
  name: N,
  fields: F,
  align = 1,
): StructLayout<N> & Fields<N, F> {
  const offsets: Record<string, number> = {};
  const list: { name: string; offset: number; spec: FieldSpec<unknown> }[] = [];
  let at = 0;
  let most = align;
  for (const [field, spec] of Object.entries(fields)) {
    at = round_up(at, spec.align);
    most = Math.max(most, spec.align);
    offsets[field] = at;
    list.push({ name: field, offset: at, spec });
    at += spec.words;
  }
  const layout = { $name: name, $words: round_up(at, most), $align: most, $fields: list };
  return Object.freeze({ ...layout, ...offsets }) as unknown as StructLayout<N> & Fields<N, F>;
}

export function round_up(n: number, to: number): number {
  return Math.ceil(n / to) * to;
}

/** Address of an embedded struct (&p->f). */
export function embedded<S extends string, N extends string>(p: Ptr<S>, f: Field<S, Ptr<N>>): Ptr<N> {
  return (p + f) as Ptr<N>;
}

/** The struct that embeds `member` at field `f` (container_of). */
export function container_of<S extends string, N extends string>(
  member: Ptr<N>,
  f: Field<S, Ptr<N>>,
): Ptr<S> {
  return (member - f) as Ptr<S>;
}

/** Field of the i-th word of an `array`. */
export function element<S extends string>(f: Field<S, number>, i: number): Field<S, number> {
  return (f + i) as Field<S, number>;
}

/** The i-th word of memory that has no layout of its own: a stack, text, a queue of pointers. */
export function nth<S extends string>(i: number): Field<S> {
  return i as Field<S>;
}

/** The i-th struct of an `array_of`. */
export function element_of<S extends string, N extends string>(
  p: Ptr<S>,
  f: Field<S, Ptr<N>>,
  layout: StructLayout<N>,
  i: number,
): Ptr<N> {
  return (p + f + i * layout.$words) as Ptr<N>;
}

/** Name of the field that covers word `offset`, for reports: `task_struct.pi_lock+1`. */
export function field_name(layout: StructLayout<string>, offset: number): string {
  let best = layout.$fields[0];
  for (const f of layout.$fields) if (f.offset <= offset) best = f;
  if (best === undefined) return `${layout.$name}+${offset}`;
  const rest = offset - best.offset;
  return `${layout.$name}.${best.name}${rest > 0 ? `+${rest}` : ''}`;
}
