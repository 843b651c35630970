import { isEnd, type Places, read, startOf } from './automaton.ts';
import { type Glob, isAnything, type Token } from './glob.ts';

const shareALetter = (left: Token | undefined, right: Token | undefined): boolean => {
  if (left?.kind !== 'letter' || right?.kind !== 'letter') return true;
  return [left.letter, left.other].some(
    (letter) => letter !== undefined && (letter === right.letter || letter === right.other),
  );
};

/**
 * Whether two globs surely share no word, by what they begin and end with. Quick, and never wrong where true; false
 * says nothing.
 */
export function areApart(left: Glob, right: Glob): boolean {
  if (left.literal && right.literal) return left.id !== right.id;
  const heads = Math.min(left.prefix.length, right.prefix.length);
  for (let index = 0; index < heads; index += 1)
    if (!shareALetter(left.prefix[index], right.prefix[index])) return true;
  const tails = Math.min(left.suffix.length, right.suffix.length);
  for (let index = 1; index <= tails; index += 1)
    if (!shareALetter(left.suffix.at(-index), right.suffix.at(-index))) return true;
  return isTooShort(left, right) || isTooShort(right, left);
}

/** Whether a glob of one length is shorter than the least that the other matches. */
const isTooShort = (fixed: Glob, other: Glob): boolean =>
  fixed.tokens.every(({ kind }) => kind !== 'many') &&
  other.tokens.filter(({ kind }) => kind !== 'many').length > fixed.tokens.length;

/** Reads a token of the other glob as if it were a letter: every word that it stands for is read. */
function readToken(glob: Glob, places: Places, token: Token): Places {
  if (token.kind === 'letter') {
    const first = read(glob, places, token.letter);
    if (token.other === undefined) return first;
    const second = read(glob, places, token.other);
    return first.filter((place) => second.includes(place));
  }
  const next = new Set<number>();
  for (const place of places) {
    const mine = glob.tokens[place];
    if (!mine || mine.kind === 'letter' || (mine.staysInSegment && !token.staysInSegment)) continue;
    if (mine.kind === 'many') {
      for (let after = place; after <= glob.tokens.length; after += 1) {
        next.add(after);
        if (glob.tokens[after]?.kind !== 'many') break;
      }
    } else if (token.kind === 'one') next.add(place + 1).add(afterSkips(glob, place + 1));
  }
  return [...next].sort((a, b) => a - b);
}

function afterSkips(glob: Glob, place: number): number {
  let after = place;
  while (glob.tokens[after]?.kind === 'many') after += 1;
  return after;
}

/**
 * Whether one glob matches every word that the other does. Quick, and never wrong where true; false says nothing
 * sure.
 */
export function covers(wide: Glob, narrow: Glob): boolean {
  if (wide.id === narrow.id || isAnything(wide)) return true;
  if (wide.literal || wide.prefix.length > narrow.prefix.length) return false;
  if (wide.prefix.some((token, index) => !shareALetter(token, narrow.prefix[index]))) return false;
  let places = startOf(wide);
  for (const token of narrow.tokens) {
    places = readToken(wide, places, token);
    if (places.length === 0) return false;
  }
  return isEnd(wide, places);
}
