import { describe, expect, test } from 'vitest';
import { countsAgainst } from '../../../lambdas/shared/domain/end-reasons.ts';
import { countDenial } from '../../../lambdas/shared/domain/limits/count-denial.ts';
import { noUsage, suspensionAt, type Usage } from '../../../lambdas/shared/domain/limits/usage.ts';
import { reasonCodeSchema } from '../../../lambdas/shared/domain/reason.ts';

const TERMS = { denials: 3, withinSeconds: 600, forSeconds: 900 };
const START = Date.parse('2026-11-20T12:00:00.000Z');
const secondsIn = (seconds: number) => new Date(START + seconds * 1000);
const id = (n: number) => `analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F${String(n).padStart(2, '0')}`;

/** The usage after denials at these seconds, of requests 0, 1, 2 … */
const after = (...seconds: number[]): Usage =>
  seconds.reduce(
    (usage, second, n) => countDenial(usage, { requestId: id(n) }, TERMS, secondsIn(second)),
    noUsage('analyst1'),
  );

test('the third denial within ten minutes suspends for fifteen, and names all three', () => {
  expect(after(0, 1).suspension).toBeUndefined();
  expect(after(0, 1).denials.map(({ requestId }) => requestId)).toEqual([id(0), id(1)]);
  expect(after(0, 1, 599)).toEqual({
    ...noUsage('analyst1'),
    suspension: {
      since: secondsIn(599).toISOString(),
      until: secondsIn(599 + 900).toISOString(),
      requestIds: [id(0), id(1), id(2)],
    },
  });
});

test('denials far apart suspend nobody, and are forgotten', () => {
  const usage = after(0, 1, 600);
  expect(usage.suspension).toBeUndefined();
  expect(usage.denials.map(({ requestId }) => requestId)).toEqual([id(1), id(2)]);
});

test('counting one request again changes nothing, before the suspension and after', () => {
  const before = after(0, 1);
  expect(countDenial(before, { requestId: id(1) }, TERMS, secondsIn(2))).toBe(before);
  const suspended = after(0, 1, 2);
  expect(countDenial(suspended, { requestId: id(2) }, TERMS, secondsIn(3))).toBe(suspended);
  expect(countDenial(suspended, { requestId: id(2) }, TERMS, secondsIn(2000))).toBe(suspended);
});

test('what was under way when the suspension began does not prolong it', () => {
  const suspended = after(0, 1, 2);
  expect(countDenial(suspended, { requestId: id(8) }, TERMS, secondsIn(901))).toBe(suspended);
});

test('once it is over, counting begins anew, and may suspend again', () => {
  const again = after(0, 1, 2, 902, 903);
  expect(again.denials).toHaveLength(2);
  expect(countDenial(again, { requestId: id(9) }, TERMS, secondsIn(904)).suspension?.requestIds).toEqual([
    id(3),
    id(4),
    id(9),
  ]);
});

describe('which denials count', () => {
  test('of all reason codes these do not: nobody judged, or the broker itself was the reason', () => {
    expect(reasonCodeSchema.options.filter((code) => !countsAgainst(code))).toEqual([
      'review_malformed',
      'several_roles',
      'session_policy_too_large',
      'session_too_wide',
      'guardrail_error',
      'reference_required',
      'fact_missing',
      'config_digest_mismatch',
      'job_unknown',
      'job_outdated',
      'approval_timed_out',
      'approval_unreachable',
      'approval_not_possible',
      'approval_nobody_on_call',
    ]);
  });

  test.each([
    ['standing_changed', false],
    ['policy_missing', false],
    ['change_stale', false],
    ['principal_suspended', true],
    ['denied', true],
  ] as const)('%s: %s', (reason, counts) => {
    expect(countsAgainst(reason)).toBe(counts);
  });
});

describe('on behalf of customers', () => {
  const forCustomer = (who: (n: number) => string, many: number) =>
    Array.from({ length: many }, (_, n) => n).reduce(
      (usage, n) => countDenial(usage, { requestId: id(n), subject: who(n) }, TERMS, secondsIn(n)),
      noUsage('agent1'),
    );

  test('so many for one customer suspend what is asked for that one, and for nobody else', () => {
    const usage = forCustomer(() => 'one', TERMS.denials);
    expect([usage.suspension, usage.denials]).toEqual([undefined, []]);
    expect(suspensionAt(usage, secondsIn(TERMS.denials), 'one')?.requestIds).toHaveLength(TERMS.denials);
    expect(suspensionAt(usage, secondsIn(TERMS.denials), 'another')).toBeUndefined();
    expect(suspensionAt(usage, secondsIn(TERMS.denials))).toBeUndefined();
    expect(suspensionAt(usage, secondsIn(TERMS.denials + TERMS.forSeconds), 'one')).toBeUndefined();
  });

  test('one customer, however often, weighs on the agent as one', () => {
    const often = forCustomer((n) => (n < TERMS.denials - 1 ? 'one' : 'another'), TERMS.denials);
    expect([often.suspension, often.subjectSuspensions]).toEqual([undefined, undefined]);
  });

  test('so many customers suspend the agent for all', () => {
    const usage = forCustomer((n) => `customer ${n}`, TERMS.denials);
    expect(suspensionAt(usage, secondsIn(TERMS.denials), 'somebody new')?.requestIds).toHaveLength(
      TERMS.denials,
    );
  });

  test('counted twice, or while suspended, changes nothing', () => {
    const usage = forCustomer(() => 'one', TERMS.denials);
    expect(countDenial(usage, { requestId: id(0), subject: 'one' }, TERMS, secondsIn(5))).toBe(usage);
    expect(countDenial(usage, { requestId: id(99), subject: 'one' }, TERMS, secondsIn(5))).toBe(usage);
    const later = countDenial(usage, { requestId: id(99), subject: 'another' }, TERMS, secondsIn(5));
    expect(later.denials).toMatchObject([{ requestId: id(99), subject: 'another' }]);
  });
});
