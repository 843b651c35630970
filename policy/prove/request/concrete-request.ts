import { isVariable, type Letter, partsOfVariable } from '../words/letters.ts';
import type { Point } from '../words/shape.ts';

/** A request as a proof found it: policy variables may still stand in it. */
export type FoundRequest = {
  readonly action: Point;
  readonly resource: Point;
  /** Absent where no policy names a principal. */
  readonly principal?: Point;
  /** Only keys that the request carries. */
  readonly context: ReadonlyMap<string, readonly (readonly Letter[])[]>;
};

/** A request that AWS could be asked about. */
export type ConcreteRequest = {
  readonly action: string;
  readonly resource: string;
  /** `AWS:…`, `Service:…` or `Federated:…`; absent where no policy names a principal. */
  readonly principal?: string;
  /** Keys in lower case. */
  readonly context: ReadonlyMap<string, readonly string[]>;
};

/** What a variable's key is given where nothing asks for more: a value that no policy names. */
function madeUp(key: string): string {
  return /account$/.test(key) ? '210987654321' : `some-${key.replace(/[^a-z0-9]+/g, '-')}`;
}

/** Gives every policy variable a value, which the request then carries. */
export function concreteRequest(found: FoundRequest): ConcreteRequest {
  const given = new Map<string, string>();
  const textFor = (letter: Letter): string => {
    const { key } = partsOfVariable(letter);
    const [only] = found.context.get(key) ?? [];
    const value = only && !only.some(isVariable) ? only.join('') : madeUp(key);
    given.set(key, value);
    return value;
  };
  const textOf = (word: readonly Letter[]): string =>
    word.map((letter) => (isVariable(letter) ? textFor(letter) : letter)).join('');
  const pointText = (point: Point): string => point.map(textOf).join(':');
  const request = {
    action: pointText(found.action),
    resource: pointText(found.resource),
    ...(found.principal && { principal: pointText(found.principal) }),
  };
  const context = new Map([...found.context].map(([key, values]) => [key, values.map(textOf)] as const));
  for (const [key, value] of given) if (!context.has(key)) context.set(key, [value]);
  return { ...request, context };
}
