import { describe, expect, test } from 'vitest';
import type { GuardrailQuestion, Guardrails } from '../../../lambdas/shared/domain/guardrails/guardrails.ts';
import { validateDecision } from '../../../lambdas/validate-decision/validate-decision.ts';
import { bank, caseOf, NOW } from './arrange-case.ts';
import { caseSchema } from './case-schema.ts';

const metrics = { resource: 'bank_operational_metrics', actions: ['dynamodb:Query'] };
const change = { kind: 'policy', target: 'employee1', proposal: 'Employees read nothing.', baseVersion: 1 };

const guardrails = (
  answer: Partial<ReturnType<Guardrails['ask']>>,
  asked: GuardrailQuestion[] = [],
): Guardrails => ({
  digest: 'sha256:test',
  ask(question) {
    asked.push(question);
    return { allowed: true, policyIds: ['a', 'b'], errors: [], ...answer };
  },
});

/** The verdict on a case, with other parts of the rulebook. */
function decide(given: object, changes: Partial<typeof bank>) {
  const parsed = caseSchema.parse({ name: 'guarded', given, then: { outcome: 'deny' } });
  const rules = { ...bank, ...changes };
  return validateDecision(caseOf(parsed, rules), rules, NOW);
}

describe('a guardrail that errs denies', () => {
  test.each([
    [
      'access',
      { principal: 'analyst1', proposal: { grants: [metrics] } },
      'bank_operational_metrics',
      'dynamodb:Query',
    ],
    ['a change', { principal: 'admin', change }, 'policy_table', 'postern:ApplyChange'],
  ])('%s, and says which', (_, given, resource, action) => {
    const verdict = decide(given, { guardrails: guardrails({ errors: ['a: no such attribute'] }) });
    expect(verdict).toMatchObject({
      outcome: 'deny',
      reasons: [
        {
          code: 'guardrail_error',
          resource,
          action,
        },
      ],
    });
    expect(verdict).not.toHaveProperty('entitlement');
  });
});

describe('what the guardrails are asked', () => {
  test.each([
    [true, { subject: 'c-1042' }],
    [false, {}],
  ])('on behalf of a subject: %s', (onBehalfOf, request) => {
    const asked: GuardrailQuestion[] = [];
    const given = { principal: 'analyst1', request, proposal: { grants: [metrics] } };
    expect(decide(given, { guardrails: guardrails({}, asked) })).toMatchObject({ outcome: 'grant' });
    expect(asked[0]?.context).toEqual({
      durationSeconds: 900,
      onBehalfOf,
      breakGlass: false,
      references: [],
      onCall: [],
      openReferences: [],
      incidents: [],
      approvals: 0,
      stepUpApprovals: 0,
    });
  });

  test('a change is asked about as the shortest session is, for nobody else', () => {
    const asked: GuardrailQuestion[] = [];
    decide({ principal: 'admin', change }, { guardrails: guardrails({}, asked) });
    expect(asked[0]).toMatchObject({
      action: 'postern:ApplyChange',
      resource: { key: 'policy_table' },
      context: { durationSeconds: 900, onBehalfOf: false, approvals: 0, stepUpApprovals: 0 },
    });
  });

  test('all policies that forbid are named', () => {
    const given = { principal: 'analyst1', proposal: { grants: [metrics] } };
    const { reasons } = decide(given, { guardrails: guardrails({ allowed: false }) });
    expect(reasons).toMatchObject([{ code: 'guardrail_forbids', policyIds: ['a', 'b'] }]);
  });
});

test('a change that nothing stands in the way of is applied, by the policies that allow it', () => {
  const verdict = decide({ principal: 'admin', change }, { guardrails: guardrails({}) });
  expect(verdict).toMatchObject({ outcome: 'apply', policyIds: ['a', 'b'], reasons: [] });
});

test('without the entry that guards it, a change is denied', () => {
  const resources = new Map(bank.catalog.resources);
  resources.delete('policy_table');
  expect(decide({ principal: 'admin', change }, { catalog: { ...bank.catalog, resources } })).toMatchObject({
    outcome: 'deny',
    reasons: [{ code: 'unknown_resource', resource: 'policy_table' }],
  });
});
