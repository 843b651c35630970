import { describe, expect, test } from 'vitest';
import { findQuorum } from '../../../lambdas/shared/domain/guardrails/find-quorum.ts';
import type { GuardrailContext, Guardrails } from '../../../lambdas/shared/domain/guardrails/guardrails.ts';
import { ofBank } from '../../support/bank.ts';
import { bank } from '../validate-decision/arrange-case.ts';

const resource = bank.catalog.resources.get('bank_customer_profiles');
if (!resource) throw new Error('no such resource');
const asked = {
  principal: ofBank('employee1'),
  resource,
  actions: ['read', 'write'],
  context: { durationSeconds: 900, onBehalfOf: false },
};
const NONE = { approvals: 0, stepUp: 0 };

type Rule = (action: string, context: GuardrailContext) => boolean;
/** Guardrails of one rule; what denies is named after the action. */
const guardrailsBy = (rule: Rule, errors: (action: string) => string[] = () => []): Guardrails => ({
  digest: 'sha256:test',
  ask: ({ action, context }) => ({
    allowed: rule(action, context),
    policyIds: [`${action}-rule`, 'every-rule'],
    errors: errors(action),
  }),
});
const find = (rule: Rule, has = NONE) => findQuorum(guardrailsBy(rule), asked, has);

test('allowed as things are: by the policies of every action, in order and once', () => {
  expect(find(() => true)).toEqual({ kind: 'allowed', policyIds: ['every-rule', 'read-rule', 'write-rule'] });
});

describe('the smallest quorum: fewest approvals, then fewest with a code', () => {
  test.each<[string, Rule, { approvals: number; stepUp: number }]>([
    ['two', (_, { approvals }) => approvals >= 2, { approvals: 2, stepUp: 0 }],
    ['one with a code', (_, { stepUpApprovals }) => stepUpApprovals >= 1, { approvals: 1, stepUp: 1 }],
    [
      'two, one with a code',
      (_, { approvals, stepUpApprovals }) => approvals >= 2 && stepUpApprovals >= 1,
      { approvals: 2, stepUp: 1 },
    ],
    ['three with codes', (_, { stepUpApprovals }) => stepUpApprovals >= 3, { approvals: 3, stepUp: 3 }],
    [
      'what each action asks for, together',
      (action, { approvals, stepUpApprovals }) => (action === 'read' ? stepUpApprovals >= 1 : approvals >= 3),
      { approvals: 3, stepUp: 1 },
    ],
  ])('%s', (_, rule, quorum) => {
    expect(find(rule)).toEqual({
      kind: 'needs',
      quorum,
      policyIds: ['every-rule', 'read-rule', 'write-rule'],
    });
    expect(find(rule, quorum)).toMatchObject({ kind: 'allowed' });
  });

  test('the policies are those of the actions that are denied as things are', () => {
    const answer = find((action, { approvals }) => action === 'read' || approvals >= 1);
    expect(answer).toMatchObject({ kind: 'needs', policyIds: ['every-rule', 'write-rule'] });
  });
});

test('never: the action that every approval there is does not open, and by which policies', () => {
  const never = { kind: 'never', action: 'write', policyIds: ['write-rule', 'every-rule'] };
  expect(find((action) => action === 'read')).toEqual(never);
  // The other action is denied as things are, and would be allowed with approvals.
  expect(find((action, { approvals }) => action === 'read' && approvals >= 1)).toEqual(never);
});

test('where each action is open under approvals that exclude each other, it is never, by what denies now', () => {
  const answer = find((action, { approvals }) => approvals > 0 && (action === 'read') === (approvals === 1));
  expect(answer).toMatchObject({ kind: 'never', action: 'read' });
});

test('approvals that a guardrail takes for too many open nothing that fewer would have opened', () => {
  const atMostOne: Rule = (_, { approvals }) => approvals <= 1;
  expect(find(atMostOne)).toMatchObject({ kind: 'allowed' });
  expect(find(atMostOne, { approvals: 2, stepUp: 0 })).toMatchObject({ kind: 'never', action: 'read' });
  // More than are ever asked for, so that no quorum is left but those that need a code.
  const four = { approvals: 4, stepUp: 0 };
  expect(find((_, { approvals }) => approvals <= 3, four)).toMatchObject({
    quorum: { approvals: 3, stepUp: 1 },
  });
  expect(find((_, { stepUpApprovals }) => stepUpApprovals >= 1, four)).toMatchObject({
    kind: 'needs',
    quorum: { approvals: 3, stepUp: 1 },
  });
  const orWithCodes: Rule = (_, { approvals, stepUpApprovals }) => approvals <= 1 || stepUpApprovals >= 2;
  const quorum = { approvals: 2, stepUp: 2 };
  expect(find(orWithCodes, { approvals: 2, stepUp: 1 })).toMatchObject({ kind: 'needs', quorum });
});

test('an evaluation error is its own answer, whatever else is allowed', () => {
  const guardrails = guardrailsBy(
    () => true,
    (action) => (action === 'write' ? ['write-rule: attribute missing'] : []),
  );
  expect(findQuorum(guardrails, asked, NONE)).toEqual({
    kind: 'error',
    action: 'write',
    errors: ['write-rule: attribute missing'],
  });
});
