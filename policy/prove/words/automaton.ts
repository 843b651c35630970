import type { Glob, Token } from './glob.ts';
import { isVariable, type Letter } from './letters.ts';

/** Where reading a word may have come to in a glob: places between its tokens, in rising order. None: no match. */
export type Places = readonly number[];

/** Whether a token reads a letter. A wildcard of one letter never reads a variable, whose text may be of any length. */
export function reads(token: Token, letter: Letter): boolean {
  if (token.kind === 'letter') return token.letter === letter || token.other === letter;
  // A variable may hold a colon, so a wildcard that reads none is not known to read it.
  if (token.staysInSegment && (letter === ':' || isVariable(letter))) return false;
  return token.kind === 'many' || !isVariable(letter);
}

/** The same places and those that skipping a `*` leads to. */
function withSkips(glob: Glob, places: readonly number[]): number[] {
  const found = new Set<number>();
  for (let place of places) {
    while (!found.has(place)) {
      found.add(place);
      if (glob.tokens[place]?.kind !== 'many') break;
      place += 1;
    }
  }
  const sorted = [...found].sort((a, b) => a - b);
  // From a `*` that reads everything on, nothing is matched less than from any place before it.
  const last = sorted.findLastIndex((place) => isUnbound(glob.tokens[place]));
  return last > 0 ? sorted.slice(last) : sorted;
}

const isUnbound = (token: Token | undefined): boolean => token?.kind === 'many' && !token.staysInSegment;

export const startOf = (glob: Glob): Places => withSkips(glob, [0]);

export function read(glob: Glob, places: Places, letter: Letter): Places {
  const next: number[] = [];
  for (const place of places) {
    const token = glob.tokens[place];
    if (!token || !reads(token, letter)) continue;
    next.push(token.kind === 'many' ? place : place + 1);
  }
  return next.length > 0 ? withSkips(glob, next) : next;
}

export const isEnd = (glob: Glob, places: Places): boolean => places.at(-1) === glob.tokens.length;

export function matches(glob: Glob, word: readonly Letter[]): boolean {
  if (!glob.hasSegments) return matchesGreedily(glob.tokens, word);
  let places = startOf(glob);
  for (const letter of word) {
    places = read(glob, places, letter);
    if (places.length === 0) return false;
  }
  return isEnd(glob, places);
}

/** The same where every `*` reads everything: only the last one that was passed need ever read more. */
function matchesGreedily(tokens: readonly Token[], word: readonly Letter[]): boolean {
  let place = 0;
  let position = 0;
  let afterMany = -1;
  let manyEnd = 0;
  while (position < word.length) {
    const token = tokens[place];
    if (token?.kind === 'many') {
      place += 1;
      afterMany = place;
      manyEnd = position;
    } else if (token && reads(token, word[position] as Letter)) {
      place += 1;
      position += 1;
    } else if (afterMany >= 0) {
      manyEnd += 1;
      position = manyEnd;
      place = afterMany;
    } else return false;
  }
  while (tokens[place]?.kind === 'many') place += 1;
  return place === tokens.length;
}
