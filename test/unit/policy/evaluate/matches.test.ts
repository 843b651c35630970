import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../../policy/evaluate/evaluate.ts';
import { readPolicy } from '../../../support/policy/situation.ts';

type Context = Readonly<Record<string, string | readonly string[]>>;

const read = <Case>(name: string): Case[] => JSON.parse(readFileSync(`test/cases/policy/${name}`, 'utf8'));

/** Whether a statement applies to a request: what it allows is then allowed, and what it denies denied. */
function applies(
  elements: object,
  { action = 's3:GetObject', resource = 'arn:aws:s3:::b/a', context = {} as Context },
): boolean {
  const statement = { Action: '*', Resource: '*', ...elements };
  const ask = (...statements: object[]) =>
    evaluate(
      {
        principal: { kind: 'aws', arn: 'arn:aws:iam::111122223333:user/ann' },
        action,
        resource,
        resourceAccountId: '111122223333',
        context,
      },
      { identity: [readPolicy({ Version: '2012-10-17', Statement: statements }, 'identity')] },
    ).outcome;
  const allowed = ask({ ...statement, Effect: 'Allow' });
  const denied = ask({ Effect: 'Allow', Action: '*', Resource: '*' }, { ...statement, Effect: 'Deny' });
  // A statement applies or does not, whatever it then says.
  expect([allowed, denied]).toEqual(
    allowed === 'allowed' ? ['allowed', 'explicitly-denied'] : ['implicitly-denied', 'allowed'],
  );
  return allowed === 'allowed';
}

type ConditionCase = {
  readonly operator: string;
  readonly wanted: unknown;
  readonly given?: string | readonly string[];
  readonly context?: Context;
  readonly holds: boolean;
};

describe('a condition', () => {
  test.each(
    read<ConditionCase>('conditions.json').map(
      (condition) =>
        [
          `${condition.operator} ${JSON.stringify(condition.wanted)} of ${JSON.stringify(condition.given) ?? 'nothing'}`,
          condition,
        ] as const,
    ),
  )('%s', (_, { operator, wanted, given, context = {}, holds }) => {
    const asked = { context: { ...context, ...(given !== undefined && { 'test:KEY': given }) } };
    expect(applies({ Condition: { [operator]: { 'Test:Key': wanted } } }, asked)).toBe(holds);
  });

  test('holds only with all others: of one operator, and of several', () => {
    const condition = {
      StringEquals: { 'test:a': '1', 'test:b': '2' },
      StringLike: { 'test:a': '?' },
    };
    const holds = (context: Context) => applies({ Condition: condition }, { context });
    expect(holds({ 'test:a': '1', 'test:b': '2' })).toBe(true);
    expect(holds({ 'test:a': '1', 'test:b': '3' })).toBe(false);
    expect(holds({ 'test:a': '1' })).toBe(false);
    expect(holds({ 'test:b': '2' })).toBe(false);
  });
});

type ResourceCase = {
  readonly pattern: string;
  readonly resource: string;
  readonly context?: Context;
  readonly matches: boolean;
};

describe('a resource', () => {
  test.each(read<ResourceCase>('resources.json'))(
    '$resource and $pattern',
    ({ pattern, resource, context = {}, matches }) => {
      expect(applies({ Resource: pattern }, { resource, context })).toBe(matches);
      expect(applies({ Resource: undefined, NotResource: pattern }, { resource, context })).toBe(!matches);
    },
  );

  test('is meant by any of several patterns', () => {
    const patterns = ['arn:aws:s3:::c', 'arn:aws:s3:::b/*'];
    expect(applies({ Resource: patterns }, {})).toBe(true);
    expect(applies({ Resource: undefined, NotResource: patterns }, {})).toBe(false);
    expect(applies({ Resource: [] }, {})).toBe(false);
  });
});

type ActionCase = { readonly pattern: string; readonly action: string; readonly matches: boolean };

describe('an action', () => {
  test.each(read<ActionCase>('actions.json'))('$action and $pattern', ({ pattern, action, matches }) => {
    expect(applies({ Action: pattern }, { action })).toBe(matches);
    expect(applies({ Action: undefined, NotAction: pattern }, { action })).toBe(!matches);
  });

  test('is meant by any of several patterns', () => {
    expect(applies({ Action: ['sqs:*', 's3:Get*'] }, {})).toBe(true);
    expect(applies({ Action: undefined, NotAction: ['sqs:*', 's3:Get*'] }, {})).toBe(false);
    expect(applies({ Action: [] }, {})).toBe(false);
  });
});
