import { expect, test } from 'vitest';
import { escalationCases, pathsTold } from '../../../support/policy/escalation-cases.ts';

const cases = escalationCases();

test('there are as many of each kind as are promised', () => {
  expect(cases.filter(({ escalates }) => escalates).length).toBeGreaterThanOrEqual(20);
  expect(cases.filter(({ escalates }) => !escalates).length).toBeGreaterThanOrEqual(20);
});

test.each(cases)('$name: escalates $escalates', (given) => {
  const told = pathsTold(given);
  expect(told.length > 0 ? { escalates: true, told } : { escalates: false }).toMatchObject({
    escalates: given.escalates,
  });
});
