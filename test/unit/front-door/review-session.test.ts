import { describe, expect, it } from 'vitest';
import { reviewerRefusalOf } from '../../../lambdas/shared/domain/break-glass/may-review.ts';
import { reviewLevelOf } from '../../../lambdas/shared/domain/break-glass/review-level.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import type { Vote } from '../../../lambdas/shared/domain/vote.ts';
import { makeWorld } from './world.ts';

const remarks = 'The queries fit the incident of that night.';

/** A world in which employee1 broke the glass, and approver1 agreed. */
async function emergency(more: Partial<RequestRow> = {}, votes: Partial<Vote>[] = [{}]) {
  const world = makeWorld({
    votes: {
      listVotes: async () =>
        votes.map(
          (vote) => ({ decision: 'approve', principalId: 'approver1', person: 'approver1', ...vote }) as Vote,
        ),
    },
  });
  const { body } = await world.call('POST /requests', {
    as: 'employee1',
    body: { reason: 'Payments fail since 03:10.' },
  });
  const { requestId } = body;
  world.patch(requestId, {
    status: 'ISSUED',
    job: 'emergency',
    open: 'review',
    issuing: { attemptId: 'a', at: '2026-11-20T21:00:00.000Z' },
    asked: { proposalDigest: 'sha256:p', persons: ['employee1'] } as RequestRow['asked'],
    ...more,
  });
  const review = (as: string, text = remarks) =>
    world.call(`POST /requests/${requestId}/review`, { as, body: { remarks: text } });
  const list = async (as: string) => (await world.call('GET /break-glass', { as })).body.sessions;
  return { world, requestId, review, list };
}

describe('the session of an emergency', () => {
  it('is listed to those who may review it, and reviewed once', async () => {
    const { review, list, world, requestId } = await emergency();
    expect(await list('auditor1')).toMatchObject([
      { requestId, principalId: 'employee1', job: 'emergency', level: 0 },
    ]);
    const { status, body } = await review('auditor1');
    expect([status, body.reviewed]).toMatchObject([200, { by: 'auditor1', remarks }]);
    expect(world.rowOf(requestId).postReview).toMatchObject({ by: 'auditor1', remarks });
    expect((await review('auditor1')).body.code).toBe('nothing_to_review');
  });

  it.each([
    ['who asked', 'employee1', 'review_refused'],
    ['who approved', 'approver1', 'review_refused'],
    ['a stranger, to whom it does not exist', 'admin1', 'request_not_found'],
  ])('is not reviewed by %s', async (_, as, code) => {
    const { review, list, world, requestId } = await emergency();
    expect((await review(as)).body.code).toBe(code);
    expect(await list(as)).toEqual([]);
    expect(world.rowOf(requestId).postReview).toBeUndefined();
  });

  it('is not reviewed by who is suspended, or by an agent', async () => {
    const { review, list } = await emergency();
    expect((await review('suspended1')).body.code).toBe('request_not_found');
    expect(await list('suspended1')).toEqual([]);
    const auditor = {
      persons: ['x'],
      groups: ['auditors'],
      id: 'x',
      status: 'active',
      type: 'agent',
    } as unknown as Principal;
    const row = { principalId: 'employee1' } as RequestRow;
    expect(reviewerRefusalOf(auditor, row, [], ['approvers'])).toBe('not_human');
    expect(reviewerRefusalOf({ ...auditor, type: 'human', status: 'suspended' }, row, [], [])).toBe(
      'not_active',
    );
    expect(reviewerRefusalOf({ ...auditor, type: 'human' }, row, [], [])).toBeUndefined();
  });

  it('is not reviewed by somebody who is the same person as who asked, or agreed', async () => {
    const asker = await emergency({
      asked: { proposalDigest: 'x', persons: ['Auditor1 '] } as RequestRow['asked'],
    });
    expect((await asker.review('auditor1')).body.code).toBe('review_refused');
    const approver = await emergency({}, [{ principalId: 'other', person: 'auditor1' }]);
    expect((await approver.review('auditor1')).body.code).toBe('review_refused');
    const denied = await emergency({}, [{ principalId: 'other', person: 'auditor1', decision: 'deny' }]);
    expect((await denied.review('auditor1')).status).toBe(200);
  });

  it.each<[string, Partial<RequestRow>]>([
    ['that was none', { open: undefined }],
    ['that is not issued', { status: 'DENIED' }],
  ])('%s is nothing to review', async (_, more) => {
    const { review } = await emergency(more);
    expect((await review('auditor1')).body.code).toBe('nothing_to_review');
  });

  it('takes remarks that say something, and no more than fit', async () => {
    const { review } = await emergency();
    for (const text of ['ok', ' '.repeat(40), 'x'.repeat(2001), 'half \ud800 a pair of it'])
      expect((await review('auditor1', text)).body.code).toBe('invalid_request');
  });
});

describe('a review is called for', () => {
  it.each([
    [0, 0],
    [0.9, 0],
    [1, 1],
    [3.9, 1],
    [4, 2],
    [23.9, 2],
    [24, 3],
    [47.9, 3],
    [48, 4],
    [240, 12],
  ])('after %d hours at level %d', (hours, level) => {
    const issued = '2026-11-20T00:00:00.000Z';
    expect(reviewLevelOf(issued, new Date(Date.parse(issued) + hours * 3_600_000))).toBe(level);
  });
});
