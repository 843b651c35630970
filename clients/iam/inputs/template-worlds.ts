import type { TemplateValue, World } from './template-value.ts';

export type Conditions = Readonly<Record<string, TemplateValue>>;

/** Of more of what is open, not every combination is looked at. */
const MOST_OPEN = 6;

type Expression =
  | { readonly kind: 'constant'; readonly value: boolean }
  /** Open until a deployment. Of a parameter that has one of several values, one holds at most. */
  | { readonly kind: 'open'; readonly key: string; readonly parameter?: string }
  | { readonly kind: 'not' | 'and' | 'or'; readonly inside: readonly Expression[] };

const functionIn = (value: TemplateValue | undefined): readonly [name: string, argument: TemplateValue] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['', null];
  const [[name = '', argument = null] = []] = Object.entries(value);
  return [name, argument];
};

function equals(sides: readonly TemplateValue[]): Expression {
  const isText = (side: TemplateValue | undefined) => typeof side !== 'object';
  const [open, fixed] = isText(sides[0]) ? [sides[1], sides[0]] : sides;
  if (isText(open)) return { kind: 'constant', value: String(open) === String(fixed) };
  const parameter = JSON.stringify(open);
  const key = `${parameter} ${JSON.stringify(fixed)}`;
  return isText(fixed) ? { kind: 'open', key, parameter } : { kind: 'open', key };
}

/** A condition by its name. One that the template has not, or that names itself, is open. */
function expressionOf(name: string, conditions: Conditions, within: readonly string[]): Expression {
  if (!Object.hasOwn(conditions, name) || within.includes(name)) return { kind: 'open', key: name };
  const read = (value: TemplateValue | undefined): Expression => {
    const [called, argument] = functionIn(value);
    const list = [argument].flat() as TemplateValue[];
    switch (called) {
      case 'Condition':
        return expressionOf(String(argument), conditions, [...within, name]);
      case 'Fn::Equals':
        return equals(list);
      case 'Fn::Not':
        return { kind: 'not', inside: list.slice(0, 1).map(read) };
      case 'Fn::And':
        return { kind: 'and', inside: list.map(read) };
      case 'Fn::Or':
        return { kind: 'or', inside: list.map(read) };
      default:
        return { kind: 'open', key: JSON.stringify(value ?? null) };
    }
  };
  return read(conditions[name]);
}

type Open = Extract<Expression, { kind: 'open' }>;
const openIn = (expression: Expression): readonly Open[] => {
  if (expression.kind === 'open') return [expression];
  return expression.kind === 'constant' ? [] : expression.inside.flatMap(openIn);
};

function holds(expression: Expression, held: ReadonlySet<string>): boolean {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'open':
      return held.has(expression.key);
    case 'not':
      return !expression.inside.some((inside) => holds(inside, held));
    case 'and':
      return expression.inside.every((inside) => holds(inside, held));
    default:
      return expression.inside.some((inside) => holds(inside, held));
  }
}

/** Every set of what may hold; of many, none, all, each alone, and all but each. */
function setsOf(open: readonly Open[]): Open[][] {
  if (open.length > MOST_OPEN)
    return [
      [],
      [...open],
      ...open.map((only) => [only]),
      ...open.map((left) => open.filter((other) => other !== left)),
    ];
  return open.reduce<Open[][]>((sets, next) => sets.flatMap((set) => [set, [...set, next]]), [[]]);
}

/** A parameter has one value. */
const canHold = (set: readonly Open[]): boolean => {
  const parameters = set.flatMap(({ parameter }) => parameter ?? []);
  return new Set(parameters).size === parameters.length;
};

/** The deployments that conditions tell apart; `isWhole` is false where there are too many to look at all. */
export function worldsOf(
  names: Iterable<string>,
  conditions: Conditions,
): { readonly worlds: readonly World[]; readonly isWhole: boolean } {
  const expressions = [...new Set(names)]
    .sort()
    .map((name) => [name, expressionOf(name, conditions, [])] as const);
  const open = new Map(
    expressions.flatMap(([, expression]) => openIn(expression)).map((entry) => [entry.key, entry]),
  );
  const worlds = new Map<string, World>();
  for (const set of setsOf([...open.values()]).filter(canHold)) {
    const held = new Set(set.map(({ key }) => key));
    const world = new Map(expressions.map(([name, expression]) => [name, holds(expression, held)]));
    worlds.set(nameOfWorld(world), world);
  }
  return { worlds: [...worlds.values()], isWhole: open.size <= MOST_OPEN };
}

export const nameOfWorld = (world: World): string =>
  [...world].map(([name, value]) => `${name} is ${value}`).join(' and ');

/** The conditions that a value goes by. */
export function conditionsIn(value: TemplateValue | undefined): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(conditionsIn);
  const [name, argument] = functionIn(value);
  return name === 'Fn::If' && Array.isArray(argument) ? [String(argument[0]), ...inside] : inside;
}
