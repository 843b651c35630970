import { describe, expect, test } from 'vitest';
import { rangeOf } from '../../../../policy/prove/rules/number-ranges.ts';
import type { Test, ValueSet } from '../../../../policy/prove/rules/rule.ts';
import { makeValueFinder } from '../../../../policy/prove/search/find-values.ts';
import { makeBudget } from '../../../../policy/prove/words/budget.ts';
import { makeGlob } from '../../../../policy/prove/words/glob.ts';
import { MANY, type Piece } from '../../../../policy/prove/words/letters.ts';

const kinds = {
  isOfSeveral: (key: string) => key === 'several',
  isAlwaysThere: (key: string) => key === 'always',
  isTruthValue: (key: string) => key === 'truth',
};

const WILD: Readonly<Record<string, Piece>> = { '*': MANY, $: '${aws:username}' };
const text = (...written: string[]): ValueSet => ({
  kind: 'text',
  globs: written.map((each) => makeGlob(each.split('').map((letter) => WILD[letter] ?? letter))),
});
const number = (least: number, isDate = false): ValueSet => ({
  kind: 'number',
  ranges: [rangeOf('GreaterThanEquals', least)],
  isDate,
});
const ANY: ValueSet = { kind: 'any' };
const OPAQUE: ValueSet = { kind: 'opaque' };

let made = 0;
const demand = (among: ValueSet, changes: Partial<Test> = {}): Test => {
  made += 1;
  return {
    ...{ key: 'k', quantifier: 'some', negated: false, among, condition: `c${made}`, isToHold: true },
    ...{ isPlain: false, ...changes },
  };
};

/** What is found for a key: the values, a `?` after them where it is not sure, and whether a variable makes it doubtful. */
function found(key: string, ...tests: Test[]): string | undefined {
  const finder = makeValueFinder(kinds, makeBudget(10_000));
  const answer = finder.find(key, tests);
  const values =
    answer && `${answer.values.map((value) => value.join('')).join(' ')}${answer.isSure ? '' : '?'}`;
  return finder.isDoubtful() ? `${values} doubtful` : values;
}

describe('a key of one value', () => {
  test.each<[string, Test[], string | undefined]>([
    ['nothing is asked', [], ''],
    ['it must be there', [demand(ANY)], 'x'],
    ['it must not be there', [demand(ANY, { quantifier: 'every', negated: true })], ''],
    [
      'it must be there and must not',
      [demand(ANY), demand(ANY, { quantifier: 'every', negated: true })],
      undefined,
    ],
    ['a text', [demand(text('a'))], 'a'],
    ['two texts', [demand(text('a')), demand(text('b'))], undefined],
    ['one of two texts', [demand(text('a', 'b')), demand(text('b'))], 'b'],
    ['a text but for it', [demand(text('a*')), demand(text('a*'), { negated: true })], undefined],
    ['each value, of which there is none', [demand(text('a'), { quantifier: 'every' })], ''],
    ['a number', [demand(number(5))], '5'],
    ['a date', [demand(number(0, true))], '1970-01-01T00:00:00.000Z'],
    [
      'a date and a number of it',
      [demand(number(0)), demand(number(1000, true))],
      '1970-01-01T00:00:01.000Z',
    ],
    ['a text and a number: nobody compares them', [demand(text('a')), demand(number(5))], 'a?'],
    ['a text, and no number', [demand(text('a')), demand(number(5), { negated: true })], 'a?'],
    ['no number at all', [demand(number(-Infinity), { negated: true })], '?'],
    ['what is not modelled', [demand(OPAQUE)], '?'],
    ['what is not modelled, and a text', [demand(OPAQUE), demand(text('a'))], 'a?'],
    [
      'a condition that holds and does not',
      [demand(OPAQUE, { condition: 'same' }), demand(OPAQUE, { condition: 'same', isToHold: false })],
      undefined,
    ],
    [
      'two conditions, of which one does not hold',
      [demand(OPAQUE, { condition: 'one' }), demand(OPAQUE, { condition: 'other', isToHold: false })],
      '?',
    ],
    [
      'twice that one holds',
      [demand(OPAQUE, { condition: 'same' }), demand(OPAQUE, { condition: 'same' })],
      '?',
    ],
  ])('%s', (_, tests, answer) => {
    expect(found('k', ...tests)).toBe(answer);
  });

  test('one that is in every request has a value though none is asked', () => {
    expect(found('always')).toBe('x');
    expect(found('always', demand(text('a'), { quantifier: 'every' }))).toBe('a');
  });

  test('a truth value is true or false', () => {
    expect(found('truth', demand(ANY))).toBe('true');
    expect(found('truth', demand(text('true'), { negated: true }))).toBe('false');
    expect(found('truth', demand(text('maybe')))).toBeUndefined();
    expect(found('truth', demand(text('true')), demand(text('false')))).toBeUndefined();
  });
});

describe('a key of several values', () => {
  test('has one for each thing that some value must be', () => {
    expect(found('several', demand(text('a')), demand(text('b')))).toBe('a b');
    expect(
      found('several', demand(text('a')), demand(text('b')), demand(text('a'), { quantifier: 'every' })),
    ).toBe(undefined);
    expect(found('several', demand(text('a*')), demand(text('*b'), { quantifier: 'every' }))).toBe('ab');
    expect(found('several', demand(text('a'), { quantifier: 'every' }))).toBe('');
  });

  test('under an operator for one value there is no saying', () => {
    expect(found('several', demand(text('a'), { key: 'several', isPlain: true }))).toBe('?');
    expect(found('k', demand(text('a'), { isPlain: true }))).toBe('a');
  });
});

test('a variable makes it doubtful that there is no value only where two patterns meet', () => {
  expect(found('k', demand(text('$')), demand(text('b')))).toBe('undefined doubtful');
  expect(found('k', demand(text('a')), demand(text('b')))).toBe(undefined);
  expect(found('k', demand(text('$')), demand(text('$'), { negated: true }))).toBe(undefined);
  expect(found('k', demand(text('$')), demand(text('*')))).toBe('${aws:username}');
  expect(found('k', demand(text('a', '$')), demand(text('b')))).toBe('undefined doubtful');
});
