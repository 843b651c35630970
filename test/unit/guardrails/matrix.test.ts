import { expect, test } from 'vitest';
import { demoPrincipals } from '../../../demo/principals.ts';
import { explain, matrixOf } from '../../../lambdas/shared/domain/guardrails/guardrail-answers.ts';
import { drawMatrix, matrixByGroup } from '../../../lambdas/shared/domain/guardrails/matrix-by-group.ts';
import { ofBank } from '../../support/bank.ts';
import { bank } from '../validate-decision/arrange-case.ts';

const principals = demoPrincipals('https://issuer.example', '123456789012').map(({ principal }) => principal);

test('who could get what in the demo bank is this, and a change of it is a change of the case file', async () => {
  await expect(matrixOf(bank, principals)).toMatchFileSnapshot('../../cases/guardrails/matrix.txt');
});

test('it is drawn by those whom the guardrails answer alike, without what they never get', () => {
  const groups = matrixByGroup(bank, principals);
  const drawn = drawMatrix(groups, { never: false });
  expect(drawn).toContain('analyst1 (analysts)\n  bank_operational_metrics           allowed');
  expect(drawn).toContain('approver1, approver2, auditor1, suspended1\n  never: 9 of 9 resources');
  expect(drawn).not.toMatch(/bank_balances.*never/);
  expect(drawMatrix(groups, { never: true })).toMatch(/bank_balances.*never/);
  expect(matrixByGroup(bank, [ofBank('admin')], 'users_table')).toEqual([
    {
      principals: ['admin'],
      groups: ['admins', 'approvers'],
      resources: [
        {
          key: 'users_table',
          ownRows: false,
          answers: [{ answer: '1 approval', actions: ['dynamodb:GetItem', 'dynamodb:Query'] }],
        },
      ],
    },
  ]);
});

test('what no permit could permit is answered as Cedar would', () => {
  const { couldPermit: _, ...asksAll } = bank.guardrails;
  expect(matrixOf({ ...bank, guardrails: asksAll }, principals)).toBe(matrixOf(bank, principals));
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
  const { couldPermit: _, ...whole } = bank.guardrails;
  const erring = { ...bank, guardrails: { ...whole, ask } };
  expect(explain(erring, ofBank('analyst1'), 'bank_customer_profiles', 'dynamodb:GetItem')).toMatch(
    /: denied: a guardrail could not be evaluated\nerrors: a: no such attribute$/,
  );
  expect(matrixOf(erring, [ofBank('analyst1')])).not.toContain('never');
});
