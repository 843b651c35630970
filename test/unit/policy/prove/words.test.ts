import { describe, expect, test } from 'vitest';
import { matches } from '../../../../policy/prove/words/automaton.ts';
import { makeBudget } from '../../../../policy/prove/words/budget.ts';
import { areApart, covers } from '../../../../policy/prove/words/compare-globs.ts';
import { findWord } from '../../../../policy/prove/words/find-word.ts';
import { type Glob, makeGlob } from '../../../../policy/prove/words/glob.ts';
import { MANY, ONE, type Piece } from '../../../../policy/prove/words/letters.ts';

/** All rows of these, up to a length. */
const rowsOf = <T>(things: readonly T[], most: number): T[][] =>
  most === 0
    ? [[]]
    : [[], ...rowsOf(things, most - 1).flatMap((row) => things.map((thing) => [thing, ...row]))];
const distinct = (rows: readonly string[]): string[] => [...new Set(rows)];

const WORDS = distinct(rowsOf(['a', 'b', ':'], 5).map((row) => row.join('')));

/** A written glob: `*` and `?` as policies have them, `*` and `?` before a colon keep to their part. */
type Written = { readonly text: string; readonly glob: Glob; readonly expression: RegExp };

const pieceOf: Readonly<Record<string, Piece>> = { '*': MANY, '?': ONE };

function written(text: string, colonsThatPart: number): Written {
  let colons = 0;
  const expression = text
    .split('')
    .map((letter) => {
      if (letter === ':') colons += 1;
      const any = colons < colonsThatPart ? '[^:]' : '.';
      return letter === '*' ? `${any}*` : letter === '?' ? any : letter;
    })
    .join('');
  const pieces = text.split('').map((letter) => pieceOf[letter] ?? letter);
  return {
    text: `${text}${colonsThatPart > 0 ? ` in ${colonsThatPart} parts` : ''}`,
    glob: makeGlob(pieces, { colonsThatPart }),
    expression: new RegExp(`^${expression}$`, 's'),
  };
}

const PLAIN = distinct(rowsOf(['a', 'b', '*', '?'], 3).map((row) => row.join(''))).map((text) =>
  written(text, 0),
);
const PARTED = distinct(rowsOf(['a', ':', '*', '?'], 3).map((row) => row.join(''))).map((text) =>
  written(text, 1),
);
const ALL = [...PLAIN, ...PARTED];
/** The words of each, as a regular expression finds them. */
const LANGUAGE = new Map(
  ALL.map((glob) => [glob, new Set(WORDS.filter((word) => glob.expression.test(word)))]),
);
const wordsOf = (glob: Written): ReadonlySet<string> => LANGUAGE.get(glob) as ReadonlySet<string>;

test('a glob matches the words that the regular expression of the same meaning matches', () => {
  for (const glob of ALL) {
    const matched = WORDS.filter((word) => matches(glob.glob, word.split('')));
    expect(matched, glob.text).toEqual([...wordsOf(glob)]);
  }
});

describe('of two globs', () => {
  const pairs = ALL.flatMap((left) => ALL.map((right) => [left, right] as const));
  const isWithin = (narrow: Written, wide: Written) =>
    [...wordsOf(narrow)].every((word) => wordsOf(wide).has(word));
  const share = (left: Written, right: Written) =>
    [...wordsOf(left)].some((word) => wordsOf(right).has(word));

  test('those that are called apart share no word, and most that share none are', () => {
    const apart = pairs.filter(([left, right]) => areApart(left.glob, right.glob));
    expect(
      apart.filter(([left, right]) => share(left, right)).map(([left, right]) => [left.text, right.text]),
    ).toEqual([]);
    const none = pairs.filter(([left, right]) => !share(left, right));
    expect([apart.length, none.length]).toMatchInlineSnapshot(`
      [
        11034,
        14720,
      ]
    `);
  });

  test('the one that is said to cover the other matches all its words, and most that do are', () => {
    const covering = pairs.filter(([wide, narrow]) => covers(wide.glob, narrow.glob));
    expect(
      covering
        .filter(([wide, narrow]) => !isWithin(narrow, wide))
        .map(([wide, narrow]) => [wide.text, narrow.text]),
    ).toEqual([]);
    const within = pairs.filter(([wide, narrow]) => isWithin(narrow, wide));
    expect([covering.length, within.length]).toMatchInlineSnapshot(`
      [
        3551,
        3829,
      ]
    `);
  });
});

describe('a word that some glob of every group matches, and none that is excluded', () => {
  const globs = ALL.filter((_, index) => index % 7 === 0);
  const isAnswer = (word: string, groups: Written[][], excluded: Written[]) =>
    groups.every((group) => group.some(({ expression }) => expression.test(word))) &&
    !excluded.some(({ expression }) => expression.test(word));

  test('is found where there is one, and is one', async () => {
    const lines: string[] = [];
    for (const [nth, first] of globs.entries()) {
      for (const [mth, second] of globs.entries()) {
        const third = globs[(nth * 5 + mth * 3) % globs.length] as Written;
        const groups = mth % 2 === 0 ? [[first, third]] : [[first], [third, first]];
        const excluded = nth % 3 === 0 ? [second] : [second, third];
        const budget = makeBudget(10_000);
        const word = findWord(
          {
            groups: groups.map((group) => group.map(({ glob }) => glob)),
            excluded: excluded.map(({ glob }) => glob),
          },
          budget,
        )?.join('');
        const question = `${groups.map((group) => group.map(({ text }) => text).join('|')).join(' & ')} - ${excluded.map(({ text }) => text).join(' - ')}`;
        if (word === undefined)
          expect(
            WORDS.filter((each) => isAnswer(each, groups, excluded)),
            question,
          ).toEqual([]);
        else expect(isAnswer(word, groups, excluded), `${question}: ${word}`).toBe(true);
        lines.push(`${question}: ${word ?? 'none'} in ${budget.spent()}`);
      }
    }
    // Which word is found, and in how many steps, is part of what a proof answers.
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../../../cases/found-words.txt');
  });
});
