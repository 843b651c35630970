import { expect, test } from 'vitest';
import { accountOf } from '../../../../clients/iam/account/account-of.ts';
import { collectedSchema } from '../../../../clients/iam/account/collected-account.ts';
import { auditAccount } from '../../../../policy/audit/audit-account.ts';
import { makeIsPossible } from '../../../../policy/audit/reach/is-possible.ts';
import { meansCaller } from '../../../../policy/audit/reach/means-caller.ts';
import { meansResource } from '../../../../policy/audit/reach/means-resource.ts';
import { requestContext } from '../../../../policy/evaluate/request-context.ts';
import type { Statement } from '../../../../policy/parse/policy-model.ts';
import { ownPolicy, satisfiable } from '../../../../policy/questions/satisfiable.ts';
import { data } from '../../../support/policy/check-case.ts';
import { allow, COLLECTED, inline, policyDocument, role } from '../../../support/policy/collected-account.ts';

const arnOf = (nth: number) => `arn:aws:iam::111122223333:role/r${nth}`;
const trust = (Principal: unknown, more: object = {}) =>
  policyDocument({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });

type Shape = (nth: number, all: readonly string[]) => { trust: object; may: readonly object[] };
const ANY = { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'blue' } } };

/** Accounts in which everybody may become everybody, written in different ways. */
const SHAPES: Readonly<Record<string, Shape>> = {
  'a trust of the whole account': (nth) => ({
    trust: trust({ AWS: '111122223333' }),
    may: [allow('sts:AssumeRole'), allow('s3:GetObject', `arn:aws:s3:::b${nth}/*`)],
  }),
  'a trust that lists everybody': (_, all) => ({ trust: trust({ AWS: all }), may: [allow('s3:GetObject')] }),
  'a policy that lists everybody, under a condition': (_, all) => ({
    trust: trust('*', ANY),
    may: [allow('sts:AssumeRole', all, ANY)],
  }),
  'patterns, and a Deny of its own each': (nth) => ({
    trust: trust({ AWS: '111122223333' }, ANY),
    may: [
      allow('sts:AssumeRole', 'arn:aws:iam::111122223333:role/r*'),
      { Effect: 'Deny', Action: 'sts:*', Resource: arnOf(nth), ...ANY },
    ],
  }),
  'roles that are passed to machines': (nth) => ({
    trust: trust({ AWS: '111122223333', Service: 'ec2.amazonaws.com' }),
    may: [
      allow('ec2:RunInstances'),
      allow(['iam:PassRole', 'sts:AssumeRole'], `arn:aws:iam::*:role/r*`),
      allow('s3:GetObject', `arn:aws:s3:::b${nth}/*`),
    ],
  }),
};

/** Audits so many roles of a shape, and answers how often it was proved of two of them what one may do with the other. */
function proofsOf(shape: Shape, size: number): number {
  const all = Array.from({ length: size }, (_, nth) => arnOf(nth));
  const RoleDetailList = all.map((_, nth) => {
    const made = shape(nth, all);
    return role(`r${nth}`, {
      AssumeRolePolicyDocument: made.trust,
      RolePolicyList: [inline('own', policyDocument(...made.may))],
    });
  });
  const collected = collectedSchema.parse({ ...COLLECTED, authorizationDetails: { RoleDetailList } });
  let proofs = 0;
  const isPossible = makeIsPossible((layers) => {
    proofs += 1;
    return satisfiable(layers);
  });
  const { principals } = auditAccount(accountOf(collected, data), { breakGlass: [] }, data, isPossible);
  expect(principals).toHaveLength(size);
  return proofs;
}

test.each(Object.entries(SHAPES))('%s: as many proofs for forty roles as for ten', (_, shape) => {
  const few = proofsOf(shape, 10);
  expect(few).toBeLessThan(10);
  expect(proofsOf(shape, 40)).toBe(few);
});

test('conditions of their own each: proofs grow with the roles, and not with their pairs', () => {
  const shape: Shape = (nth) => ({
    trust: trust({ AWS: '111122223333' }, { Condition: { StringEquals: { 'sts:ExternalId': `x${nth}` } } }),
    may: [allow('sts:AssumeRole')],
  });
  const few = proofsOf(shape, 10);
  expect(few).toBeGreaterThanOrEqual(10);
  expect(proofsOf(shape, 40)).toBeLessThanOrEqual(few * 4);
});

/** A statement that notes how often its list is gone through. */
function counted(statement: Statement | undefined, element: 'resources' | 'principals') {
  if (!statement) throw new Error('there is no statement');
  let times = 0;
  const { negated = false, items = [] } = statement[element] ?? {};
  const list = {
    negated,
    get items() {
      times += 1;
      return items;
    },
  };
  return { statement: { ...statement, [element]: list } as Statement, times: () => times };
}

test('a list is gone through once, and not for each who is looked for in it', () => {
  const all = Array.from({ length: 50 }, (_, nth) => arnOf(nth));
  const listing = counted(ownPolicy([allow('sts:AssumeRole', all)]).statements[0], 'resources');
  const trusting = counted(ownPolicy(trust({ AWS: all }).Statement, 'trust').statements[0], 'principals');
  const found = all.filter(
    (arn) =>
      meansResource(listing.statement, arn, requestContext({})) &&
      meansCaller(trusting.statement, { kind: 'arn', arn }) === 'itself',
  );
  expect(found).toEqual(all);
  expect(meansResource(listing.statement, arnOf(50), requestContext({}))).toBe(false);
  expect(meansCaller(trusting.statement, { kind: 'arn', arn: arnOf(50) })).toBeUndefined();
  expect([listing.times(), trusting.times()].every((times) => times > 0 && times < 10)).toBe(true);
});
