// SPDX-License-Identifier: GPL-2.0-only
/**
 * Reads a memory model in herd's cat language, as far as linux-kernel.cat and linux-kernel.bell need it: definitions,
 * recursive ones too, checks and flags. `include`, `enum` and `instructions` are left out.
 */

export type CatExpression =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'apply'; readonly name: string; readonly argument: CatExpression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: CatExpression;
      readonly right: CatExpression;
    }
  | { readonly kind: 'postfix' | 'prefix'; readonly operator: string; readonly inner: CatExpression }
  /** `[s]` */
  | { readonly kind: 'identity'; readonly inner: CatExpression }
  | { readonly kind: 'let'; readonly bindings: Bindings; readonly inner: CatExpression };

export interface Bindings {
  readonly recursive: boolean;
  readonly list: readonly {
    readonly name: string;
    readonly parameter: string | null;
    readonly value: CatExpression;
  }[];
}

export type CatStatement =
  | { readonly kind: 'let'; readonly bindings: Bindings }
  | {
      readonly kind: 'check';
      readonly test: 'acyclic' | 'irreflexive' | 'empty';
      readonly negated: boolean;
      readonly flag: boolean;
      readonly name: string;
      readonly value: CatExpression;
    };

function withoutComments(text: string): string {
  let depth = 0;
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const two = text.slice(i, i + 2);
    if (two === '(*' || (two === '*)' && depth > 0)) {
      depth += two === '(*' ? 1 : -1;
      i++;
    } else if (depth === 0 && two === '//') i = text.indexOf('\n', i) - 1;
    else if (depth === 0) out += text[i];
  }
  return out;
}

const token = /\s*(?:("[^"]*")|([A-Za-z_][\w.-]*|[0-9]+)|(\^-1|\|\||.))/gy;
/** Weakest first. */
const binaries = ['|', ';', '\\', '&', '*'];
const words = new Set(['let', 'rec', 'and', 'in', 'as', 'flag', 'acyclic', 'irreflexive', 'empty', 'include', 'enum', 'instructions', 'show']); // biome-ignore format: a row

export function parseCat(text: string): CatStatement[] {
  const tokens = [...withoutComments(text).trim().matchAll(token)].map(
    (m) => m[1] ?? m[2] ?? (m[3] as string),
  );
  let at = 0;
  const peek = (): string => tokens[at] ?? '';
  const accept = (t: string): boolean => peek() === t && at++ >= 0;
  const expect = (t: string): void => {
    if (!accept(t)) throw new Error(`cat: expected "${t}", found "${tokens.slice(at, at + 8).join(' ')}"`);
  };
  const isName = (t: string): boolean => /^[A-Za-z_0]/.test(t) && !words.has(t);
  const startsOperand = (t: string): boolean => isName(t) || t === '(' || t === '[' || t === '~';

  const operand = (): CatExpression => {
    if (accept('~')) return { kind: 'prefix', operator: '~', inner: postfixed() };
    if (accept('(')) {
      const inner = expression();
      expect(')');
      return inner;
    }
    if (accept('[')) {
      const inner = expression();
      expect(']');
      return { kind: 'identity', inner };
    }
    if (peek() === 'let') {
      const bindings = definitions();
      expect('in');
      return { kind: 'let', bindings, inner: expression() };
    }
    const name = tokens[at++] as string;
    if (!isName(name)) throw new Error(`cat: expected an expression, found "${name}"`);
    if (!accept('(')) return { kind: 'name', name };
    const argument = expression();
    expect(')');
    return { kind: 'apply', name, argument };
  };
  const postfixed = (): CatExpression => {
    let inner = operand();
    for (;;) {
      const operator = peek();
      const isStar = operator === '*' && !startsOperand(tokens[at + 1] ?? '');
      if (!isStar && !['?', '+', '^-1'].includes(operator)) return inner;
      at++;
      inner = { kind: 'postfix', operator, inner };
    }
  };
  const expression = (level = 0): CatExpression => {
    const operator = binaries[level];
    if (operator === undefined) return postfixed();
    let left = expression(level + 1);
    while (accept(operator)) left = { kind: 'binary', operator, left, right: expression(level + 1) };
    return left;
  };
  const definitions = (): Bindings => {
    expect('let');
    const recursive = accept('rec');
    const list: { name: string; parameter: string | null; value: CatExpression }[] = [];
    do {
      const name = tokens[at++] as string;
      let parameter: string | null = null;
      if (accept('(')) {
        parameter = tokens[at++] as string;
        expect(')');
      }
      expect('=');
      list.push({ name, parameter, value: expression() });
    } while (accept('and'));
    return { recursive, list };
  };

  const statements: CatStatement[] = [];
  while (at < tokens.length) {
    if (peek() === 'let') {
      statements.push({ kind: 'let', bindings: definitions() });
      continue;
    }
    const flag = accept('flag');
    const negated = accept('~');
    const test = peek();
    if (test === 'acyclic' || test === 'irreflexive' || test === 'empty') {
      at++;
      const value = expression();
      expect('as');
      statements.push({ kind: 'check', test, negated, flag, name: tokens[at++] as string, value });
    } else {
      /* A title, an include or a declaration: up to the next statement. */
      do at++;
      while (
        at < tokens.length &&
        !['let', 'flag', 'acyclic', 'irreflexive', 'empty', 'include', 'enum'].includes(peek())
      );
    }
  }
  return statements;
}
