import { describe, expect, test } from 'vitest';
import { generatePolicy, openOffline } from '../../../console/toolkit/generate-policy.ts';
import { ReviewerUnavailable } from '../../../lambdas/shared/domain/errors.ts';
import type { AskReviewer } from '../../../lambdas/shared/domain/review.ts';
import { consoleOver, cookieOf, HOSTILE, own, quiet, SESSION } from '../../support/console/console-over.ts';

const step = (fields: Record<string, string>, ask?: AskReviewer) =>
  generatePolicy(new URLSearchParams(fields), ask ? async () => ({ ask, isOffline: false }) : openOffline);
const ORDERS = 'Read the table orders';
const answers = { 'answer.account': '123456789012', 'answer.region': 'eu-central-1', 'answer.key.1': 'no' };
const idsOf = ({ questions = [] }: Awaited<ReturnType<typeof step>>) => questions.map(({ id }) => id);

/** All the way: what a person sees who answers all that is asked. */
async function made(prose = ORDERS, more: Record<string, string> = {}) {
  const { carried: first = '' } = await step({ prose });
  const { carried: second = '' } = await step({ carried: first, ...answers });
  return step({ carried: second, 'answer.assumedBy': 'service:lambda', ...more });
}

describe('a policy out of words', () => {
  test('is made by questions, three at once at most, whose answers ride in the form', async () => {
    const asked = await step({ prose: ORDERS });
    expect(idsOf(asked)).toEqual(['account', 'region', 'key.1']);
    expect(asked.readBy).toEqual({ model: 'offline-keyword-matcher', isOffline: true });
    const next = await step({ carried: asked.carried ?? '', ...answers });
    expect(idsOf(next)).toEqual(['assumedBy']);
    const last = await step({ carried: next.carried ?? '', 'answer.assumedBy': 'service:lambda' });
    expect(last.said).toEqual([ORDERS]);
    expect(JSON.parse(last.made?.permissions ?? '')).toMatchObject({
      Statement: [{ Resource: ['arn:aws:dynamodb:eu-central-1:123456789012:table/orders'] }],
    });
    expect(JSON.parse(last.made?.trust ?? '')).toMatchObject({
      Statement: [{ Principal: { Service: 'lambda.amazonaws.com' } }],
    });
    expect(last.made?.why.map(({ name }) => name)).toEqual(['ReadDynamodb', 'Trust']);
    expect(last.made?.written.map(({ text }) => text)).toEqual([
      expect.stringContaining('"readBy"'),
      expect.stringContaining('aws-cdk-lib'),
      expect.stringContaining('resource "aws_iam_role"'),
      expect.stringContaining('AWSTemplateFormatVersion'),
    ]);
    expect(last.made?.catalog.entries).toContain('"dynamodb-table"');
    expect(last.made?.catalog.guardrails).toContain('Group::"analysts"');
  });

  test('keeps a good answer where another one is wrong, and says what is wrong beside that one', async () => {
    const { carried = '' } = await step({ prose: ORDERS });
    const next = await step({ carried, ...answers, 'answer.region': 'eu-centrall-1' });
    expect(next.questions).toEqual([
      expect.objectContaining({
        id: 'region',
        typed: 'eu-centrall-1',
        problem: expect.stringContaining('eu-central-1'),
      }),
      expect.objectContaining({ id: 'assumedBy' }),
    ]);
  });

  test('takes no answer to what is not asked', async () => {
    const { carried = '' } = await step({ prose: ORDERS });
    const next = await step({ carried, ...answers, 'answer.externalId': 'ours', 'answer.name.1': '*' });
    expect(JSON.parse(next.carried ?? '').read.intent.answers).toEqual({
      ...{ account: '123456789012', region: 'eu-central-1' },
      'key.1': 'no',
    });
  });

  test('is changed, and that is proved against the last, which is made anew and not read of the form', async () => {
    const first = await made();
    const narrower = await step({
      carried: first.carried ?? '',
      prose: 'without dynamodb:Query',
    });
    expect(narrower.made?.refined?.[0]).toMatchObject({ what: 'Permissions', isWithin: true });
    expect(narrower.said).toHaveLength(2);
    const wider = await step({ carried: first.carried ?? '', prose: 'also write the table orders' });
    expect(wider.made?.refined?.[0]).toMatchObject({
      isWithin: false,
      say: expect.stringContaining('dynamodb:'),
    });
    // Shown for another group it is the same policy, with the same proof.
    const again = await step({ carried: wider.carried ?? '', group: 'auditors' });
    expect([again.made?.refined, again.questions]).toEqual([wider.made?.refined, undefined]);
    expect(again.made?.catalog.guardrails).toContain('Group::"auditors"');
  });

  test('is asked about, and stays', async () => {
    const first = await made();
    const told = await step({ carried: first.carried ?? '', prose: 'Why dynamodb:Query?' });
    expect(told.answer?.lines[0]).toContain('dynamodb:Query is allowed on');
    expect([told.made, told.carried]).toEqual([first.made, first.carried]);
  });

  test.each([
    ['nothing', '', 'Say what is to be done'],
    ['no job', 'Be nice to the table of the customers please', 'It names no job'],
    ['too much', `${ORDERS} ${'x'.repeat(4000)}`, 'no more than 4000'],
    ['all of it', 'I need full access to everything in the table orders', 'It names no job'],
  ])('of %s is refused, and what was typed stays', async (_, prose, problem) => {
    expect(await step({ prose })).toMatchObject({
      prose: prose.trim(),
      problem: expect.stringContaining(problem),
    });
  });

  test.each([
    ['no JSON', '{'],
    ['something else', '{"read":{}}'],
    ['one too long', JSON.stringify({ read: 'x'.repeat(200_001) })],
    [
      'one with more in it',
      JSON.stringify({ read: { prose: ['x'], intent: { accesses: [] } }, who: 'admin' }),
    ],
  ])('carried as %s is begun anew', async (_, carried) => {
    expect(await step({ carried, ...answers })).toMatchObject({
      problem: expect.stringContaining('begin anew'),
    });
  });

  test('carried with what AWS does not have, or with a forged answer, is refused by the code that builds', async () => {
    const { carried = '' } = await step({ prose: ORDERS });
    const forged = JSON.parse(carried);
    forged.read.intent.accesses[0].actions = ['dynamodb:*'];
    const wild = await step({ carried: JSON.stringify(forged), ...answers });
    expect([wild.made, wild.problem]).toEqual([undefined, expect.stringContaining('dynamodb:*')]);
    forged.read.intent.accesses[0].actions = ['dynamodb:GetItem'];
    forged.read.intent.answers = { account: '1' };
    const short = await step({ carried: JSON.stringify(forged) });
    expect([short.made, short.problem]).toEqual([undefined, expect.stringContaining('twelve digits')]);
  });

  test('after more changes than a page carries is begun anew', async () => {
    const first = await made();
    const carried = JSON.parse(first.carried ?? '');
    carried.read.prose = Array.from({ length: 25 }, () => ORDERS);
    const next = await step({ carried: JSON.stringify(carried), prose: 'Why dynamodb:Query?' });
    expect(next.answer).toBeDefined();
    const full = await step({ carried: JSON.stringify(carried), prose: 'also write the table orders' });
    expect([full.problem, full.made?.permissions]).toEqual([
      expect.stringContaining('too many changes'),
      first.made?.permissions,
    ]);
  });

  test('that a model should read is read by key words where it is down, if one says so', async () => {
    const down: AskReviewer = async () => {
      throw new ReviewerUnavailable('secret detail of the endpoint');
    };
    const told = await step({ prose: ORDERS }, down);
    expect(told).toMatchObject({
      prose: ORDERS,
      isDown: true,
      problem: 'The model could not be asked just now.',
    });
    const { call } = consoleOver(quiet, undefined, {
      openAsker: async () => ({ ask: down, isOffline: false }),
    });
    const send = async (fields: Record<string, string>) =>
      call('/generate', {
        headers: { cookie: await cookieOf(SESSION), ...own },
        form: { csrf: SESSION.csrf, prose: ORDERS, ...fields },
      });
    const page = await send({});
    expect([page.status, (await page.text()).includes('Read it by key words')]).toEqual([422, true]);
    const read = await send({ by: 'words' });
    expect([read.status, (await read.text()).includes('name="answer.account"')]).toEqual([200, true]);
  });
});

test('the page says who read it, and shows what was typed as text', async () => {
  const { call, asked } = consoleOver(quiet);
  const send = async (fields: Record<string, string>) => {
    const page = await call('/generate', {
      headers: { cookie: await cookieOf(SESSION), ...own },
      form: { csrf: SESSION.csrf, ...fields },
    });
    return page.text();
  };
  const text = await send({ prose: `${ORDERS} ${HOSTILE}` });
  expect(text).toContain('offline-keyword-matcher');
  expect(text).not.toContain(HOSTILE);
  const [, carried = ''] = /name="carried" value="([^"]*)"/.exec(text) ?? [];
  const plain = carried
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  const wrong = await send({ carried: plain, ...answers, 'answer.account': HOSTILE });
  expect(wrong).toContain('twelve digits');
  expect(wrong).not.toContain(HOSTILE);
  // The broker is asked nothing: it has no part in this.
  expect(asked).toEqual([]);
});
