import { expect, test } from 'vitest';
import { problemIn } from '../../../console/api/api-problem.ts';

const invalid = { status: 400, code: 'invalid_request' };

test('a field is told once, though the detail and the list of fields both have it', () => {
  const errors = [
    { field: 'proposal', message: 'names an issuer that is not listed' },
    { field: 'reason', message: 'is too short' },
  ];
  const { message } = problemIn(400, {
    ...invalid,
    detail: 'proposal: names an issuer that is not listed',
    errors,
  });
  expect(message).toBe('proposal: names an issuer that is not listed reason: is too short');
});

test('reasons are told behind what was refused, and what is no problem of the API is none', () => {
  const reasons = [{ code: 'guardrail_forbids' }, { code: 'subject_required', detail: 'Send a token.' }];
  expect(problemIn(403, { ...invalid, title: 'Denied', reasons }).message).toBe(
    'Denied guardrail_forbids Send a token.',
  );
  expect(problemIn(502, '<html>').code).toBe('api_down');
});
