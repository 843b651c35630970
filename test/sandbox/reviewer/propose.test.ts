import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { grantableFor } from '../../../lambdas/shared/domain/guardrails/grantable-for.ts';
import { propose } from '../../../sandbox/reviewer/propose.ts';
import { ofBank } from '../../support/bank.ts';
import { bank } from '../../unit/validate-decision/arrange-case.ts';

type Case = {
  as: string;
  reason: string;
  reads?: string[];
  /** Beside its reads, by resource. */
  writes?: Record<string, string[]>;
};
const cases = JSON.parse(readFileSync('test/cases/reviewer/reasons.json', 'utf8')) as Case[];

/** What the prompt would offer this principal: what the guardrails could ever allow it. */
const offeredTo = (id: string) =>
  grantableFor(ofBank(id), { onBehalfOf: ofBank(id).type === 'agent' }, bank).map(
    ({ resource, actions }) => ({
      key: resource.key,
      purpose: resource.purpose,
      actions: [...actions],
    }),
  );
const about = (reason: string, more: Partial<Parameters<typeof propose>[0]> = {}) =>
  propose({
    resources: offeredTo('customer_support_agent'),
    requestedDurationSeconds: null,
    change: null,
    feedback: [],
    reason,
    ...more,
  });

test.each(cases)('$as: $reason', ({ as, reason, reads, writes = {} }) => {
  const proposal = about(reason, { resources: offeredTo(as) });
  const expected = (reads ?? []).map((resource) => ({
    resource,
    actions: ['dynamodb:GetItem', 'dynamodb:Query', ...(writes[resource] ?? [])],
  }));
  expect(proposal).toMatchObject({
    approved: reads !== undefined,
    grants: expected,
    risk: Object.keys(writes).length > 0 ? 'medium' : 'low',
    authorization: reads ? 'implied' : 'none',
  });
});

test('it says what it is in every reason', () => {
  for (const { as, reason } of cases) {
    const proposal = about(reason, { resources: offeredTo(as) });
    expect(proposal.reason).toMatch(/^Offline keyword matcher: /);
  }
});

test('it never proposes a scan', () => {
  const text = JSON.stringify(cases.map(({ as, reason }) => about(reason, { resources: offeredTo(as) })));
  expect(JSON.stringify(offeredTo('analyst1'))).toContain('Scan');
  expect(text).not.toContain('Scan');
});

test('a change is left to people, and has no grants', () => {
  const proposal = about('A new rule for analysts.', { resources: [], change: { kind: 'policy' } });
  expect(proposal).toMatchObject({ approved: true, authorization: 'unclear' });
  expect(proposal).not.toHaveProperty('grants');
});

describe('what the validator said of the last proposal', () => {
  const balance = [{ resource: 'bank_balances', action: 'dynamodb:UpdateItem' }];
  const reason = 'Correct the balance, a fee was charged twice.';

  test('is left out of the next one', () => {
    expect(about(reason, { feedback: balance })).toMatchObject({
      grants: [{ resource: 'bank_balances', actions: ['dynamodb:GetItem', 'dynamodb:Query'] }],
    });
  });
  test('shortens the session first, where it was longer than it need be', () => {
    const first = about(reason, { requestedDurationSeconds: 3600 });
    const next = about(reason, { requestedDurationSeconds: 3600, feedback: balance });
    expect([first.durationSeconds, next.durationSeconds]).toEqual([3600, 900]);
    expect(next).toMatchObject({ grants: 'grants' in first ? first.grants : undefined });
  });
});
