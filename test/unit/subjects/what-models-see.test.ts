import { globSync, readFileSync } from 'node:fs';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { promptOf as promptOfGenerate } from '../../../clients/iam/generate/prompt.ts';
import { makeAgent } from '../../../docs/examples/support-agent/agent.ts';
import { promptOf } from '../../../lambdas/review-request/prompt.ts';
import { loadedStateSchema } from '../../../lambdas/review-request/review-request.ts';
import { type AccessRequest, accessRequestSchema } from '../../../lambdas/shared/domain/access-request.ts';
import { catalogResourceSchema } from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import { grantedState } from '../../support/example-state.ts';

const page = readFileSync('docs/what-models-see.md', 'utf8');

/** The fields that a section of the page lists. */
const listed = (heading: string): string[] => {
  const [section = ''] = page.split(`\n## ${heading}\n`)[1]?.split('\n## ') ?? [];
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, field]) => String(field)).toSorted();
};

/** Every place in a message where data stands: lists as `[]`, and not below where `whole` says so. */
function fieldsOf(value: unknown, whole: readonly string[] = [], path = ''): string[] {
  if (value === undefined) return [];
  if (whole.includes(path) || typeof value !== 'object' || value === null) return [path];
  const inside = Array.isArray(value)
    ? value.flatMap((item) => fieldsOf(item, whole, `${path}[]`))
    : Object.entries(value).flatMap(([key, item]) => fieldsOf(item, whole, path ? `${path}.${key}` : key));
  return [...new Set(inside)].toSorted();
}

/** A request with one of these is decided without a model. */
const ASK_NO_MODEL = ['job', 'call', 'claimAhead'] as const;
/** What a principal may have besides: none of it is sent. */
const EVERYTHING = {
  slackUserId: 'U0ANALYST1',
  signIn: [{ issuer: 'https://issuer.example', subject: 'ana' }],
  purpose: 'Writes the weekly report.',
  jobs: {},
};

describe('the page lists each field that is sent', () => {
  test('of a review', () => {
    const { request, loaded } = loadedStateSchema.parse(grantedState());
    const resource = catalogResourceSchema.parse({
      ...{
        key: 'orders',
        kind: 'dynamodb-table',
        arns: ['arn:aws:dynamodb:eu-central-1:123456789012:table/o'],
      },
      ...{ purpose: 'Orders of the shop', sensitivity: 'internal', actions: { read: ['dynamodb:GetItem'] } },
      maxDurationSeconds: 900,
    });
    const proposal = 'Analysts read metrics.';
    const change = { kind: 'policy' as const, target: 'analyst1', proposal, baseVersion: 1 };
    const action = 'dynamodb:GetItem';
    const whole: Required<Omit<AccessRequest, (typeof ASK_NO_MODEL)[number]>> = {
      ...request,
      references: ['OPS-12'],
      subject: { issuer: 'https://issuer.example', id: 'c-1042', attributes: { tenant: 't' } },
      durationSeconds: 900,
      change: { ...change, proposalDigest: digestOf(proposal) },
    };
    // A field that a request gains is looked for in the prompt, too.
    const { shape } = accessRequestSchema;
    expect([...Object.keys(whole), ...ASK_NO_MODEL].sort()).toEqual(Object.keys(shape).sort());
    const prompt = promptOf({
      request: whole,
      loaded: { ...loaded, principal: { ...loaded.principal, ...EVERYTHING } },
      grantable: [{ resource, actions: [action] }],
      feedback: [{ code: 'guardrail_forbids', resource: 'orders', action, policyIds: ['p'] }],
    });
    expect(fieldsOf(JSON.parse(prompt))).toEqual(listed('A review'));
  });

  test('of iam generate', () => {
    const before = { accesses: [], answers: {} } as never;
    const prompt = promptOfGenerate({ prose: 'read a bucket', before, feedback: ['no'] });
    expect(fieldsOf(JSON.parse(prompt), ['before'])).toEqual(listed('`iam generate`'));
  });

  test('of the chat', async () => {
    const sent: unknown[] = [];
    const call = {
      id: 'c1',
      type: 'function',
      function: { name: 'request_aws_access', arguments: '{"reason":"r"}' },
    };
    const deltas = [
      [{ role: 'assistant', tool_calls: [{ index: 0, ...call }] }, 'tool_calls'],
      [{ role: 'assistant', content: 'It is 7.' }, 'stop'],
    ];
    const openai = new OpenAI({
      apiKey: 'none',
      baseURL: 'https://model.example/v1',
      async fetch(_, init) {
        sent.push(JSON.parse(String(init?.body)));
        const [delta, finish_reason] = deltas[sent.length - 1] ?? [];
        const chunk = { id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm' };
        const data = JSON.stringify({ ...chunk, choices: [{ index: 0, delta, finish_reason }] });
        return new Response(`data: ${data}\n\ndata: [DONE]\n\n`, {
          headers: { 'content-type': 'text/event-stream' },
        });
      },
    });
    const answer = makeAgent({
      ...{ openai, model: 'm', customer: 'c-1042', onStep: () => {} },
      runTool: async () => '{"items":[]}',
    });
    expect(await answer('My balance?')).toBe('It is 7.');
    expect(fieldsOf(sent[1], ['tools[]', 'messages[].tool_calls[]'])).toEqual(listed('The chat'));
  });
});

test('nobody asks a model but whom the page names', () => {
  const sources = [
    'lambdas',
    'clients',
    'console',
    'demo',
    'docs/examples',
    'gateway',
    'scripts',
    'slack-app',
  ]
    .flatMap((folder) => globSync(`${folder}/**/*.ts`))
    .toSorted();
  const asks =
    /import (?!type)[^;]*from 'openai'|import\('openai'\)|makeOpenaiReviewer\(|makeBedrockReviewer\(|chat\.completions\.\w+\(|responses\.create\(/;
  expect(sources.filter((file) => asks.test(readFileSync(file, 'utf8')))).toEqual([
    'clients/iam/generate/open-asker.ts',
    'demo/chat/support-agent.ts',
    'docs/examples/support-agent/agent.ts',
    'docs/examples/support-agent/main.ts',
    'lambdas/review-request/open-reviewers.ts',
    'lambdas/shared/adapters/reviewer/ask-bedrock.ts',
    'lambdas/shared/adapters/reviewer/ask-openai.ts',
    'scripts/evaluate.ts',
  ]);
});
