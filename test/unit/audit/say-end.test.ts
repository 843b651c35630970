import { expect, it } from 'vitest';
import { endReasonSchema } from '../../../lambdas/shared/domain/end-reasons.ts';
import { reasonCodeSchema } from '../../../lambdas/shared/domain/reason.ts';
import { sayEnd } from '../../../lambdas/shared/domain/text/say-end.ts';

const OF_STATUS = ['issued', 'applied', 'allowed', 'denied', 'expired', 'cancelled', 'failed'];

it('every end that neither a status nor a verdict tells has a sentence, and no code in it', () => {
  const told = endReasonSchema.options.filter(
    (code) => !OF_STATUS.includes(code) && !reasonCodeSchema.safeParse(code).success,
  );
  expect(told.length).toBeGreaterThan(20);
  for (const code of told)
    expect([code, sayEnd(code)]).toEqual([code, expect.stringMatching(/^[A-Z][^_]+\.$/)]);
});

it.each([...OF_STATUS, 'no_grants', 'toString'])('%s is told elsewhere', (code) =>
  expect(sayEnd(code)).toBeUndefined(),
);
