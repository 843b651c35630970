import { describe, expect, test } from 'vitest';
import { read, startOf } from '../../../../policy/prove/words/automaton.ts';
import {
  ANYTHING,
  type Glob,
  isAnything,
  literalGlob,
  type Meaning,
  makeGlob,
  type Token,
  withValues,
} from '../../../../policy/prove/words/glob.ts';
import { MANY, ONE, type Piece } from '../../../../policy/prove/words/letters.ts';

const NAME = '${aws:username}';
const WILD: Readonly<Record<string, Piece>> = { '*': MANY, '?': ONE, $: NAME };

/** A glob as it is written here: `*`, `?`, and `$` for a variable. */
const glob = (written: string, meaning?: Meaning): Glob =>
  makeGlob(
    written.split('').map((letter) => WILD[letter] ?? letter),
    meaning,
  );

/** A token for reading: a letter, both letters of one that may be of either case, wildcards marked where they stop at colons. */
const shown = (token: Token): string =>
  token.kind === 'letter'
    ? `${token.letter}${token.other ?? ''}`
    : `${token.kind === 'many' ? '*' : '?'}${token.staysInSegment ? '|' : ''}`;
const rowOf = ({ tokens }: Pick<Glob, 'tokens'>): string => tokens.map(shown).join(' ');

describe('a row of wildcards has one order', () => {
  test.each([
    ['a**b', 'a * b'],
    ['a*?b', 'a ? * b'],
    ['*?*?', '? ? *'],
    ['?*?', '? ? *'],
    ['*a*', '* a *'],
    ['?a?', '? a ?'],
  ])('%s', (written, row) => {
    expect(rowOf(glob(written))).toBe(row);
  });

  test('and keeps to its part of an ARN', () => {
    expect(rowOf(glob('*?:*a:?*', { colonsThatPart: 2 }))).toBe('?| *| : *| a : ? *');
    expect(rowOf(glob('*:*', { colonsThatPart: 1 }))).toBe('*| : *');
    expect(rowOf(glob('*:*'))).toBe('* : *');
  });
});

describe('letters of either case', () => {
  test.each([
    ['aB', 'aA bB'],
    ['1-:', '1 - :'],
    // One letter of one case, two of the other: it stands for itself alone.
    ['ß', 'ß'],
    ['İ', 'İ'],
  ])('%s', (written, row) => {
    expect(rowOf(glob(written, { ignoresCase: true }))).toBe(row);
  });

  test('a variable is none', () => {
    expect(rowOf(glob('$a', { ignoresCase: true }))).toBe(`${NAME} aA`);
  });

  test('and none where case counts', () => {
    expect(rowOf(glob('aB'))).toBe('a B');
    expect(rowOf(glob('aB*'))).toBe('a B *');
  });
});

test('two globs have the same id where they are the same row, and else another', () => {
  const rows = [
    ...[glob(''), glob('a'), glob('b'), glob('ab'), glob('*'), glob('?'), glob('?*'), glob('$'), glob('$a')],
    ...[
      '\u0000',
      '\u0001',
      '\u0002',
      '\u0003',
      '\u0004',
      '\u0005',
      '\u0006',
      '\u0007',
      '\u0008',
      '\u0009',
    ].map((letter) => literalGlob(letter)),
    ...[literalGlob(NAME), literalGlob('a\u0007a'), literalGlob('\u0007a'), glob('a', { ignoresCase: true })],
    ...[
      glob('b', { ignoresCase: true }),
      glob('*:', { colonsThatPart: 1 }),
      glob('?:', { colonsThatPart: 1 }),
    ],
    ...[glob('*:'), glob('?:'), literalGlob('\u0008\u0001'), literalGlob(`\u0005${NAME}\u0006`)],
  ];
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  expect(glob('a*?').id).toBe(glob('a?**').id);
  expect(glob('A*', { ignoresCase: true }).id).toBe(glob('a*', { ignoresCase: true }).id);
  expect(glob('a').id).toBe(literalGlob('a').id);
  expect(glob('1', { ignoresCase: true }).id).toBe(glob('1').id);
});

/** What is read off a glob once, so that most comparisons need no more. */
const partsOf = ({ prefix, suffix, literal, hasVariable, hasSegments }: Glob) => ({
  prefix: rowOf({ tokens: prefix }),
  suffix: rowOf({ tokens: suffix }),
  literal: literal?.join(''),
  hasVariable,
  hasSegments,
});

test.each<[string, Meaning, Partial<ReturnType<typeof partsOf>>]>([
  ['ab', {}, { prefix: 'a b', suffix: 'a b', literal: 'ab', hasVariable: false, hasSegments: false }],
  ['', {}, { prefix: '', suffix: '', literal: '' }],
  ['ab*cd*ef', {}, { prefix: 'a b', suffix: 'e f', literal: undefined, hasSegments: false }],
  ['*a', {}, { prefix: '', suffix: 'a', literal: undefined }],
  ['?', {}, { prefix: '', suffix: '', literal: undefined }],
  ['a$', {}, { prefix: `a ${NAME}`, literal: `a${NAME}`, hasVariable: true }],
  ['*$', {}, { suffix: NAME, hasVariable: true, literal: undefined }],
  ['ab', { ignoresCase: true }, { prefix: 'aA bB', suffix: 'aA bB', literal: undefined }],
  ['1b', { ignoresCase: true }, { literal: undefined }],
  ['12', { ignoresCase: true }, { literal: '12' }],
  ['*:a', { colonsThatPart: 1 }, { hasSegments: true }],
  ['a:*', { colonsThatPart: 1 }, { hasSegments: false }],
  ['?:a', { colonsThatPart: 1 }, { hasSegments: true }],
  ['a:b', { colonsThatPart: 2 }, { hasSegments: false, literal: 'a:b' }],
])('%s: what it begins and ends with, and whether it is one word', (written, meaning, parts) => {
  expect(partsOf(glob(written, meaning))).toMatchObject(parts);
});

test('what is compared most is made once, and still what it is after many others', () => {
  const first = literalGlob('GetItem');
  expect(literalGlob('GetItem')).toBe(first);
  for (let nth = 0; nth < 4_990; nth += 1) literalGlob(`others-${nth}`);
  const late = literalGlob('others-0');
  for (let nth = 0; nth < 5_010; nth += 1) literalGlob(`more-${nth}`);
  // Bounded: the first of so many is made anew.
  expect(literalGlob('others-0')).not.toBe(late);
  expect(literalGlob('GetItem')).not.toBe(first);
  expect(literalGlob('GetItem')).toEqual(first);
});

test('only a lone * is anything', () => {
  expect([glob('*'), glob('**'), ANYTHING].map(isAnything)).toEqual([true, true, true]);
  expect([glob('?*'), glob(''), glob('*:', { colonsThatPart: 1 }), literalGlob('*')].map(isAnything)).toEqual(
    [false, false, false, false],
  );
});

describe('variables, once their values are known', () => {
  test('stand for their letters, and wildcards that meet are in one order again', () => {
    expect(rowOf(withValues(glob('a$*'), () => 'xy'))).toBe('a x y *');
    expect(rowOf(withValues(glob('*$?'), () => ''))).toBe('? *');
    expect(withValues(glob('a$'), () => 'b').literal).toEqual(['a', 'b']);
    expect(withValues(glob('$'), (variable) => variable.slice(2, -1)).literal?.join('')).toBe('aws:username');
    expect(rowOf(withValues(glob('$a', { ignoresCase: true }), () => 'B'))).toBe('B aA');
  });

  test('a glob that has none is as it was', () => {
    const none = glob('a*');
    expect(withValues(none, () => 'x')).toBe(none);
  });
});

describe('where reading may have come to', () => {
  test.each<[string, Meaning, string, number[]]>([
    ['', {}, '', [0]],
    ['a', {}, '', [0]],
    ['a', {}, 'a', [1]],
    ['a', {}, 'b', []],
    ['*', {}, '', [0, 1]],
    ['*a', {}, '', [0, 1]],
    ['*a', {}, 'ba', [0, 1, 2]],
    // Past a second `*`, the first is of no more use.
    ['a*b*', {}, 'axb', [3, 4]],
    ['a*b*', {}, 'ax', [1, 2]],
    ['?*', {}, '', [0]],
    ['?*', {}, 'x', [1, 2]],
    // In parts a `*` ends with its part, so an earlier one stays of use.
    ['*b*:', { colonsThatPart: 1 }, 'bb', [0, 1, 2, 3]],
    ['*b*:', { colonsThatPart: 1 }, 'b:', [4]],
    ['*:', { colonsThatPart: 1 }, ':', [2]],
    ['?:', { colonsThatPart: 1 }, ':', []],
  ])('%s, in %o, after "%s"', (written, meaning, word, places) => {
    const pattern = glob(written, meaning);
    expect(word.split('').reduce((now, letter) => read(pattern, now, letter), startOf(pattern))).toEqual(
      places,
    );
  });
});
