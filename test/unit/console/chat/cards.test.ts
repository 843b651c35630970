import { expect, test } from 'vitest';
import { type Card, openCard, settleCard, tellProgress } from '../../../../console/chat/cards.ts';
import { showEntry } from '../../../../console/chat/show-entry.ts';
import type { RequestView } from '../../../../lambdas/front-door/request-views.ts';

const ASK = 'request_aws_access';
const RUN = 'run_dynamodb_operation';
const NOW = new Date('2026-11-30T12:00:00Z');
const asking = openCard(ASK, '{"reason":"The balance of c-1042."}');
const trying = openCard(RUN, '{"operation":"GetItem","table":"bank_balances","userId":"c-1042"}');

const request = (more: object) =>
  ({
    requestId: 'customer_support_agent-01JD3Z9Q2N8K4V6B1C5D7E9F0G',
    status: 'PENDING',
    subject: { issuer: 'https://issuer.example', id: 'c-1042' },
    ...more,
  }) as RequestView;
const granted = request({
  status: 'ISSUED',
  decision: {
    outcome: 'grant',
    reasons: [],
    entitlement: {
      grants: [
        { resource: 'bank_balances', actions: ['dynamodb:GetItem', 'dynamodb:Query'] },
        { resource: 'support_requests', actions: ['dynamodb:Query'] },
      ],
    },
  },
});
const line = ({ lines }: Card, name: string) => lines.find(([told]) => told === name)?.[1];

test('a call says what it is of, and whose rows', () => {
  expect(trying).toEqual({
    state: 'trying',
    title: 'GetItem on bank_balances',
    lines: [['Rows of', 'c-1042']],
  });
  expect(asking).toEqual({
    state: 'asking',
    title: 'Asks the broker for access',
    lines: [['Why', 'The balance of c-1042.']],
  });
});

test.each(['not JSON', '{"operation":1}', 'null', '[]'])(
  'arguments off schema are shown as they are: %s',
  (args) => {
    expect(openCard(RUN, args)).toEqual({ state: 'trying', title: `Calls ${RUN}`, lines: [['With', args]] });
    expect(openCard(ASK, args).lines).toEqual([['With', args]]);
  },
);

test('a request says how it stands, and then what is granted for whom', () => {
  expect(line(tellProgress(asking, request({})), 'Now')).toBe('The broker reviews it.');
  const waiting = tellProgress(asking, request({ status: 'AWAITING_APPROVAL' }));
  expect([waiting.state, line(waiting, 'Now')]).toEqual(['asking', 'People are asked to approve it.']);
  const told = tellProgress(waiting, granted);
  expect(told.lines).toEqual([
    ['Why', 'The balance of c-1042.'],
    ['May', 'bank_balances: GetItem, Query; support_requests: Query'],
    ['Rows of', 'c-1042, and nobody else'],
  ]);
});

test('what is proposed but not granted is not told as if it were', () => {
  const decision = { ...granted.decision, outcome: 'needs_approval' };
  const told = tellProgress(asking, request({ status: 'AWAITING_APPROVAL', decision }));
  expect(line(told, 'May')).toBeUndefined();
});

test.each([
  ['{"status":"granted","until":"2026-11-30T12:15:00.000Z"}', 'granted', undefined],
  [
    '{"status":"refused","code":"request_denied","detail":"Not for this customer."}',
    'denied',
    'Not for this customer.',
  ],
  ['{"status":"refused","code":"broker_unreachable","detail":"x"}', 'failed', /does not answer/],
  ['{"status":"refused","code":"subject_token_invalid","detail":"x"}', 'failed', /sign-in has ended/],
  ['{"error":"TypeError"}', 'failed', undefined],
  ['{"status":"granted","until":"soon"}', 'failed', undefined],
  ['not JSON', 'failed', undefined],
])('of a request, %s is %s', (result, state, because) => {
  const card = settleCard(tellProgress(asking, request({})), ASK, result);
  expect([card.state, line(card, 'Now')]).toEqual([state, undefined]);
  if (because) expect(line(card, 'Because')).toMatch(because);
});

test('a request that nobody answered in time still stands', () => {
  const card = settleCard(asking, ASK, '{"status":"refused","code":"wait_timed_out","detail":"x"}');
  expect([card.state, line(card, 'Now')]).toEqual(['asking', 'Nobody has answered yet. The request stands.']);
});

test.each([
  ['{"items":[{}]}', 'used', 'Found', '1 row'],
  ['{"items":[]}', 'used', 'Found', '0 rows'],
  ['{"error":"AccessDeniedException"}', 'denied', 'Because', /IAM refuses/],
  ['{"error":"ExpiredTokenException"}', 'expired', 'Because', /over/],
  ['{"error":"TimeoutError"}', 'failed', 'Because', 'TimeoutError'],
])('of a read, %s is %s', (result, state, name, text) => {
  const card = settleCard(trying, RUN, result);
  expect([card.state, line(card, name)]).toEqual([state, expect.stringMatching(text)]);
});

test('no row of an answer is on its card', () => {
  const card = settleCard(trying, RUN, '{"items":[{"user_id":"c-1042","balance":1250.4}]}');
  expect(JSON.stringify(card)).not.toContain('1250');
});

test('what was granted is over once its time is', () => {
  const card = settleCard(asking, ASK, '{"status":"granted","until":"2026-11-30T12:15:00.000Z"}');
  const shownAt = (moment: string) =>
    showEntry({ id: 0, version: 1, kind: 'card', card }, new Date(moment)).card?.badge;
  expect([shownAt('2026-11-30T12:14:59Z'), shownAt('2026-11-30T12:15:00Z')]).toEqual(['Granted', 'Expired']);
});

test('texts that would hide or reorder are written out, line by line, and long lines of a card are cut', () => {
  const shown = showEntry({ id: 1, version: 1, kind: 'agent', text: 'one\r\ntwo \u202Eevil\u200B' }, NOW);
  expect(shown.text).toBe('one\ntwo \\u{202E}evil\\u{200B}');
  const card = openCard(ASK, JSON.stringify({ reason: `\u202E${'x'.repeat(5000)}` }));
  const [[, text] = ['', '']] = showEntry({ id: 1, version: 1, kind: 'card', card }, NOW).card?.lines ?? [];
  expect([text.startsWith('\\u{202E}x'), text.length]).toEqual([true, 301]);
});
