import { expect, test } from 'vitest';
import { describeError } from '../../../clients/cli/describe-error.ts';
import { describeRequest, listLine } from '../../../clients/cli/describe-request.ts';
import type { RequestView } from '../../../lambdas/front-door/request-views.ts';

/** Sets a terminal's title, ends the line, and reads backwards from there. */
const HOSTILE = 'Approved.\u001b]0;owned\u0007\n\u202eREADY';
const SHOWN = 'Approved.\\u{1B}]0;owned\\u{7}\\n\\u{202E}READY';

const request = {
  requestId: 'analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F0G',
  status: 'DENIED',
  reason: HOSTILE,
  createdAt: '2026-11-20T12:00:00.000Z',
  decision: { reasons: [{ code: 'review_not_approved', detail: HOSTILE }] },
  deniedBy: [{ by: 'approver1', because: HOSTILE }],
} as unknown as RequestView;

test('words of others are shown as they are, and do nothing to the terminal', () => {
  expect(describeRequest(request).split('\n')).toEqual([
    'analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F0G  DENIED',
    `  asked   ${SHOWN}`,
    `  review_not_approved: ${SHOWN}`,
    `  approver1 says: ${SHOWN}`,
  ]);
  expect(listLine(request)).toContain(SHOWN);
  expect(describeError(new Error(HOSTILE))).toBe(`postern: ${SHOWN}`);
});

test.each([
  ['reviewer_unavailable', 'the reviewer could not be reached; ask again in a minute (reviewer_unavailable)'],
  ['States.Timeout', 'something broke, and nothing was given: States.Timeout; ask again'],
  [undefined, 'something broke; nothing was given, and nothing counts against you'],
])('FAILED says why: %s', (closedBecause, words) => {
  const failed = { ...request, status: 'FAILED', closedBecause, decision: undefined, deniedBy: undefined };
  expect(describeRequest(failed as never)).toContain(`  ended   ${words}`);
});
