import { expect, test } from 'vitest';
import type { PatternPart } from '../../../../policy/parse/policy-model.ts';
import { makeBudget, OutOfSteps } from '../../../../policy/prove/words/budget.ts';
import { findWord } from '../../../../policy/prove/words/find-word.ts';
import { literalGlob, makeGlob } from '../../../../policy/prove/words/glob.ts';
import {
  isVariable,
  MANY,
  ONE,
  partsOfVariable,
  piecesOf,
  splitAtColons,
} from '../../../../policy/prove/words/letters.ts';

test.each([
  ['${aws:username}', { key: 'aws:username' }],
  ["${aws:username, 'nobody'}", { key: 'aws:username', fallback: 'nobody' }],
  ["${aws:username, ''}", { key: 'aws:username', fallback: '' }],
  ["${aws:username, 'a, 'b'}'}", { key: 'aws:username', fallback: "a, 'b'}" }],
  ["${k, 'two\nlines'}", { key: 'k', fallback: 'two\nlines' }],
  ['a', { key: '' }],
  ['x${k}', { key: '' }],
  ['${k}x', { key: '' }],
])('a variable written %s is about a key, and may have a text in its place', (letter, parts) => {
  expect(partsOfVariable(letter)).toStrictEqual(parts);
});

test('a letter of more than one character is a variable', () => {
  expect(['a', '', '$', '${k}'].map(isVariable)).toEqual([false, false, false, true]);
});

test('a pattern is read in pieces, wildcards only where the comparison knows them', () => {
  const parts: PatternPart[] = [
    { kind: 'literal', text: 'ab' },
    { kind: 'many' },
    { kind: 'single' },
    { kind: 'variable', key: 'k' },
    { kind: 'variable', key: 'k', fallback: '' },
    { kind: 'variable', key: 'k', fallback: 'f' },
  ];
  const variables = ['${k}', "${k, ''}", "${k, 'f'}"];
  expect(piecesOf({ parts }, true)).toEqual(['a', 'b', MANY, ONE, ...variables]);
  expect(piecesOf({ parts }, false)).toEqual(['a', 'b', '*', '?', ...variables]);
});

test('only so many colons part', () => {
  const split = (text: string, most: number) =>
    splitAtColons(text.split(''), most).map((part) => part.join(''));
  expect(split('a:b:c', 3)).toEqual(['a', 'b', 'c']);
  expect(split('a:b:c', 2)).toEqual(['a', 'b:c']);
  expect(split('a:b:c', 1)).toEqual(['a:b:c']);
  expect(split('', 2)).toEqual(['']);
  expect(split('::', 6)).toEqual(['', '', '']);
});

test('a budget is spent to its last step, and says what was too much', () => {
  const budget = makeBudget(2);
  budget.spend(2);
  expect(budget.spent()).toBe(2);
  expect(() => budget.spend(1)).toThrow(new OutOfSteps('more than 2 steps'));
  expect(new OutOfSteps('').name).toBe('OutOfSteps');
});

/** Letters that are found first where any will do. */
const COMMON = 'xyzqwkjv7305abcdefghilmnoprstu-_ABCDEFGHIJKLMNOPQRSTUVWXYZ1246789';

test('where every common letter is excluded, a word has one that nobody names', () => {
  const word = (excluded: string) =>
    findWord(
      { groups: [[makeGlob([ONE])]], excluded: excluded.split('').map(literalGlob) },
      makeBudget(1_000),
    );
  expect(word(COMMON)).toEqual(['À']);
  expect(word(`${COMMON}À`)).toEqual(['Á']);
  expect(word(COMMON.slice(1))).toEqual(['x']);
});

test('the empty word is found where it is the only one, and none where there is none', () => {
  const empty = makeGlob([]);
  const budget = makeBudget(1_000);
  expect(
    findWord({ groups: [[empty, makeGlob([MANY, 'a'])]], excluded: [makeGlob([ONE, MANY])] }, budget),
  ).toEqual([]);
  expect(findWord({ groups: [[empty]], excluded: [makeGlob([MANY])] }, budget)).toBeUndefined();
});
