import type { Condition } from '../allow-statement.ts';

import { isWithin, ownPolicy } from '../questions/satisfiable.ts';

/** An Allow of a policy that is being made, and why it is there. */
export type Piece = {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Condition;
  /** Sentences without their end. They may quote text from outside. */
  readonly because: readonly string[];
};

export type OwnStatement = {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Condition;
};
export type OwnDocument = { readonly Version: '2012-10-17'; readonly Statement: readonly OwnStatement[] };

/** A statement, and why it is there. */
export type Explained = { readonly statement: OwnStatement; readonly because: readonly string[] };

const union = (first: readonly string[], other: readonly string[]): string[] =>
  [...new Set([...first, ...other])].sort();

const sameText = (value: unknown): string => JSON.stringify(value);

/** Pieces that are alike in all but one element, as one. */
function merge(pieces: readonly Piece[], element: 'actions' | 'resources'): Piece[] {
  const merged = new Map<string, Piece>();
  for (const piece of pieces) {
    const other = element === 'actions' ? piece.resources : piece.actions;
    const key = sameText([[...other].sort(), piece.conditions]);
    const before = merged.get(key);
    merged.set(
      key,
      before
        ? {
            ...before,
            [element]: union(before[element], piece[element]),
            because: [...new Set([...before.because, ...piece.because])],
          }
        : { ...piece, actions: union(piece.actions, []), resources: union(piece.resources, []) },
    );
  }
  return [...merged.values()];
}

/** Pieces of one action and one set of resources, whose conditions name the values of one key: any of them will do. */
function mergeValues(pieces: readonly Piece[]): Piece[] {
  const merged = new Map<string, Piece>();
  for (const piece of pieces) {
    const [[operator, test] = ['', {}], ...more] = Object.entries(piece.conditions);
    const [[name, values] = ['', []], ...others] = Object.entries(test);
    const isSimple = operator !== '' && more.length === 0 && others.length === 0;
    const key = sameText([piece.actions, piece.resources, isSimple ? [operator, name] : piece.conditions]);
    const before = merged.get(key);
    const [[, earlier] = ['', []]] = Object.entries(before?.conditions[operator] ?? {});
    merged.set(
      key,
      before && isSimple
        ? {
            ...before,
            conditions: { [operator]: { [name]: union([earlier].flat(), [values].flat()) } },
            because: [...new Set([...before.because, ...piece.because])],
          }
        : piece,
    );
  }
  return [...merged.values()];
}

/** Without what a name that ends in a star says already. */
const withoutRepeated = (items: readonly string[]): string[] =>
  items.filter(
    (item) =>
      !items.some((wide) => wide !== item && wide.endsWith('*') && item.startsWith(wide.slice(0, -1))),
  );

const documentOf = ({ actions, resources, conditions }: Piece, Sid: string): OwnStatement => ({
  Sid,
  Effect: 'Allow',
  Action: actions,
  Resource: withoutRepeated(resources),
  ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
});

/** Without the pieces that another one covers: whoever removed one of them would believe that something was gone. */
function withoutCovered(pieces: readonly Piece[]): Piece[] {
  const left = [...pieces];
  const policyOf = (piece: Piece) => [[ownPolicy([documentOf(piece, 'A')])]];
  for (let nth = 0; nth < left.length; ) {
    const piece = left[nth];
    const covering = left.findIndex(
      (other, place) => piece && place !== nth && isWithin(policyOf(piece), policyOf(other)),
    );
    const cover = left[covering];
    if (piece && cover) {
      left[covering] = { ...cover, because: [...new Set([...cover.because, ...piece.because])] };
      left.splice(nth, 1);
    } else nth += 1;
  }
  return left;
}

const LEVELS = ['List', 'Read', 'Write', 'Tag', 'Manage'];

/** A statement's id: what it does to what, of letters and digits alone. */
function sidOf(piece: Piece, levelOf: (action: string) => string, used: Set<string>): string {
  const levels = new Set(piece.actions.map(levelOf));
  const [service = ''] = (piece.actions[0] ?? '').split(':');
  const verbs = LEVELS.filter((level) => levels.has(level)).join('');
  const base = `${verbs}${service.charAt(0).toUpperCase()}${service.slice(1)}`.replace(/[^A-Za-z0-9]/g, '');
  let sid = base;
  for (let nth = 2; used.has(sid); nth += 1) sid = `${base}${nth}`;
  used.add(sid);
  return sid;
}

/** The statements that pieces make: as few as say the same, in the order in which they were wanted. */
export function putTogether(pieces: readonly Piece[], levelOf: (action: string) => string): Explained[] {
  const byValues = mergeValues(merge(pieces, 'actions'));
  const merged = withoutCovered(merge(merge(byValues, 'resources'), 'actions'));
  const used = new Set<string>();
  return merge(merge(merged, 'resources'), 'actions').map((piece) => ({
    statement: documentOf(piece, sidOf(piece, levelOf, used)),
    because: piece.because,
  }));
}
