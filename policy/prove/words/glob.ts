import { isVariable, type Letter, MANY, ONE, type Piece } from './letters.ts';

/** A letter, perhaps of either case; one letter (`?`); or any number of them (`*`). */
export type Token =
  | { readonly kind: 'letter'; readonly letter: Letter; readonly other?: Letter }
  | { readonly kind: 'one' | 'many'; readonly staysInSegment: boolean };

/** A pattern as a row of tokens: an automaton whose states are the places between them. */
export type Glob = {
  /** Equal where two globs are the same row of tokens. */
  readonly id: string;
  readonly tokens: readonly Token[];
  /** The only word that it matches, where there is but one. */
  readonly literal: readonly Letter[] | undefined;
  readonly prefix: readonly Token[];
  readonly suffix: readonly Token[];
  readonly hasVariable: boolean;
  /** Whether a wildcard stops at colons. */
  readonly hasSegments: boolean;
};

/** How letters and wildcards are meant. */
export type Meaning = {
  readonly ignoresCase?: boolean;
  /** Wildcards before this many colons match no colon; ARNs in conditions are compared part by part. */
  readonly colonsThatPart?: number;
};

const isWild = (token: Token): boolean => token.kind !== 'letter';

/**
 * A row of wildcards, in one order: the single letters first, then the any number. Two that are side by side have no
 * colon between them, and so stop at the same.
 */
function inOneOrder(tokens: readonly Token[]): Token[] {
  const out: Token[] = [];
  for (const token of tokens) {
    const last = out.at(-1);
    if (last?.kind !== 'many' || token.kind === 'letter') out.push(token);
    else if (token.kind === 'one') out.splice(-1, 1, token, last);
  }
  return out;
}

/** Characters that stand for wildcards in ids. A text that holds one is escaped, so that ids differ. */
const MARKS = { many: '\u0001', manyInSegment: '\u0002', one: '\u0003', oneInSegment: '\u0004' };
function idOf(token: Token): string {
  if (token.kind === 'letter') {
    const letter = isVariable(token.letter) ? `\u0005${token.letter}\u0006` : token.letter;
    if (token.other !== undefined) return `\u0007${letter}`;
    return token.letter >= '\u0001' && token.letter <= '\u0008' ? `\u0008${letter}` : letter;
  }
  return MARKS[token.staysInSegment ? (`${token.kind}InSegment` as const) : token.kind];
}

function tokenOf(letter: Letter, ignoresCase: boolean): Token {
  if (!ignoresCase || isVariable(letter)) return { kind: 'letter', letter };
  const [lower, upper] = [letter.toLowerCase(), letter.toUpperCase()];
  if (lower === upper || lower.length !== 1 || upper.length !== 1) return { kind: 'letter', letter };
  return { kind: 'letter', letter: lower, other: upper };
}

/** Most parts of ARNs and actions are a few texts that come again and again. */
const plainGlobs = new Map<string, Glob>();
const MOST_REMEMBERED = 5_000;

/** The glob of pieces without wildcards or variables, made once. */
function plainGlob(pieces: readonly Piece[]): Glob | undefined {
  if (!pieces.every((piece) => typeof piece === 'string' && !isVariable(piece))) return undefined;
  const text = pieces.join('');
  const known = plainGlobs.get(text);
  if (known) return known;
  if (plainGlobs.size >= MOST_REMEMBERED) plainGlobs.clear();
  const made = globOf(pieces.map((piece) => tokenOf(piece as Letter, false)));
  plainGlobs.set(text, made);
  return made;
}

export function makeGlob(pieces: readonly Piece[], meaning: Meaning = {}): Glob {
  const plain = meaning.ignoresCase ? undefined : plainGlob(pieces);
  if (plain) return plain;
  const { ignoresCase = false, colonsThatPart = 0 } = meaning;
  let colons = 0;
  const read = pieces.map((piece): Token => {
    if (piece === ':') colons += 1;
    const staysInSegment = colons < colonsThatPart;
    if (piece === MANY) return { kind: 'many', staysInSegment };
    if (piece === ONE) return { kind: 'one', staysInSegment };
    return tokenOf(piece as Letter, ignoresCase);
  });
  return globOf(inOneOrder(read));
}

function globOf(tokens: readonly Token[]): Glob {
  const first = tokens.findIndex(isWild);
  const last = tokens.findLastIndex(isWild);
  const isLiteral =
    first < 0 && tokens.every((token) => token.kind === 'letter' && token.other === undefined);
  return {
    id: tokens.map(idOf).join(''),
    tokens,
    literal: isLiteral ? tokens.map((token) => (token as { letter: Letter }).letter) : undefined,
    prefix: first < 0 ? tokens : tokens.slice(0, first),
    suffix: first < 0 ? tokens : tokens.slice(last + 1),
    hasVariable: tokens.some((token) => token.kind === 'letter' && isVariable(token.letter)),
    hasSegments: tokens.some((token) => token.kind !== 'letter' && token.staysInSegment),
  };
}

/** Matches every word. */
export const ANYTHING: Glob = makeGlob([MANY]);
export const isAnything = ({ id }: Glob): boolean => id === ANYTHING.id;

/** A glob that matches this text and no other. */
export const literalGlob = (text: string): Glob => makeGlob(text.split(''));

/**
 * The same with every variable's value in its place. Throws where one has none: it is for requests in which all are
 * known.
 */
export function withValues(glob: Glob, textFor: (variable: Letter) => string): Glob {
  if (!glob.hasVariable) return glob;
  const tokens = glob.tokens.flatMap((token): Token[] =>
    token.kind === 'letter' && isVariable(token.letter)
      ? textFor(token.letter)
          .split('')
          .map((letter) => ({ kind: 'letter', letter }))
      : [token],
  );
  return globOf(inOneOrder(tokens));
}
