import { expect, test } from 'vitest';
import { demoPrincipals } from '../../../demo/principals.ts';
import { explain, matrixOf } from '../../../lambdas/shared/domain/guardrails/guardrail-answers.ts';
import { ofBank } from '../../support/bank.ts';
import { bank } from '../validate-decision/arrange-case.ts';

const principals = demoPrincipals('https://issuer.example', '123456789012').map(({ principal }) => principal);

test('who could get what in the demo bank is this, and a change of it is a change of the case file', async () => {
  await expect(matrixOf(bank, principals)).toMatchFileSnapshot('../../cases/guardrails/matrix.txt');
});

test('an answer names the policies that decided', () => {
  expect(explain(bank, ofBank('employee1'), 'bank_customer_profiles', 'dynamodb:GetItem')).toMatch(
    /1 approval\ndecided by customer-data-needs-human$/,
  );
  expect(explain(bank, ofBank('analyst1'), 'bank_customer_profiles', 'dynamodb:GetItem')).toContain('never');
  expect(explain(bank, ofBank('analyst1'), 'bank_customer_profiles', 'dynamodb:Scan')).toBeUndefined();
});

test('a guardrail that errs is told as an error, with what it says', () => {
  const ask = () => ({ allowed: false, policyIds: ['a'], errors: ['a: no such attribute'] });
  const erring = { ...bank, guardrails: { ...bank.guardrails, ask } };
  expect(explain(erring, ofBank('analyst1'), 'bank_customer_profiles', 'dynamodb:GetItem')).toMatch(
    /: denied: a guardrail could not be evaluated\nerrors: a: no such attribute$/,
  );
  expect(matrixOf(erring, [ofBank('analyst1')])).not.toContain('never');
});
