// SPDX-License-Identifier: GPL-2.0-only
/**
 * Judges candidate executions by the text of linux-kernel.cat itself, so that the axioms of src/litmus/lkmm are not
 * their own witness. lock.cat is not read: the orders of locks are part of a candidate.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Candidate } from '#src/litmus/axiomatic/candidates.js';
import { intersect, isEmpty, minus, type Relation, sameAs, union } from '#src/litmus/axiomatic/relation.js';
import { EVENT } from '#src/litmus/axiomatic/trace.js';
import type { Judgement } from '#src/litmus/lkmm/axioms.js';
import { LITMUS_FENCE as F } from '#src/litmus/program.js';
import { type Bindings, type CatExpression, type CatStatement, parseCat } from './cat_syntax.js';

type Value =
  | { readonly kind: 'set' | 'relation'; readonly bits: Uint32Array }
  | { readonly kind: 'function'; readonly apply: (v: Value) => Value };
type Scope = ReadonlyMap<string, Value>;

const fences: Readonly<Record<string, number>> = {
  Mb: F.mb, Rmb: F.rmb, Wmb: F.wmb, Barrier: F.compiler, 'Before-atomic': F.before_atomic,
  'After-atomic': F.after_atomic, 'After-spinlock': F.after_spinlock, 'After-unlock-lock': F.after_unlock_lock,
  'Rcu-lock': F.rcu_lock, 'Rcu-unlock': F.rcu_unlock, 'Sync-rcu': F.rcu_sync,
}; // biome-ignore format: a table

function bitsOf(v: Value): Uint32Array {
  if (v.kind === 'function') throw new Error('cat: a function is no relation');
  return v.bits;
}

/** What herd and lock.cat give to a model: the events by kind, and the relations of the execution. */
function given(candidate: Candidate): Map<string, Value> {
  const { graph, rf, co, fr, traces } = candidate;
  const { space, sets, events, int, ext } = graph;
  const scope = new Map<string, Value>();
  const set = (name: string, bits: Uint32Array): unknown => scope.set(name, { kind: 'set', bits });
  const relation = (name: string, bits: Uint32Array): unknown => scope.set(name, { kind: 'relation', bits });
  const ofKind = (...kinds: readonly number[]): Uint32Array =>
    space.set(events.flatMap((e, i) => (kinds.includes(e.kind) ? [i] : [])));
  for (const [name, fence] of Object.entries(fences)) set(name, sets.fences(fence));
  set('R', sets.reads);
  set('W', sets.writes);
  set('M', sets.accesses);
  set('IW', sets.initial);
  set('Acquire', sets.acquire);
  set('Release', sets.release);
  set('Noreturn', sets.noReturn);
  set('RMW', sets.modify);
  /* The bell file makes Marked of these; a plain half of an atomic counts through its rmw. */
  set('Once', intersect(sets.marked, ofKind(EVENT.read, EVENT.write)));
  set('LKR', sets.lockReads);
  set('LKW', sets.lockWrites);
  set('UL', sets.unlocks);
  set('LF', ofKind(EVENT.seen_locked));
  set('RL', space.emptySet());
  set('RU', ofKind(EVENT.seen_unlocked));
  set('Srcu-lock', sets.srcuLock);
  set('Srcu-unlock', sets.srcuUnlock);
  set('Sync-srcu', sets.srcuSync);
  const { po, loc, poLoc, addr, data, ctrl, rmw } = graph;
  for (const [name, r] of Object.entries({
    po,
    loc,
    'po-loc': poLoc,
    addr,
    data,
    ctrl,
    rmw,
    rf,
    co,
    fr,
    int,
    ext,
  }))
    relation(name, r);
  for (const [name, r] of Object.entries({ rf, co, fr })) {
    relation(`${name}e`, intersect(r, ext));
    relation(`${name}i`, intersect(r, int));
  }
  relation('id', space.identity(space.complement(space.emptySet())));
  const derived = (name: string, make: (v: Uint32Array) => Value): unknown =>
    scope.set(name, { kind: 'function', apply: (v) => make(bitsOf(v)) });
  derived('domain', (r) => ({ kind: 'set', bits: space.domain(r) }));
  derived('range', (r) => ({ kind: 'set', bits: space.range(r) }));
  derived('fencerel', (s) => ({ kind: 'relation', bits: space.then(space.to(po, s), po) }));
  const numberOf = (e: number): number | undefined =>
    traces[events[e]?.thread as number]?.events[events[e]?.index as number]?.value;
  derived('different-values', (r) => {
    const bits = space.none();
    events.forEach((_a, a) => {
      events.forEach((_b, b) => {
        if (space.has(r, a, b) && numberOf(a) !== numberOf(b)) space.add(bits, a, b);
      });
    });
    return { kind: 'relation', bits };
  });
  return scope;
}

/** Whether it is a set of events or a relation, told before it can be computed: null if only by itself. */
function kindOf(e: CatExpression, scope: Scope, pending: ReadonlyMap<string, CatExpression>): string | null {
  switch (e.kind) {
    case 'name': {
      const definition = pending.get(e.name);
      if (definition === undefined) return scope.get(e.name)?.kind ?? null;
      return kindOf(definition, new Map([...scope].filter(([n]) => n !== e.name)), without(pending, e.name));
    }
    case 'apply':
      return e.name === 'domain' || e.name === 'range' ? 'set' : 'relation';
    case 'binary':
      if (e.operator === ';' || e.operator === '*') return 'relation';
      return kindOf(e.left, scope, pending) ?? kindOf(e.right, scope, pending);
    case 'prefix':
    case 'let':
      return kindOf(e.inner, scope, pending);
    default:
      return 'relation';
  }
}

function without<K, V>(map: ReadonlyMap<K, V>, key: K): Map<K, V> {
  return new Map([...map].filter(([k]) => k !== key));
}

export class CatModel {
  constructor(private readonly statements: readonly CatStatement[]) {}

  judge(candidate: Candidate): Judgement {
    const { space } = candidate.graph;
    const everything = space.complement(space.emptySet());
    const relation = (bits: Relation): Value => ({ kind: 'relation', bits });

    const evaluate = (e: CatExpression, scope: Scope): Value => {
      switch (e.kind) {
        case 'name': {
          const known = scope.get(e.name);
          if (known === undefined) throw new Error(`cat: ${e.name} is not known`);
          return known;
        }
        case 'apply': {
          const f = scope.get(e.name);
          if (f?.kind !== 'function') throw new Error(`cat: ${e.name} is no function`);
          return f.apply(evaluate(e.argument, scope));
        }
        case 'identity':
          return relation(space.identity(bitsOf(evaluate(e.inner, scope))));
        case 'let':
          return evaluate(e.inner, bind(e.bindings, scope));
        case 'prefix': {
          const inner = evaluate(e.inner, scope);
          if (inner.kind === 'set') return { kind: 'set', bits: space.complement(inner.bits) };
          return relation(minus(space.cross(everything, everything), bitsOf(inner)));
        }
        case 'postfix': {
          const r = bitsOf(evaluate(e.inner, scope));
          if (e.operator === '?') return relation(space.maybe(r));
          if (e.operator === '+') return relation(space.plus(r));
          return relation(e.operator === '*' ? space.star(r) : space.inverse(r));
        }
        case 'binary': {
          const left = evaluate(e.left, scope);
          const [a, b] = [bitsOf(left), bitsOf(evaluate(e.right, scope))];
          if (e.operator === ';') return relation(space.then(a, b));
          if (e.operator === '*') return relation(space.cross(a, b));
          const operation = { '|': union, '&': intersect, '\\': minus }[e.operator as '|' | '&' | '\\'];
          return { kind: left.kind === 'set' ? 'set' : 'relation', bits: operation(a, b) };
        }
      }
    };

    const bind = ({ recursive, list }: Bindings, outer: Scope): Map<string, Value> => {
      const scope = new Map(outer);
      if (!recursive) {
        for (const { name, parameter, value } of list) {
          if (parameter === null) scope.set(name, evaluate(value, outer));
          else
            scope.set(name, {
              kind: 'function',
              apply: (v) => evaluate(value, new Map(outer).set(parameter, v)),
            });
        }
        return scope;
      }
      /* From nothing, one after the other as herd does it, until nothing changes. */
      for (const { name, value } of list) {
        const isSet = kindOf(value, outer, new Map(list.map((d) => [d.name, d.value]))) === 'set';
        scope.set(name, isSet ? { kind: 'set', bits: space.emptySet() } : relation(space.none()));
      }
      for (let stable = false; !stable; ) {
        stable = true;
        for (const { name, value } of list) {
          const next = evaluate(value, scope);
          stable = stable && sameAs(bitsOf(next), bitsOf(scope.get(name) as Value));
          scope.set(name, next);
        }
      }
      return scope;
    };

    let scope = given(candidate);
    const flags = new Set<string>();
    for (const s of this.statements) {
      if (s.kind === 'let') {
        scope = bind(s.bindings, scope);
        continue;
      }
      const value = bitsOf(evaluate(s.value, scope));
      const plain =
        s.test === 'acyclic'
          ? space.isAcyclic(value)
          : s.test === 'empty'
            ? isEmpty(value)
            : space.isIrreflexive(value);
      if (plain === s.negated) {
        if (!s.flag) return { allowed: false, flags: [] };
      } else if (s.flag) flags.add(s.name);
    }
    return { allowed: true, flags: [...flags] };
  }
}

/** The model of a kernel's tools/memory-model; `edit` changes its text first. */
export function readCatModel(folder: string, edit: (text: string) => string = (text) => text): CatModel {
  const read = (name: string) => parseCat(edit(readFileSync(join(folder, name), 'utf8')));
  return new CatModel([...read('linux-kernel.bell'), ...read('linux-kernel.cat')]);
}

/** `unmatched-unlock` is a flag of lock.cat. */
export function saysTheSame(ours: Judgement, theirs: Judgement): boolean {
  const flags = (j: Judgement) =>
    j.flags
      .filter((f) => f !== 'unmatched-unlock')
      .sort()
      .join();
  return ours.allowed === theirs.allowed && flags(ours) === flags(theirs);
}
