import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReviewItemDetail } from '../../lambdas/access-reviews/access-review-specs.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';
import { unusedCodes } from '../support/unused-codes.ts';

let cloud: Cloud;
let postern: PosternOfCloud;
beforeAll(async () => {
  cloud = await startCloud({
    tiers: [{ name: 'access-approvers', channel: '#any', approverGroup: 'approvers', timeoutSeconds: 600 }],
  });
  postern = posternOf(cloud);
});
afterAll(async () => {
  postern?.close();
  await cloud?.close();
});

const run = () => cloud.invoke('postern-run-access-reviews', { 'detail-type': 'Scheduled Event' });
const json = async (who: string, ...args: string[]) =>
  JSON.parse((await postern.run(who, ['--json', ...args])).out);

const JUDGED = {
  ...{ approved: true, durationSeconds: 900, risk: 'medium', authorization: 'explicit' },
  reason: 'A change is for people.',
};
const codeOf = unusedCodes(() => cloud.access.stepUp);
async function approve(who: string, requestId: string): Promise<void> {
  const code = codeOf(who);
  const { body } = await cloud.as(who)('GET', `/requests/${requestId}/votes`);
  const ballot = { decision: 'approve', proposalDigest: body.proposalDigest, code };
  expect((await cloud.as(who)('POST', `/requests/${requestId}/votes`, ballot)).status).toBe(200);
}

test('a review is opened, told of in Slack, decided by the command line, and what is taken away is a change', async () => {
  const { reviewId } = await json('approver1', 'access-review', 'open');
  await run();
  expect(JSON.stringify(cloud.slack?.workspace.messagesIn('#any'))).toContain('Access review: 7 principals');
  expect((await postern.run('approver1', ['access-review', 'list'])).out).toContain('open, 7 principals');
  const listed = (await postern.run('approver1', ['access-review', 'list', reviewId])).out;
  expect(listed).toContain('employee1 (human): open');
  expect(listed).not.toContain('suspended1');

  const shown = (await postern.run('approver1', ['access-review', 'show', reviewId, 'analyst1'])).out;
  expect(shown).toContain('nightly-report');
  expect(shown).toContain('bank_operational_metrics: allowed');
  const [, digest = ''] = /digest +(sha256:\w+)/.exec(shown) ?? [];
  const keep = ['access-review', 'decide', reviewId, 'analyst1', '--keep', '--digest', digest];
  const kept = await postern.run('approver1', [...keep, '--rationale', 'Still reports each week.']);
  expect(kept.out).toContain('analyst1 (human): kept by approver1: Still reports each week.');

  const { item } = (await json('admin', 'access-review', 'show', reviewId, 'employee1')) as ReviewItemDetail;
  const remove = ['access-review', 'decide', reviewId, 'employee1', '--remove', '--digest', item.digest];
  cloud.reviewer.says({ text: JUDGED });
  const removed = (await json(
    'admin',
    ...remove,
    '--rationale',
    'Left the branch in May.',
  )) as ReviewItemDetail;
  const requestId = removed.item.requestId ?? '';
  await until(
    async () => (await cloud.as('admin')('GET', `/requests/${requestId}`)).body,
    ({ status }) => status === 'AWAITING_APPROVAL',
  );
  await run();
  expect((await json('admin', 'access-review', 'show', reviewId, 'employee1')).item.state).toBe('removing');
  await approve('approver1', requestId);
  await approve('approver2', requestId);
  await until(
    async () => (await cloud.as('admin')('GET', `/requests/${requestId}`)).body,
    ({ status }) => status === 'APPLIED',
  );
  await run();
  expect((await json('admin', 'access-review', 'show', reviewId, 'employee1')).item.state).toBe('removed');

  const { body } = await cloud.as('auditor1')('GET', `/audit?request=${reviewId}`);
  const records = body.records as { chain: string; event: string; facts: Record<string, unknown> }[];
  expect(records.map(({ event }) => event).sort()).toEqual([
    'access_decided',
    'access_decided',
    'access_removed',
    'access_review_opened',
  ]);
  expect(new Set(records.map(({ chain }) => chain))).toEqual(new Set(['_access_reviews']));
  await cloud.invoke('postern-sign-heads', { 'detail-type': 'Scheduled Event' });
  const { body: verified } = await cloud.as('auditor1')(
    'GET',
    '/audit/verification?principal=_access_reviews',
  );
  expect(verified).toMatchObject({ last: { seq: 4 } });
  expect(verified).not.toHaveProperty('problem');
});

test('by a token at the other door the same is refused of one’s own', async () => {
  const [review] = (await cloud.withToken('approver1')('GET', '/access-reviews')).body.reviews as {
    reviewId: string;
  }[];
  const path = `/access-reviews/${review?.reviewId}/items/approver1`;
  const { body } = await cloud.withToken('approver1')('GET', path);
  const { digest } = (body as unknown as ReviewItemDetail).item;
  const said = { decision: 'keep', rationale: 'I need all of it.', digest };
  expect((await cloud.withToken('approver1')('POST', path, said)).body.code).toBe('access_review_refused');
});
