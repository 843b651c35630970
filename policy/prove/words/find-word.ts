import { isEnd, matches, type Places, read, startOf } from './automaton.ts';
import type { Budget } from './budget.ts';
import { areApart, covers } from './compare-globs.ts';
import { ANYTHING, type Glob, isAnything } from './glob.ts';
import { isVariable, type Letter } from './letters.ts';

/** A word is looked for that some glob of every group matches, and none that is excluded. */
export type WordQuestion = {
  readonly groups: readonly (readonly Glob[])[];
  readonly excluded: readonly Glob[];
  /** Texts to put for a `*`, where that is a right answer: an account's number, a region. */
  readonly likely?: readonly string[];
};

/**
 * The word that was asked for; undefined where there is none at all, among all words of any letters. Throws
 * OutOfSteps.
 */
export function findWord(question: WordQuestion, budget: Budget): readonly Letter[] | undefined {
  budget.spend(1);
  const groups = question.groups
    .filter((group) => !group.some(isAnything))
    .toSorted((left, right) => left.length - right.length);
  const [drivers = [ANYTHING], ...others] = groups;
  const literals = groups.find((group) => group.every(({ literal }) => literal !== undefined));
  if (literals) return firstLiteral(literals, groups, question.excluded);
  for (const driver of drivers) {
    const found = findFrom(driver, others, question, budget);
    if (found) return found;
  }
  return undefined;
}

function firstLiteral(
  literals: readonly Glob[],
  groups: readonly (readonly Glob[])[],
  excluded: readonly Glob[],
): readonly Letter[] | undefined {
  return literals.find(({ literal = [] }) => isAnswer(literal, groups, excluded))?.literal;
}

const isAnswer = (
  word: readonly Letter[],
  groups: readonly (readonly Glob[])[],
  excluded: readonly Glob[],
): boolean =>
  groups.every((group) => group.some((glob) => matches(glob, word))) &&
  !excluded.some((glob) => matches(glob, word));

/** The same where the first group is one glob: what is surely apart from it need not be read. */
function findFrom(
  driver: Glob,
  others: readonly (readonly Glob[])[],
  { excluded, likely }: WordQuestion,
  budget: Budget,
): readonly Letter[] | undefined {
  const groups: Glob[][] = [[driver]];
  for (const group of others) {
    const near = group.filter((glob) => !areApart(driver, glob));
    if (near.length === 0) return undefined;
    if (!near.some((glob) => covers(glob, driver))) groups.push(near);
  }
  const near = excluded.filter((glob) => !areApart(driver, glob));
  if (near.some((glob) => covers(glob, driver))) return undefined;
  for (const word of guesses(groups.flat(), likely)) if (isAnswer(word, groups, near)) return word;
  return search(groups, near, budget);
}

/** Words that people would write, tried before any search. */
function* guesses(globs: readonly Glob[], likely: readonly string[] = []): Generator<Letter[]> {
  const fillings = [...likely, 'x', '', 'xyq7'];
  for (const filling of fillings)
    for (const glob of globs)
      yield glob.tokens.flatMap((token) => {
        if (token.kind === 'letter') return [token.letter];
        return token.kind === 'one' ? ['x'] : filling.split('');
      });
}

/** Letters that stand for all that no token names, tried in this order. */
const OTHERS = 'xyzqwkjv7305abcdefghilmnoprstu-_ABCDEFGHIJKLMNOPQRSTUVWXYZ1246789'.split('');

/** The letters that lead on from here to different places: those that some token names, and one that none does. */
function lettersFrom(globs: readonly Glob[], all: readonly Places[]): Letter[] {
  const letters = new Set<Letter>();
  globs.forEach((glob, index) => {
    for (const place of all[index] ?? []) {
      const token = glob.tokens[place];
      if (token?.kind === 'letter') {
        letters.add(token.letter);
        if (token.other !== undefined) letters.add(token.other);
      } else if (token?.staysInSegment) letters.add(':');
    }
  });
  const plain = OTHERS.find((letter) => !letters.has(letter)) ?? unnamed(letters);
  return [
    plain,
    ...[...letters].toSorted((left, right) => Number(isVariable(left)) - Number(isVariable(right))),
  ];
}

function unnamed(letters: ReadonlySet<Letter>): Letter {
  let code = 0xc0;
  while (letters.has(String.fromCharCode(code))) code += 1;
  return String.fromCharCode(code);
}

type State = { readonly places: readonly Places[]; readonly before?: State; readonly letter?: Letter };

function wordOf(state: State): Letter[] {
  const word: Letter[] = [];
  for (let place: State | undefined = state; place?.letter !== undefined; place = place.before)
    word.push(place.letter);
  return word.reverse();
}

/** Breadth first over the product of all the automata, which is made as it is walked: the shortest word is found. */
function search(
  groups: readonly (readonly Glob[])[],
  excluded: readonly Glob[],
  budget: Budget,
): readonly Letter[] | undefined {
  const globs = [...groups.flat(), ...excluded];
  const groupOf = groups.flatMap((group, index) => group.map(() => index));
  const holdsInEach = (holds: (index: number) => boolean): boolean => {
    const held = new Set<number>();
    groupOf.forEach((group, index) => {
      if (holds(index)) held.add(group);
    });
    return held.size === groups.length;
  };
  const ends = ({ places }: State, index: number): boolean =>
    isEnd(globs[index] as Glob, places[index] as Places);
  const isFound = (state: State): boolean =>
    holdsInEach((index) => ends(state, index)) &&
    excluded.every((_, index) => !ends(state, groupOf.length + index));

  const start: State = { places: globs.map(startOf) };
  if (isFound(start)) return [];
  const seen = new Set([keyOf(start.places)]);
  let front: State[] = [start];
  while (front.length > 0) {
    const next: State[] = [];
    for (const before of front) {
      for (const letter of lettersFrom(globs, before.places)) {
        const places = globs.map((glob, index) => read(glob, before.places[index] as Places, letter));
        if (!holdsInEach((index) => (places[index] as Places).length > 0)) continue;
        const key = keyOf(places);
        if (seen.has(key)) continue;
        seen.add(key);
        budget.spend(1);
        const state = { places, before, letter };
        if (isFound(state)) return wordOf(state);
        next.push(state);
      }
    }
    front = next;
  }
  return undefined;
}

const keyOf = (places: readonly Places[]): string => places.map((place) => place.join('.')).join('|');
