import { describe, expect, test } from 'vitest';
import { makeGlob } from '../../../../policy/prove/words/glob.ts';
import { MANY, type Piece } from '../../../../policy/prove/words/letters.ts';
import {
  anyOfSize,
  EVERYTHING,
  isAnyShape,
  isEverything,
  literalShape,
  makeShape,
  type Shape,
  shapeCovers,
  shapeMatches,
  shapesAreApart,
} from '../../../../policy/prove/words/shape.ts';

const WILD: Readonly<Record<string, Piece>> = { '*': MANY, $: '${aws:username}' };
/** Parts between slashes: `*` any number of letters, `$` a variable. */
const shape = (written: string): Shape =>
  makeShape(
    written.split('/').map((part) => makeGlob(part.split('').map((letter) => WILD[letter] ?? letter))),
  );
const point = (written: string) => written.split('/').map((part) => part.split(''));

test('a shape is one thing where each of its parts is one word, and none of them a variable', () => {
  expect(shape('a/bc').only).toEqual([['a'], ['b', 'c']]);
  expect(literalShape(['a', '*']).only).toEqual([['a'], ['*']]);
  for (const written of ['a/*', '*/a', 'a/$', '$/a', '*/$'])
    expect(shape(written)).not.toHaveProperty('only');
  expect([shape('a/$').hasVariable, shape('$*/a').hasVariable, shape('a/*').hasVariable]).toEqual([
    true,
    true,
    false,
  ]);
});

test('everything has no parts, and what has only wildcards for parts is any shape', () => {
  expect([EVERYTHING, shape('*'), shape('*/*')].map(isEverything)).toEqual([true, false, false]);
  expect([EVERYTHING, shape('*/*'), anyOfSize(3), shape('*/a'), shape('a/*')].map(isAnyShape)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test('parts that would run together are told apart by their ids', () => {
  expect(shape('a/b').id).not.toBe(shape('ab').id);
  expect(shape('a/b').id).not.toBe(shape('ab/').id);
});

test.each([
  ['a/*', 'a/b', true],
  ['a/*', 'b/b', false],
  ['*/b', 'a/a', false],
  ['a/*', 'a', false],
  ['a', 'a/b', false],
  ['*/*', 'a', false],
  ['a/b', 'a/b', true],
])('%s matches %s: %s', (written, thing, isMatched) => {
  expect(shapeMatches(shape(written), point(thing))).toBe(isMatched);
});
test('everything matches also what has no parts', () => {
  expect(shapeMatches(EVERYTHING, [['*']])).toBe(true);
  expect(shapeMatches(EVERYTHING, point('a/b/c'))).toBe(true);
});

/** What the first is to the second: surely apart from it, surely all of it. */
describe.each<[string, string, boolean, boolean]>([
  ['a/b', 'a/b', false, true],
  ['a/b', 'a/c', true, false],
  ['a/*', 'a/c', false, true],
  ['a/*', 'b/c', true, false],
  ['a/c', 'a/*', false, false],
  ['*/*', 'a', true, false],
  ['a', 'a/b', true, false],
  ['a/*', 'a/*/b', true, false],
  ['a*/b*', 'ab*/bc*', false, true],
  ['ab*/b*', 'a*/bc*', false, false],
  ['a*/b*', 'ab*/c*', true, false],
  ['$/b', '$/b', false, true],
  ['a/b', 'a/*', false, false],
])('%s and %s', (left, right, areApart, isCovered) => {
  test(`${areApart ? 'apart' : 'perhaps not apart'}, ${isCovered ? 'covered' : 'perhaps not covered'}`, () => {
    expect(shapesAreApart(shape(left), shape(right))).toBe(areApart);
    expect(shapesAreApart(shape(right), shape(left))).toBe(areApart);
    expect(shapeCovers(shape(left), shape(right))).toBe(isCovered);
  });
});

test('everything is apart from nothing, covers all, and is covered by itself alone', () => {
  for (const other of [shape('a/b'), shape('*/*'), EVERYTHING]) {
    expect([shapesAreApart(EVERYTHING, other), shapesAreApart(other, EVERYTHING)]).toEqual([false, false]);
    expect(shapeCovers(EVERYTHING, other)).toBe(true);
  }
  expect([shape('*/*'), shape('*'), shape('a/b')].map((wide) => shapeCovers(wide, EVERYTHING))).toEqual([
    false,
    false,
    false,
  ]);
});
