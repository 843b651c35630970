import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  accessReviewListSchema,
  accessReviewPageSchema,
  openedReviewSchema,
  reviewItemDetailSchema,
} from '../../../lambdas/access-reviews/access-review-specs.ts';
import { FIRST_PREVIOUS_HASH } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import { startTables } from '../../support/start-tables.ts';
import { makeWorld, type World } from './fake-world.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeEach(async () => {
  tables = await startTables(['accessReviews']);
  world = makeWorld(tables, 'accessReviews');
  return () => tables.close();
});
let world: World;

/** Opens one by hand, and has its items written. */
async function opened(): Promise<string> {
  const { status, body } = await world.call('approver1', 'POST', '/access-reviews', {});
  expect(status).toBe(202);
  await world.run();
  return openedReviewSchema.parse(body).reviewId;
}
const show = async (reviewId: string, principal: string, who = 'approver1') =>
  reviewItemDetailSchema.parse(
    (await world.call(who, 'GET', `/access-reviews/${reviewId}/items/${principal}`)).body,
  );
const page = async (reviewId: string, who = 'approver1') =>
  accessReviewPageSchema.parse((await world.call(who, 'GET', `/access-reviews/${reviewId}`)).body);
const rationale = 'Asked their lead: still needed.';

type Decision = { decision: 'keep' | 'remove'; digest?: string; taken?: object; rationale?: string };
async function decide(who: string, reviewId: string, principal: string, said: Decision) {
  const { digest } = said.digest ? { digest: said.digest } : (await show(reviewId, principal)).item;
  return world.call(who, 'POST', `/access-reviews/${reviewId}/items/${principal}`, {
    rationale,
    ...said,
    digest,
  });
}
const events = () => world.recorded.map(({ event, facts }) => [event, facts.principal ?? facts.items]);
function end(status: 'APPLIED' | 'DENIED') {
  for (const [id, row] of world.rows) world.rows.set(id, { ...row, status });
}

describe('opening', () => {
  test('lists every active principal with what it could come by and what it used, and tells the reviewers', async () => {
    const chain = { chain: 'analyst1', seq: 1, previousHash: FIRST_PREVIOUS_HASH, hash: '', mac: '' };
    const grants = [{ resource: 'bank_operational_metrics', actions: ['dynamodb:Query'] }];
    const recordOf = (day: string) => ({
      ...chain,
      ...{ eventId: day, requestId: day, event: 'issued' as const, at: `${day}T00:00:00.000Z` },
      facts: { verdict: { entitlement: { grants } } },
    });
    world.used = [recordOf('2026-11-19'), recordOf('2026-10-01'), recordOf('2026-01-01')];
    const reviewId = await opened();
    const { review, items } = await page(reviewId);
    expect(review).toMatchObject({ state: 'open', items: 5, openedBy: 'approver1', mayDecide: true });
    expect(review.closesAt).toBe('2026-12-04T12:00:00.000Z');
    expect(items.map(({ principalId }) => principalId)).toEqual([
      'admin',
      'analyst1',
      'approver1',
      'auditor1',
      'bot',
    ]);
    const { access, used, item } = await show(reviewId, 'analyst1');
    expect(access).toMatchObject({
      groups: ['analysts'],
      jobs: [{ job: 'nightly-report', breakGlass: false }],
      policyVersion: 1,
      signsIn: ['arn:aws:iam::123456789012:user/analyst1'],
    });
    expect(access.couldGet).toContainEqual({
      resource: 'bank_operational_metrics',
      ownRows: false,
      answers: [{ answer: 'allowed', count: 3, actions: expect.arrayContaining(['dynamodb:Query']) }],
    });
    expect(used).toMatchObject({ sessions: 2, lastAt: '2026-11-19T00:00:00.000Z', complete: true });
    expect(item).toMatchObject({ state: 'open', sessions: 2, jobs: 1, mayDecide: true });
    expect((await show(reviewId, 'admin')).access).toMatchObject({
      approves: ['access-approvers'],
      proposes: ['policy', 'principal', 'template'],
    });
    expect(world.posted).toEqual([expect.stringMatching(/^#reviews Access review: 5 principals/)]);
    expect(events()).toEqual([['access_review_opened', 5]]);
  });

  test('happens once a period by the schedule, however often it runs, and again after it', async () => {
    world.terms = { ...world.terms, everyDays: 30 };
    await Promise.all([world.run(), world.run()]);
    await world.run();
    const list = async () =>
      accessReviewListSchema.parse((await world.call('approver1', 'GET', '/access-reviews')).body).reviews;
    expect(await list()).toMatchObject([{ state: 'open', items: 5 }]);
    world.later(29);
    await world.run();
    expect(await list()).toHaveLength(1);
    world.later(1);
    await world.run();
    expect((await list()).map(({ state }) => state)).toEqual(['open', 'ended']);
  });

  test('without a schedule none is opened but by hand, and by hand one at a time', async () => {
    await world.run();
    expect(await world.reviews.reviews()).toEqual([]);
    const [first, second] = await Promise.all(
      ['approver1', 'auditor1'].map((who) => world.call(who, 'POST', '/access-reviews', {})),
    );
    expect([first?.status, second?.status].sort()).toEqual([202, 409]);
    await world.run();
    expect(await world.call('admin', 'POST', '/access-reviews', {})).toMatchObject({
      status: 409,
      body: { code: 'access_review_open' },
    });
    expect(await world.reviews.reviews()).toHaveLength(1);
  });

  test('takes in only the groups that are named', async () => {
    world.terms = { ...world.terms, groups: ['analysts', 'support-agents'] };
    expect((await page(await opened())).items.map(({ principalId }) => principalId)).toEqual([
      'analyst1',
      'bot',
    ]);
  });

  test('broken off, it goes on where it was', async () => {
    const { all } = { all: world.people.get('bot') };
    if (!all) throw new Error('no bot');
    const { body } = await world.call('approver1', 'POST', '/access-reviews', {});
    const { reviewId } = openedReviewSchema.parse(body);
    Object.defineProperty(all, 'groups', {
      configurable: true,
      get() {
        throw new Error('cut');
      },
    });
    await expect(world.run()).rejects.toThrow('cut');
    expect((await world.reviews.review(reviewId))?.state).toBe('opening');
    Object.defineProperty(all, 'groups', { value: ['support-agents'] });
    await world.run();
    expect(await world.reviews.review(reviewId)).toMatchObject({ state: 'open', items: 5 });
  });
});

describe('deciding', () => {
  test('keeping is recorded with what was shown, once', async () => {
    const reviewId = await opened();
    const { body } = await decide('approver1', reviewId, 'analyst1', { decision: 'keep' });
    expect(body).toMatchObject({ item: { state: 'kept', decision: { decidedBy: 'approver1', rationale } } });
    expect((await decide('approver1', reviewId, 'analyst1', { decision: 'keep' })).status).toBe(200);
    await world.run();
    await world.run();
    expect(events()).toEqual([
      ['access_review_opened', 5],
      ['access_decided', 'analyst1'],
    ]);
    expect(world.recorded[1]?.facts).toMatchObject({
      decision: 'keep',
      decidedBy: 'approver1',
      rationale,
      access: { groups: ['analysts'] },
      used: { sessions: 0 },
    });
    expect(world.started).toEqual([]);
  });

  test.each([
    ['approver1', 'approver1', 'their own access'],
    ['approver1', 'bot', 'an agent that they own'],
    ['auditor1', 'analyst1', 'reviewed by the group'],
  ])('%s decides not on %s', async (who, principal, why) => {
    const reviewId = await opened();
    const { status, body } = await decide(who, reviewId, principal, { decision: 'keep' });
    expect([status, body.code]).toEqual([403, 'access_review_refused']);
    expect(body.detail).toContain(why);
    expect((await show(reviewId, principal)).item.state).toBe('open');
    expect((await show(reviewId, principal, 'auditor1')).item.mayDecide).toBe(false);
  });

  test('whoever became its owner since it was shown does not decide on it', async () => {
    const reviewId = await opened();
    change('analyst1', { persons: ['ana', 'Ada'] });
    const { body } = await decide('admin', reviewId, 'analyst1', { decision: 'keep' });
    expect(body).toMatchObject({ code: 'access_review_refused' });
  });

  test.each(['analyst1', 'bot'])('%s sees none of it', async (who) => {
    const reviewId = await opened();
    for (const path of ['', `/${reviewId}`, `/${reviewId}/items/admin`])
      expect((await world.call(who, 'GET', `/access-reviews${path}`)).status).toBe(403);
    expect((await world.call(who, 'POST', '/access-reviews', {})).status).toBe(403);
    expect((await world.call(who, 'GET', `/access-reviews/${reviewId.slice(0, -1)}Z`)).status).toBe(403);
  });

  const change = (id: string, more: Partial<Principal>) => {
    const before = world.people.get(id);
    if (before) world.people.set(id, { ...before, ...more, version: before.version + 1 });
  };
  test.each<[string, () => unknown]>([
    ['the principal', () => change('analyst1', { groups: ['analysts', 'admins'] })],
    ['its policy', () => world.policies.set('analyst1', 'Reads everything.')],
    ['the guardrails', () => Object.assign(world.digests, { guardrails: 'other' })],
  ])(
    'where %s has changed since it was shown, what is shown is made anew, and decided on then',
    async (_, alter) => {
      const reviewId = await opened();
      const { item } = await show(reviewId, 'analyst1');
      alter();
      const before = { decision: 'keep', digest: item.digest } as const;
      expect((await decide('approver1', reviewId, 'analyst1', before)).body.code).toBe('item_changed');
      const anew = await show(reviewId, 'analyst1');
      expect(anew.item.state).toBe('open');
      // The guardrails’ text alone leaves the access as it was: then the same digest is decided on.
      expect((await decide('approver1', reviewId, 'analyst1', { decision: 'keep' })).status).toBe(200);
    },
  );

  test('a digest of another item decides nothing', async () => {
    const reviewId = await opened();
    const { item } = await show(reviewId, 'admin');
    const said = { decision: 'keep', digest: item.digest } as const;
    expect((await decide('approver1', reviewId, 'analyst1', said)).body.code).toBe('item_changed');
  });

  test('of two reviewers at once one decides, and the other is told who', async () => {
    const reviewId = await opened();
    const both = await Promise.all(
      (['keep', 'remove'] as const).map((decision, nth) =>
        decide(nth === 0 ? 'approver1' : 'admin', reviewId, 'analyst1', { decision }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const lost = both.find(({ status }) => status === 409);
    expect(lost?.body.code).toBe('item_decided');
    expect((await show(reviewId, 'analyst1')).item.decisions).toBe(1);
    expect(world.started.length).toBe(both[1]?.status === 200 ? 1 : 0);
  });

  test.each(['', 'short', 'x'.repeat(1501), 'half \ud83d of a sign'])('%j is no rationale', async (text) => {
    const reviewId = await opened();
    const said = { decision: 'keep', rationale: text } as const;
    expect((await decide('approver1', reviewId, 'analyst1', said)).status).toBe(400);
  });
});

describe('taking away', () => {
  test('proposes that the principal is suspended, and is done once that is applied', async () => {
    const reviewId = await opened();
    const { body } = await decide('admin', reviewId, 'analyst1', { decision: 'remove' });
    expect(body).toMatchObject({ item: { state: 'removing', requestId: expect.stringMatching(/^admin-/) } });
    expect(world.started).toMatchObject([
      {
        principalId: 'admin',
        reason: `Access review ${reviewId}: ${rationale}`,
        change: { kind: 'principal', target: 'analyst1', baseVersion: 1 },
      },
    ]);
    const proposed = JSON.parse(world.started[0]?.change?.proposal ?? '');
    expect(proposed).toEqual({ ...world.people.get('analyst1'), status: 'suspended', version: 2 });
    await world.run();
    expect((await show(reviewId, 'analyst1')).item.state).toBe('removing');
    end('APPLIED');
    await world.run();
    expect((await show(reviewId, 'analyst1')).item.state).toBe('removed');
    expect(events().map(([event]) => event)).toEqual([
      'access_review_opened',
      'access_decided',
      'access_removed',
    ]);
  });

  test('what was denied is open again, says so, and is decided anew', async () => {
    const reviewId = await opened();
    await decide('admin', reviewId, 'analyst1', { decision: 'remove' });
    await world.run();
    end('DENIED');
    await world.run();
    const { item } = await show(reviewId, 'analyst1');
    expect(item).toMatchObject({ state: 'open', refused: { status: 'DENIED' } });
    expect(item.requestId).toBeUndefined();
    await decide('admin', reviewId, 'analyst1', { decision: 'remove' });
    expect(world.started).toHaveLength(2);
    await world.run();
    expect(world.recorded.filter(({ event }) => event === 'access_decided')).toHaveLength(2);
    expect(world.recorded.find(({ event }) => event === 'access_removal_refused')?.facts).toMatchObject({
      status: 'DENIED',
    });
  });

  test('takes groups and jobs alone where they are named', async () => {
    const reviewId = await opened();
    const taken = { jobs: ['nightly-report'] };
    await decide('admin', reviewId, 'analyst1', { decision: 'remove', taken });
    const proposed = JSON.parse(world.started[0]?.change?.proposal ?? '');
    expect(proposed).not.toHaveProperty('jobs');
    expect(proposed.status).toBe('active');
    const absent = { decision: 'remove', taken: { groups: ['admins'] } } as const;
    expect((await decide('admin', reviewId, 'approver1', absent)).body.code).toBe('removal_refused');
  });

  test('names what it refers to, where guardrails ask for that of a change', async () => {
    const reviewId = await opened();
    const { item } = await show(reviewId, 'analyst1');
    const said = { decision: 'remove', rationale, digest: item.digest, references: ['OPS-12'] };
    const path = `/access-reviews/${reviewId}/items/analyst1`;
    expect((await world.call('admin', 'POST', path, said)).status).toBe(200);
    expect(world.started).toMatchObject([{ references: ['OPS-12'] }]);
    expect((await world.call('admin', 'POST', path, { ...said, decision: 'keep' })).status).toBe(400);
  });

  test('is not proposed by somebody whom the guardrails let propose nothing', async () => {
    const reviewId = await opened();
    expect((await decide('approver1', reviewId, 'analyst1', { decision: 'remove' })).body.code).toBe(
      'removal_refused',
    );
    expect((await show(reviewId, 'analyst1')).item.state).toBe('open');
    expect(world.started).toEqual([]);
  });

  test('broken off before it is proposed, the same call goes on, and proposes it once', async () => {
    const reviewId = await opened();
    const { item } = await show(reviewId, 'analyst1');
    const said = { decision: 'remove', digest: item.digest } as const;
    world.stop = () => {
      world.stop = undefined;
      throw new Error('cut');
    };
    expect((await decide('admin', reviewId, 'analyst1', said)).status).toBe(500);
    expect((await show(reviewId, 'analyst1')).item.state).toBe('removing');
    expect((await decide('admin', reviewId, 'analyst1', said)).status).toBe(200);
    expect(world.rows.size).toBe(1);
    expect((await show(reviewId, 'analyst1')).item.requestId).toBe([...world.rows.keys()][0]);
  });

  test('never proposed, it is open again after a while', async () => {
    const reviewId = await opened();
    world.stop = () => {
      throw new Error('cut');
    };
    await decide('admin', reviewId, 'analyst1', { decision: 'remove' });
    await world.run();
    expect((await show(reviewId, 'analyst1')).item.state).toBe('removing');
    world.later(1 / 24);
    await world.run();
    expect((await show(reviewId, 'analyst1')).item).toMatchObject({ state: 'open', refused: {} });
  });
});

describe('the end', () => {
  test('reminds before it and when it passed, once each, and names what nobody decided, which stays open', async () => {
    const reviewId = await opened();
    await decide('approver1', reviewId, 'analyst1', { decision: 'keep' });
    world.later(10);
    await world.run();
    expect(world.posted).toHaveLength(1);
    world.later(1);
    await world.run();
    await world.run();
    expect(world.posted[1]).toContain('4 of 5 are not decided: admin, approver1, auditor1, bot');
    world.later(3);
    await world.run();
    await world.run();
    expect(world.posted).toHaveLength(3);
    expect(world.posted[2]).toContain('OVERDUE');
    expect(world.alarms).toEqual([4, 4]);
    const { review, items } = await page(reviewId);
    expect(review.state).toBe('ended');
    expect(items.filter(({ overdue }) => overdue).map(({ principalId }) => principalId)).toHaveLength(4);
    expect(world.recorded.findLast(({ event }) => event === 'access_review_ended')?.facts).toMatchObject({
      overdue: ['admin', 'approver1', 'auditor1', 'bot'],
      overdueInAll: 4,
    });
    const late = await decide('admin', reviewId, 'bot', { decision: 'keep' });
    expect(late.body).toMatchObject({ item: { state: 'kept', overdue: false, decision: { late: true } } });
  });

  test('is at once where all is decided, and nothing is overdue', async () => {
    world.people.delete('approver1');
    world.people.delete('admin');
    const human = world.people.get('auditor1');
    if (!human) throw new Error('no auditor');
    for (const id of ['one', 'two'])
      world.people.set(id, {
        ...human,
        ...{
          id,
          groups: ['approvers'],
          persons: [id],
          awsPrincipals: [`arn:aws:iam::123456789012:user/${id}`],
        },
      });
    await world.call('one', 'POST', '/access-reviews', {});
    await world.run();
    const [review] = await world.reviews.reviews();
    const reviewId = review?.reviewId ?? '';
    for (const item of (await page(reviewId, 'one')).items) {
      const who = item.principalId === 'one' ? 'two' : 'one';
      const path = `/access-reviews/${reviewId}/items/${item.principalId}`;
      const said = { decision: 'keep', rationale, digest: item.digest };
      expect((await world.call(who, 'POST', path, said)).status).toBe(200);
    }
    await world.run();
    await world.run();
    expect((await world.reviews.review(reviewId))?.state).toBe('closed');
    expect(world.posted.at(-1)).toContain('all 5 are decided');
    expect(world.alarms).toEqual([]);
  });

  test('Slack down loses no reminder, and stops nothing', async () => {
    world.slack = 'down';
    const reviewId = await opened();
    expect((await page(reviewId)).review.state).toBe('open');
    world.slack = 'up';
    await world.run();
    expect(world.posted).toHaveLength(1);
  });

  test('no words of anybody reach Slack', async () => {
    const reviewId = await opened();
    const hostile = '<!channel> <https://evil.example|approve here> *now*';
    await decide('approver1', reviewId, 'analyst1', { decision: 'keep', rationale: hostile });
    world.later(12);
    await world.run();
    expect(world.posted.join()).not.toContain('evil');
  });
});

describe('many principals', () => {
  let many: Awaited<ReturnType<typeof startTables>>;
  beforeAll(async () => {
    many = await startTables(['accessReviews']);
  });
  afterAll(() => many.close());

  test('are listed page by page, and named in bounded messages and records', async () => {
    world = makeWorld(many, 'accessReviews');
    const analyst = world.people.get('analyst1');
    if (!analyst) throw new Error('no analyst');
    for (let nth = 0; nth < 700; nth++)
      world.people.set(`agent_${nth}`, { ...analyst, id: `agent_${nth}`, awsPrincipals: [], jobs: {} });
    const reviewId = await opened();
    const first = await page(reviewId);
    expect(first.review.items).toBe(705);
    expect(first.items).toHaveLength(50);
    const next = await world.call(
      'approver1',
      'GET',
      `/access-reviews/${reviewId}?limit=100&cursor=${first.nextCursor}`,
    );
    expect(accessReviewPageSchema.parse(next.body).items).toHaveLength(100);
    world.later(15);
    await world.run();
    expect(world.posted.at(-1)?.length).toBeLessThan(1_000);
    const ended = world.recorded.filter(({ event }) => event === 'access_review_ended');
    expect(ended.map(({ facts }) => (facts.overdue as string[]).length)).toEqual([500, 205]);
  });
});
