import { expect, test } from 'vitest';
import {
  NotARecord,
  readRecordedRequests,
} from '../../../scripts/replay-guardrails/read-recorded-requests.ts';
import { replayRequests } from '../../../scripts/replay-guardrails/replay-requests.ts';
import { sayReplay } from '../../../scripts/replay-guardrails/say-replay.ts';
import { ofBank } from '../../support/bank.ts';
import { bank } from '../validate-decision/arrange-case.ts';

const HASH = `sha256:${'0'.repeat(64)}`;
const idOf = (nth: number) => `analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F${String(nth).padStart(2, '0')}`;
let seq = 0;
const record = (nth: number, event: string, facts: object): string => {
  seq += 1;
  const place = { chain: 'analyst1', seq, eventId: `${idOf(nth)}#${event}#1`, requestId: idOf(nth), event };
  return JSON.stringify({ ...place, at: dayOf(nth), facts, previousHash: HASH, hash: HASH, mac: 'AA==' });
};
const dayOf = (nth: number) => `2026-11-${String(nth).padStart(2, '0')}T12:00:00.000Z`;
const request = (nth: number, more: object = {}) => ({
  ...{ requestId: idOf(nth), principalId: 'analyst1', dryRun: false, createdAt: dayOf(nth) },
  reason: 'The weekly report needs the metrics.',
  ...more,
});
const review = (resource: string) => ({
  outcome: 'proposal',
  ...{ attempt: 1, model: 'a-model', promptDigest: HASH },
  proposal: {
    ...{ approved: true, durationSeconds: 900, risk: 'low', authorization: 'explicit', reason: 'It fits.' },
    grants: [{ resource, actions: ['dynamodb:Query'] }],
  },
});
const asking = (nth: number, resource: string, more?: object) => [
  record(nth, 'requested', { request: request(nth, more) }),
  record(nth, 'reviewed', { review: review(resource) }),
  record(nth, 'validated', { verdict: { outcome: 'grant' } }),
];
const analyst1 = new Map([['analyst1', ofBank('analyst1')]]);

/** The bank, but that somebody has to approve whatever is allowed. */
const strict = {
  ...bank,
  guardrails: {
    ...bank.guardrails,
    ask: (question: Parameters<typeof bank.guardrails.ask>[0]) =>
      question.context.approvals > 0
        ? bank.guardrails.ask(question)
        : { allowed: false, policyIds: ['strict'], errors: [] },
  },
};

test('says which requests would be answered otherwise, and how', () => {
  const { requests, leftOut } = readRecordedRequests([
    ...asking(2, 'bank_customer_profiles'),
    ...asking(1, 'bank_operational_metrics'),
  ]);
  expect(requests.map((recorded) => recorded.request.requestId)).toEqual([idOf(1), idOf(2)]);
  const { replayed, unknown } = replayRequests(requests, analyst1, { inForce: bank, tried: strict });
  const said = sayReplay(replayed, leftOut, unknown, { all: false });
  expect(said).toContain(idOf(1));
  expect(said).toContain('first verdict of that day: grant');
  expect(said).toContain('in force: granted at once, for 15 minutes\n    tried:    asks 1 of');
  expect(said).toMatch(/^1 of 2 would be answered otherwise\.\n {5}1 {2}granted at once → asks 1 of/m);
  // What neither allows is the same under both, and shown with everything else.
  expect(said).not.toContain(idOf(2));
  expect(sayReplay(replayed, leftOut, unknown, { all: true })).toMatch(/in force: denied: /);
});

test('takes the last review, and a period from its start to before its end', () => {
  const twice = [
    ...asking(3, 'bank_balances'),
    record(3, 'reviewed', { review: review('bank_operational_metrics') }),
  ];
  const [found] = readRecordedRequests(twice).requests;
  expect(found?.review).toMatchObject({ proposal: { grants: [{ resource: 'bank_operational_metrics' }] } });
  const log = [1, 2, 3].flatMap((nth) => asking(nth, 'bank_operational_metrics'));
  const period = { from: new Date(dayOf(2)), to: new Date(dayOf(3)) };
  expect(readRecordedRequests(log, period).requests.map((each) => each.request.requestId)).toEqual([idOf(2)]);
});

test('names what it cannot judge again', () => {
  const change = { kind: 'policy', target: 'analyst1', proposal: HASH, proposalDigest: HASH, baseVersion: 1 };
  const { requests, leftOut } = readRecordedRequests([
    ...asking(1, 'bank_operational_metrics', { change }),
    ...asking(2, 'bank_operational_metrics', { call: { parameters: HASH } }),
    record(3, 'requested', { request: request(3) }),
    ...asking(4, 'bank_operational_metrics'),
    '',
  ]);
  const { replayed, unknown } = replayRequests(requests, new Map(), { inForce: bank, tried: bank });
  expect(sayReplay(replayed, leftOut, unknown, { all: false })).toBe(
    '0 of 0 would be answered otherwise.\nLeft out: 1 changes, 1 calls, 1 without a review.\nLeft out, as they are no principals now: analyst1.',
  );
});

test('a line that is no record is named, and nothing is answered', () => {
  expect(() => readRecordedRequests([...asking(1, 'bank_operational_metrics'), '{"seq":1}'])).toThrow(
    new NotARecord('line 4 is no audit record; `npm run audit -- export --format jsonl` writes them'),
  );
});

test('neither is a record whose facts are none of ours', () => {
  expect(() => readRecordedRequests([record(1, 'reviewed', { review: { outcome: 'magic' } })])).toThrow(
    NotARecord,
  );
});

test('what a requester wrote cannot write into the terminal', () => {
  const reason = 'A reason \u001b[2J with \u202e more of it';
  const { requests, leftOut } = readRecordedRequests(asking(1, 'bank_operational_metrics', { reason }));
  const { replayed, unknown } = replayRequests(requests, analyst1, { inForce: bank, tried: strict });
  const said = sayReplay(replayed, leftOut, unknown, { all: false });
  expect(['\u001b', '\u202e'].filter((control) => said.includes(control))).toEqual([]);
});
