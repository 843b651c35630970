import type { Pattern, PatternPart } from '../../parse/policy-model.ts';

/**
 * One letter of a word: a UTF-16 unit, or a policy variable as a letter of its own, written `${aws:username}`, which
 * stands for a text that is not known yet.
 */
export type Letter = string;

export const ONE: unique symbol = Symbol('?');
export const MANY: unique symbol = Symbol('*');
/** A piece of a pattern: a letter, or a wildcard. */
export type Piece = Letter | typeof ONE | typeof MANY;

export const isVariable = (letter: Letter): boolean => letter.length > 1;

/** The request's key that a variable stands for, and what it stands for where the request has none. */
export function partsOfVariable(letter: Letter): { key: string; fallback?: string } {
  const [, key = '', fallback] = /^\$\{([^,]*)(?:, '(.*)')?\}$/s.exec(letter) ?? [];
  return { key, ...(fallback !== undefined && { fallback }) };
}

const lettersOf = (text: string): Letter[] => text.split('');

function piecesOfPart(part: PatternPart, hasWildcards: boolean): Piece[] {
  switch (part.kind) {
    case 'literal':
      return lettersOf(part.text);
    case 'variable':
      return [`\${${part.key}${part.fallback === undefined ? '' : `, '${part.fallback}'`}}`];
    case 'many':
      return [hasWildcards ? MANY : '*'];
    case 'single':
      return [hasWildcards ? ONE : '?'];
  }
}

/** The pieces of a policy's pattern. Where nothing compares by wildcards, `*` and `?` are letters. */
export const piecesOf = ({ parts }: Pick<Pattern, 'parts'>, hasWildcards: boolean): Piece[] =>
  parts.flatMap((part) => piecesOfPart(part, hasWildcards));

/** Pieces between colons: the first `most` - 1 colons part them, the rest is one. */
export function splitAtColons(pieces: readonly Piece[], most: number): Piece[][] {
  const parts: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece === ':' && parts.length < most) parts.push([]);
    else parts.at(-1)?.push(piece);
  }
  return parts;
}
