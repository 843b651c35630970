import { expect, test } from 'vitest';
import { resolveGrants } from '../../../lambdas/shared/domain/catalog/resolve-grants.ts';
import { buildSessionPolicy } from '../../../lambdas/shared/domain/session-policy/build-session-policy.ts';
import type { Verdict } from '../../../lambdas/shared/domain/verdict.ts';
import { proveVerdict } from '../../../lambdas/validate-decision/prove-verdict.ts';
import { entitlement, grantedState } from '../../support/example-state.ts';
import { bank } from './arrange-case.ts';

const { request } = grantedState();
const subject = { issuer: 'https://idp.example', id: 'c-1042' };

/** A verdict that would grant this, with a session policy that may be another one than its grants have. */
function granting(sessionPolicy: string, grants = entitlement.grants): Verdict {
  return {
    outcome: 'grant',
    reasons: [],
    decidedAt: '2026-11-20T12:00:00.000Z',
    proposalDigest: 'sha256:proposal',
    policyIds: [],
    approvers: [],
    entitlement: { ...entitlement, grants, sessionPolicy },
  };
}
const built = (grants: typeof entitlement.grants, subjectId?: string) =>
  buildSessionPolicy(resolveGrants(grants, bank.catalog).grants, subjectId);
const balances = [{ resource: 'bank_balances', actions: ['dynamodb:GetItem', 'dynamodb:Query'] }];

test('what the builder builds is proved, and the proof is in the verdict', () => {
  const verdict = proveVerdict(granting(built(entitlement.grants)), { request }, bank, () => 0);
  expect(verdict).toMatchObject({
    outcome: 'grant',
    proof: { verdict: 'within', referenceDigest: expect.stringMatching(/^sha256:/), milliseconds: 0 },
  });
});

test.each([
  ['a wildcard for the table', (text: string) => text.replace('table/bank_balances', 'table/*')],
  ['another subject', (text: string) => text.replace('c-1042', 'c-2077')],
  ['no Null', (text: string) => text.replace(/,"Null":\{[^}]*\}/, '')],
  ['no condition', (text: string) => text.replace(/"Condition":\{.*?\}\},/, '')],
  [
    'an action more',
    (text: string) => text.replace('"dynamodb:GetItem"', '"dynamodb:GetItem","dynamodb:Scan"'),
  ],
])('a session policy with %s is a denial, with a request that shows it', (_, alter) => {
  const right = built(balances, subject.id);
  const altered = alter(right);
  expect(altered).not.toBe(right);
  const verdict = proveVerdict(
    granting(altered, balances),
    { request: { ...request, subject } },
    bank,
    () => 0,
  );
  expect(verdict).toMatchObject({
    outcome: 'deny',
    reasons: [{ code: 'session_too_wide' }],
    proof: { verdict: 'wider', counterexample: { action: expect.stringMatching(/^dynamodb:/) } },
  });
  expect(verdict.entitlement).toBeUndefined();
});

test('what cannot be read is not proved: a malfunction', () => {
  expect(() => proveVerdict(granting('not JSON'), { request }, bank, () => 0)).toThrow(
    expect.objectContaining({ name: 'SessionNotProved' }),
  );
});

test('a denial has nothing to prove', () => {
  const denial: Verdict = { ...granting('not JSON'), outcome: 'deny' };
  expect(proveVerdict(denial, { request }, bank, () => 0)).toBe(denial);
});
