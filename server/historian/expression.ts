/** A formula of tags that cannot be understood: where, and why (whoever wrote it must act). */
export class ExpressionError extends Error {
  /** Place of the fault, characters from the beginning. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(`${message} at character ${at + 1}`);
    this.name = 'ExpressionError';
    this.at = at;
  }
}

const FUNCTIONS = {
  min: { least: 1, of: (values: readonly number[]) => Math.min(...values) },
  max: { least: 1, of: (values: readonly number[]) => Math.max(...values) },
  abs: { least: 1, most: 1, of: ([value = Number.NaN]: readonly number[]) => Math.abs(value) },
} as const;
type FunctionName = keyof typeof FUNCTIONS;

/** A comparison is 1 where it holds and 0 where not. */
const OPERATORS = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '<': (a: number, b: number) => Number(a < b),
  '<=': (a: number, b: number) => Number(a <= b),
  '>': (a: number, b: number) => Number(a > b),
  '>=': (a: number, b: number) => Number(a >= b),
  '=': (a: number, b: number) => Number(a === b),
  '!=': (a: number, b: number) => Number(a !== b),
} as const;
type Operator = keyof typeof OPERATORS;

/** From weakest to strongest; those of a level are taken from left to right. */
const LEVELS: readonly (readonly Operator[])[] = [
  ['<', '<=', '>', '>=', '=', '!='],
  ['+', '-'],
  ['*', '/'],
];

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'tag'; readonly name: string }
  | {
      readonly kind: 'operator';
      readonly operator: Operator;
      readonly of: [Expression, Expression];
    }
  | { readonly kind: 'function'; readonly name: FunctionName; readonly of: readonly Expression[] };

interface Token {
  readonly kind: 'number' | 'name' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

const NUMBER = /(\d+(?:\.\d+)?(?:e[+-]?\d+)?)/u;
const NAME = /([\p{L}_][\p{L}\d_.-]*[\p{L}\d_]|[\p{L}_])/u;
const SIGN = /(<=|>=|!=|[-+*/<>=(),])/u;
const QUOTED = /"([^"]+)"/u;
const TOKEN = new RegExp(
  `\\s*(?:${[NUMBER, NAME, SIGN, QUOTED].map(({ source }) => source).join('|')})`,
  'uy',
);
const DEPTH_MAX = 50;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const length = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) throw new ExpressionError('not understood', at);
    const [, number, name, sign, quoted] = found;
    if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at });
    else tokens.push({ kind: 'name', text: name ?? quoted ?? '', at });
  }
  return [...tokens, { kind: 'end', text: 'the end', at: length }];
}

/** Recursive descent over the tokens of one expression. */
class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  whole(): Expression {
    const expression = this.#level(0);
    const { kind, text, at } = this.#token;
    if (kind !== 'end') throw new ExpressionError(`an operator is missing before ${text}`, at);
    return expression;
  }

  get #token(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: 'the end', at: 0 };
  }

  #take(): Token {
    const token = this.#token;
    if (token.kind !== 'end') this.#next += 1;
    return token;
  }

  #isSign(text: string): boolean {
    return this.#token.kind === 'sign' && this.#token.text === text;
  }

  #expect(sign: string): void {
    const { at, text } = this.#token;
    if (!this.#isSign(sign)) throw new ExpressionError(`${sign} is missing before ${text}`, at);
    this.#take();
  }

  #level(level: number): Expression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#signed();
    let left = this.#level(level + 1);
    for (;;) {
      const operator = operators.find((one) => this.#isSign(one));
      if (operator === undefined) return left;
      this.#take();
      left = { kind: 'operator', operator, of: [left, this.#level(level + 1)] };
    }
  }

  #signed(): Expression {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw new ExpressionError('nested too deep', this.#token.at);
    const expression = this.#isSign('-') ? this.#minus() : this.#atom();
    this.#depth -= 1;
    return expression;
  }

  #minus(): Expression {
    this.#take();
    return { kind: 'operator', operator: '-', of: [{ kind: 'number', value: 0 }, this.#signed()] };
  }

  #atom(): Expression {
    const { kind, text, at } = this.#take();
    if (kind === 'number') return { kind, value: Number(text) };
    if (kind === 'name')
      return this.#isSign('(') ? this.#call(text, at) : { kind: 'tag', name: text };
    if (text !== '(' || kind !== 'sign') {
      throw new ExpressionError(`a value is missing before ${text}`, at);
    }
    const inner = this.#level(0);
    this.#expect(')');
    return inner;
  }

  #call(name: string, at: number): Expression {
    if (!isFunction(name)) throw new ExpressionError(`there is no function ${name}`, at);
    this.#expect('(');
    const of = [this.#level(0)];
    while (this.#isSign(',')) {
      this.#take();
      of.push(this.#level(0));
    }
    this.#expect(')');
    const rule: { least: number; most?: number } = FUNCTIONS[name];
    if (of.length > (rule.most ?? Number.POSITIVE_INFINITY)) {
      throw new ExpressionError(`${name} takes ${rule.most} value`, at);
    }
    return { kind: 'function', name, of };
  }
}

function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}

/**
 * Understands a formula of tags: numbers, tag names (in `"` where they are no plain word), + - * /,
 * comparisons (1 or 0), min, max, abs and parentheses. Nothing of it is ever run as a program.
 * @throws {ExpressionError} (whoever wrote it must act)
 */
export function parseExpression(text: string): Expression {
  return new Parser(text).whole();
}

/** The tags that an expression needs, each once. */
export function tagsOf(expression: Expression): string[] {
  const names = new Set<string>();
  const visit = (one: Expression): void => {
    if (one.kind === 'tag') names.add(one.name);
    else if (one.kind !== 'number') one.of.forEach(visit);
  };
  visit(expression);
  return [...names];
}

/** The value; null where a tag that it needs is not known, or a division has no result. */
export function evaluate(
  expression: Expression,
  tagValue: (tag: string) => number | null,
): number | null {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'tag':
      return tagValue(expression.name);
    case 'operator': {
      const [a, b] = expression.of.map((one) => evaluate(one, tagValue));
      if (a == null || b == null) return null;
      return finite(OPERATORS[expression.operator](a, b));
    }
    case 'function': {
      const values = expression.of.map((one) => evaluate(one, tagValue));
      const known = values.filter((value) => value !== null);
      return known.length < values.length ? null : finite(FUNCTIONS[expression.name].of(known));
    }
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
