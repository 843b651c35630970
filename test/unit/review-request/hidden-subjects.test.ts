import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadedStateSchema, makeReviewRequest } from '../../../lambdas/review-request/review-request.ts';
import { makeBedrockReviewer } from '../../../lambdas/shared/adapters/reviewer/ask-bedrock.ts';
import { makeOpenaiReviewer } from '../../../lambdas/shared/adapters/reviewer/ask-openai.ts';
import { catalogResourceSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import type { RememberedReview } from '../../../lambdas/shared/domain/limits/remembered-review.ts';
import type { AskReviewer } from '../../../lambdas/shared/domain/review.ts';
import { reviewSchema } from '../../../lambdas/shared/domain/review.ts';
import type { SubjectsInPrompts } from '../../../lambdas/shared/domain/subjects/subjects-in-prompts.ts';
import { grantedState, NOW } from '../../support/example-state.ts';

/** What was sent to the model's endpoint: everything of each call. */
let sent: string[] = [];
let says: object = {};
const server = createServer(async (request, response) => {
  const { url, headers } = request;
  sent.push(`${url}\n${JSON.stringify(headers)}\n${await text(request)}`);
  const content = [{ type: 'output_text', annotations: [], text: JSON.stringify(says) }];
  const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
  const answer = url?.endsWith('/converse')
    ? {
        stopReason: 'tool_use',
        output: { message: { content: [{ toolUse: { toolUseId: 't', name: 'review', input: says } }] } },
      }
    : {
        id: 'resp_1',
        object: 'response',
        model: 'm',
        status: 'completed',
        output: [{ type: 'message', role: 'assistant', status: 'completed', content }],
        usage,
      };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
});
let url: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
const proposal = {
  approved: true,
  durationSeconds: 900,
  risk: 'low',
  authorization: 'explicit',
  reason: 'The policy lets it read the balance of [subject].',
  grants: [{ resource: 'bank_balances', actions: ['dynamodb:GetItem'] }],
};
beforeEach(() => {
  [sent, says] = [[], proposal];
});

const openai = (): AskReviewer =>
  makeOpenaiReviewer({ baseUrl: `${url}/v1`, model: 'm', apiKey: async () => 'key', timeoutMs: 2_000 });
const bedrock = (): AskReviewer =>
  makeBedrockReviewer({
    url,
    region: 'eu-central-1',
    model: 'amazon.nova-pro-v1:0',
    credentials: () => ({ accessKeyId: 'AKIATEST', secretAccessKey: 'never sent' }),
    timeoutMs: 2_000,
  });

const balances = {
  resource: catalogResourceSchema.parse({
    key: 'bank_balances',
    kind: 'dynamodb-table',
    arns: ['arn:aws:dynamodb:eu-central-1:123456789012:table/bank_balances'],
    purpose: 'Balances of the customers, keyed USER#c-1042 for one',
    sensitivity: 'confidential',
    actions: { read: ['dynamodb:GetItem'] },
    maxDurationSeconds: 3600,
    subjectScoped: true,
    leadingKey: 'USER#$' + '{subject}',
  }),
  actions: ['dynamodb:GetItem'],
};

type World = {
  readonly id?: string;
  readonly attributes?: Record<string, string>;
  readonly reason?: string;
  readonly policyText?: string;
  readonly subjects?: SubjectsInPrompts;
  readonly ask?: AskReviewer;
  readonly sendBack?: boolean;
  readonly recalled?: RememberedReview;
};
const ISSUER = 'https://issuer.example';

async function review(world: World = {}) {
  const { id = 'c-1042', attributes, policyText = 'Agents read balances of customers.' } = world;
  const reason = world.reason ?? `The customer ${id} asks for the balance.`;
  const { verdict: _, ...state } = grantedState();
  const { request, loaded } = loadedStateSchema.parse(state);
  const back = {
    ...{ outcome: 'retry_review', nextAttempt: 2, policyIds: [], approvers: [] },
    ...{ proposalDigest: 'sha256:p', decidedAt: NOW.toISOString() },
    reasons: [
      {
        code: 'guardrail_forbids',
        resource: 'bank_balances',
        action: 'dynamodb:GetItem',
        policyIds: [`rows-of-${id}`],
      },
    ],
  };
  const asked = loadedStateSchema.parse({
    request: { ...request, reason, subject: { issuer: ISSUER, id, ...(attributes && { attributes }) } },
    loaded: {
      ...loaded,
      policy: { ...loaded.policy, text: policyText },
      ...(world.recalled && { recalled: world.recalled }),
    },
    ...(world.sendBack && {
      review: { outcome: 'proposal', proposal, attempt: 1, model: 'm', promptDigest: 'd' },
      verdict: back,
    }),
  });
  return makeReviewRequest({
    ask: world.ask ?? openai(),
    grantableFor: () => [balances],
    remembers: () => 'sha256:reviewer',
    subjects: world.subjects ?? 'hidden',
    clock: () => NOW,
  })(asked);
}

describe.each([
  ['OpenAI', openai],
  ['Bedrock', bedrock],
] as const)('where subjects are hidden from %s', (_, reviewer) => {
  test.each(['c-1042', 'auth0|5f7c-99', 'ann.lee@example.com', '9b1d-"quoted"\\x'])(
    'no call holds %s, a second attempt neither; people read it in the sentence',
    async (id) => {
      const spelt = `${id.toUpperCase()} or ${encodeURIComponent(id)} or ${JSON.stringify(id)}`;
      const world: World = {
        id,
        ask: reviewer(),
        reason: `The customer ${id}, that is ${spelt}, asks for the balance.`,
        policyText: `Agents read balances, those of ${id} too.`,
      };
      for (const sendBack of [false, true]) {
        const made = reviewSchema.parse(await review({ ...world, sendBack }));
        expect(made).toMatchObject({
          outcome: 'proposal',
          proposal: {
            approved: true,
            grants: proposal.grants,
            reason: `The policy lets it read the balance of ${id}.`,
          },
        });
      }
      expect(sent).toHaveLength(2);
      const all = decodeURIComponent(sent.join('\n').replaceAll('%', '%25')).toLowerCase();
      for (const form of [id, encodeURIComponent(id), JSON.stringify(id).slice(1, -1)])
        expect(all).not.toContain(form.toLowerCase());
      expect(all).toContain('[subject]');
      // What the reviewer proposes about is there as ever.
      expect(all).toContain('bank_balances');
    },
  );

  test('where they are shown, every call holds it', async () => {
    await review({ ask: reviewer(), subjects: 'shown' });
    expect(sent[0]).toContain('c-1042');
    expect(sent[0]).not.toContain('[subject]');
  });
});

test('claims by which rows are keyed are hidden as the id is', async () => {
  await review({ attributes: { account: 'DE-77' }, reason: 'The balance of account DE-77 of c-1042.' });
  expect(sent.join()).not.toMatch(/DE-77|c-1042/);
  expect(sent.join()).toContain('account [subject.account] of [subject]');
});

test.each(['not', 'a', '7', 'only'])(
  'an id that is a word of the policy, as %s, is not sent in a policy that says something else: no model is asked',
  async (id) => {
    const made = await review({
      id,
      policyText: 'Agents may not read a row, only 7 of them.',
      reason: 'Read everything.',
    });
    expect(made).toMatchObject({ model: 'none', proposal: { approved: false, grants: [] } });
    expect(made).toMatchObject({ proposal: { reason: expect.stringContaining('No model was asked') } });
    expect(sent).toEqual([]);
  },
);

test('the same id is hidden in a reason, whose meaning is its writer’s own affair', async () => {
  await review({ id: 'not', policyText: 'Agents read balances.', reason: 'Do not tell, it is for NOT.' });
  expect(JSON.parse(JSON.parse(sent[0]?.split('\n')[2] ?? '').input[0].content).reason).toBe(
    'Do [subject] tell, it is for [subject].',
  );
});

describe('a remembered review', () => {
  const remembering = (promptDigest: string): RememberedReview => ({
    ...{ key: 'k', requestId: 'r', principalId: 'analyst1', model: 'm', responseId: 'resp_1', ttl: 1 },
    proposal: { ...proposal, risk: 'low', authorization: 'explicit', reason: 'Of c-1042.' },
    ...{ reviewerDigest: 'sha256:reviewer', promptDigest, reviewedAt: NOW.toISOString() },
  });

  test('serves where the same was hidden, and is not taken for what was asked in clear', async () => {
    const [hidden, shown] = [await review(), await review({ subjects: 'shown' })];
    expect(hidden.promptDigest).not.toBe(shown.promptDigest);
    sent = [];
    expect(await review({ recalled: remembering(hidden.promptDigest) })).toHaveProperty('remembered');
    expect(sent).toEqual([]);
    expect(await review({ recalled: remembering(shown.promptDigest) })).not.toHaveProperty('remembered');
    expect(sent).toHaveLength(1);
  });
});

test('nothing that the model says of the subject reaches a grant', async () => {
  says = { ...proposal, grants: [{ resource: '[subject]', actions: ['dynamodb:GetItem'] }] };
  expect(await review()).toMatchObject({ outcome: 'malformed' });
});
