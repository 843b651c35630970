import type { TemplateValue, World } from './template-value.ts';

export type Conditions = Readonly<Record<string, TemplateValue>>;

/** Of more of what is open, not every combination is looked at. */
const MOST_OPEN = 6;

type Expression =
  | { readonly kind: 'constant'; readonly value: boolean }
  /** Open until a deployment. Of a parameter that has one of several values, one holds at most. */
  | { readonly kind: 'open'; readonly key: string; readonly parameter?: string }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'not' | 'and' | 'or'; readonly inside: readonly Expression[] };

const functionIn = (value: TemplateValue | undefined): readonly [name: string, argument: TemplateValue] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['', null];
  const [[name = '', argument = null] = []] = Object.entries(value);
  return [name, argument];
};

function equals(sides: readonly TemplateValue[]): Expression {
  if (sides.length !== 2) return { kind: 'open', key: JSON.stringify(sides) };
  const isText = (side: TemplateValue | undefined) => typeof side !== 'object';
  const [open, fixed] = isText(sides[0]) ? [sides[1], sides[0]] : sides;
  if (isText(open)) return { kind: 'constant', value: String(open) === String(fixed) };
  const parameter = JSON.stringify(open);
  const key = `${parameter} ${JSON.stringify(fixed)}`;
  return isText(fixed) ? { kind: 'open', key, parameter } : { kind: 'open', key };
}

function read(value: TemplateValue | undefined): Expression {
  const [called, argument] = functionIn(value);
  const list = [argument].flat() as TemplateValue[];
  switch (called) {
    case 'Condition':
      return { kind: 'named', name: String(argument) };
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
}

type Table = ReadonlyMap<string, Expression>;

/** These conditions, and those that they name, each read once; one that the template has not is open. */
function tableOf(names: Iterable<string>, conditions: Conditions): Table {
  const table = new Map<string, Expression>();
  const left = [...names];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (table.has(name)) continue;
    const expression: Expression = Object.hasOwn(conditions, name)
      ? read(conditions[name])
      : { kind: 'open', key: name };
    table.set(name, expression);
    left.push(...namedIn(expression));
  }
  // AWS refuses a condition that names itself. Of one that does nothing is known, and so both sides of it are looked at.
  for (const name of table.keys()) if (namesItself(name, table)) table.set(name, { kind: 'open', key: name });
  return table;
}

function namesItself(name: string, table: Table): boolean {
  const seen = new Set<string>();
  const left = [...namedIn(table.get(name) ?? NOTHING)];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next === name) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    left.push(...namedIn(table.get(next) ?? NOTHING));
  }
  return false;
}

const NOTHING: Expression = { kind: 'constant', value: false };

const namedIn = (expression: Expression): readonly string[] => {
  if (expression.kind === 'named') return [expression.name];
  return 'inside' in expression ? expression.inside.flatMap(namedIn) : [];
};

type Open = Extract<Expression, { kind: 'open' }>;
const openIn = (expression: Expression): readonly Open[] => {
  if (expression.kind === 'open') return [expression];
  return 'inside' in expression ? expression.inside.flatMap(openIn) : [];
};

/** Whether each condition holds where just these do of what is open. */
function makeHolds(table: Table, held: ReadonlySet<string>): (name: string) => boolean {
  const known = new Map<string, boolean>();
  const holds = (expression: Expression): boolean => {
    switch (expression.kind) {
      case 'constant':
        return expression.value;
      case 'open':
        return held.has(expression.key);
      case 'named':
        return holdsNamed(expression.name);
      case 'not':
        return !expression.inside.some(holds);
      case 'and':
        return expression.inside.every(holds);
      default:
        return expression.inside.some(holds);
    }
  };
  function holdsNamed(name: string): boolean {
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, false);
    const value = holds(table.get(name) ?? { kind: 'constant', value: false });
    known.set(name, value);
    return value;
  }
  return holdsNamed;
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
  const own = [...new Set(names)].sort();
  const table = tableOf(own, conditions);
  const open = new Map([...table.values()].flatMap(openIn).map((entry) => [entry.key, entry]));
  const worlds = new Map<string, World>();
  for (const set of setsOf([...open.values()]).filter(canHold)) {
    const holds = makeHolds(table, new Set(set.map(({ key }) => key)));
    const world = new Map(own.map((name) => [name, holds(name)]));
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
