import { describe, expect, test } from 'vitest';
import {
  type Denials,
  denialPolicyOf,
  denyEveryOlder,
  denySessions,
  liveDenials,
  MOST_DENIAL_CHARACTERS,
  noDenials,
} from '../../../lambdas/shared/domain/revocation/denials.ts';
import { NOW } from '../../support/example-state.ts';

const ROLE = 'arn:aws:iam::123456789012:role/postern-brokered';
const inSeconds = (seconds: number) => new Date(NOW.getTime() + seconds * 1000).toISOString();
const denied = (name: string, seconds = 900) => ({
  userId: `AROAEXAMPLE:${name}`,
  until: inSeconds(seconds),
});
const statementsOf = (denials: Denials) => JSON.parse(denialPolicyOf(denials)).Statement;

test('a denied session is denied everything, and no other is', () => {
  const denials = denySessions(noDenials(ROLE), [denied('one'), denied('two')], NOW);
  expect(denials && statementsOf(denials)).toEqual([
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:userid': ['AROAEXAMPLE:one', 'AROAEXAMPLE:two'] } },
    },
  ]);
});

test('with nobody denied the policy names nobody: IAM takes no empty list', () => {
  expect(statementsOf(noDenials(ROLE))[0].Condition).toEqual({ StringEquals: { 'aws:userid': ['nobody'] } });
});

test('a denial twice is one, and ended ones go when another comes', () => {
  const first = denySessions(noDenials(ROLE), [denied('old', -1), denied('one')], NOW);
  const next = first && denySessions(first, [denied('one'), denied('two')], NOW);
  expect(next?.sessions).toEqual([denied('one'), denied('two')]);
});

test('a denial stays until the very moment its session ends', () => {
  const denials = { ...noDenials(ROLE), sessions: [denied('one')] };
  expect(liveDenials(denials, new Date(NOW.getTime() + 899_999)).sessions).toEqual([denied('one')]);
  expect(liveDenials(denials, new Date(NOW.getTime() + 900_000)).sessions).toEqual([]);
});

describe('where no more sessions fit', () => {
  const many = Array.from({ length: 100 }, (_, index) => denied(`employee1-01KAE000000000000000000${index}`));

  test('nothing is denied one by one', () => {
    const fitting = many.slice(0, 20);
    expect(denySessions(noDenials(ROLE), fitting, NOW)?.sessions).toEqual(fitting);
    expect(denySessions(noDenials(ROLE), many, NOW)).toBeUndefined();
  });

  test('every older session can be, in a policy that fits', () => {
    const all = denyEveryOlder({ ...noDenials(ROLE), sessions: many }, inSeconds(3600), NOW);
    expect(statementsOf(all).at(-1).Condition).toEqual({
      DateLessThan: { 'aws:TokenIssueTime': NOW.toISOString() },
    });
    expect(denialPolicyOf(all).length).toBeLessThan(MOST_DENIAL_CHARACTERS);
    expect(liveDenials(all, new Date(inSeconds(3600))).everyOlder).toBeUndefined();
  });
});
