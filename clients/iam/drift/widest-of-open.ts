import { statementsIn } from '../inputs/type-of-document.ts';

/** A text of which a deployment decides a part. */
const OPEN = /\$\{template:[^}]*\}/g;

/** Operators, and those that take a wildcard in their place. */
const WITH_WILDCARDS: Readonly<Record<string, string>> = {
  StringEquals: 'StringLike',
  StringLike: 'StringLike',
  ArnEquals: 'ArnLike',
  ArnLike: 'ArnLike',
};

/** A document as wide as any deployment of it could be. */
export type Widest = {
  readonly document: unknown;
  /** Whether a deployment decides something of it at all. */
  readonly isOpen: boolean;
};

/**
 * Puts `*` where a deployment decides. Undefined where that would not make it wider for certain: in a Deny, in what is
 * left out by `Not…`, under an operator that compares otherwise.
 */
export function widestOf(document: unknown): Widest | undefined {
  if (!isOpenIn(document)) return { document, isOpen: false };
  const statements = statementsIn(document);
  const widened = statements?.map(widestStatement);
  if (!widened || widened.includes(undefined)) return undefined;
  return { document: { ...(document as object), Statement: widened }, isOpen: true };
}

const isOpenIn = (value: unknown): boolean => JSON.stringify(value ?? null).includes('${template:');

function widestStatement(statement: object): object | undefined {
  if (!isOpenIn(statement)) return statement;
  const { Effect, NotAction, NotResource, NotPrincipal, Principal, Condition, ...rest } = statement as Record<
    string,
    unknown
  >;
  const left = [NotAction, NotResource, NotPrincipal, Principal].some(isOpenIn);
  if (Effect !== 'Allow' || left) return undefined;
  const condition = Condition === undefined ? undefined : widestCondition(Condition as object);
  if (Condition !== undefined && !condition) return undefined;
  return {
    ...{ Effect, NotAction, NotResource, NotPrincipal, Principal },
    ...(filled(rest) as object),
    ...(condition && { Condition: condition }),
  };
}

function widestCondition(condition: object): object | undefined {
  const widened: Record<string, object> = {};
  for (const [operator, keys] of Object.entries(condition)) {
    const [, quantifier = '', name = '', ifExists = ''] =
      /^((?:ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
    const isOpen = isOpenIn(keys);
    const other = isOpen ? WITH_WILDCARDS[name] : name;
    if (other === undefined) return undefined;
    const written = `${quantifier}${other}${ifExists}`;
    widened[written] = { ...widened[written], ...(filled(keys) as object) };
  }
  return widened;
}

const filled = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll(OPEN, '*'));
