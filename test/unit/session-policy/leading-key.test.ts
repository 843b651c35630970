import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  attributeIn,
  keyOfRows,
  readKeyPattern,
} from '../../../lambdas/shared/domain/session-policy/leading-key.ts';

const ann = { id: 'ann', attributes: { tenant: 't-1', 'org/unit': 'north' } };

describe('the key of a subject’s rows', () => {
  test.each([
    [undefined, 'ann'],
    ['${subject}', 'ann'],
    ['USER#${subject}', 'USER#ann'],
    ['USER#${subject}#ORDERS', 'USER#ann#ORDERS'],
    ['TENANT#${subject.tenant}', 'TENANT#t-1'],
    ['${subject.org/unit}', 'north'],
    ['TENANT#${subject.team}', undefined],
    ['${subject.constructor}', undefined],
  ])('%s', (pattern, key) => expect(keyOfRows(ann, pattern)).toBe(key));

  test.each([
    '',
    'USER',
    '${subject}${subject}',
    '${subject}#${subject.tenant}',
    '$${subject}',
    '${sub}',
    '${subject',
    '${aws:username}${subject}',
  ])('is not made of %j', (pattern) => {
    expect(readKeyPattern(pattern)).toBeUndefined();
    expect(keyOfRows(ann, pattern)).toBeUndefined();
  });

  test('of two subjects it is two, whatever they are called', () => {
    const text = fc.string({ minLength: 1, maxLength: 12 });
    const fixed = text.map((around) => around.replaceAll('$', '#'));
    fc.assert(
      fc.property(fixed, fixed, text, text, (before, after, id, other) => {
        const pattern = `${before}\${subject}${after}`;
        return (keyOfRows({ id }, pattern) === keyOfRows({ id: other }, pattern)) === (id === other);
      }),
    );
  });

  test('what it needs of a subject besides the id', () => {
    expect(attributeIn('TENANT#${subject.tenant}')).toBe('tenant');
    expect(attributeIn('USER#${subject}')).toBeUndefined();
    expect(attributeIn()).toBeUndefined();
  });
});
