import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { STATE_FUNCTIONS } from '../../infra/constructs/workflow.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';

let cloud: Cloud;
let requestId: string;
beforeAll(async () => {
  cloud = await startCloud();
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query']));
  const analyst = cloud.as('analyst1');
  const reason = 'The weekly report needs the operational metrics.';
  requestId = String((await analyst('POST', '/requests?wait=20', { reason })).body.requestId);
  await analyst('POST', `/requests/${requestId}/credentials`, {});
  await until(
    async () => lines('postern-write-log').length,
    (printed) => printed > 0,
  );
});
afterAll(() => cloud.close());

/** What a function printed, as CloudWatch Logs has it: one JSON object a line. */
const lines = (functionName: string): Record<string, unknown>[] =>
  cloud.logs.lines
    .filter((line) => line.functionName === functionName && line.text.startsWith('{'))
    .map(({ text }) => JSON.parse(text));

const asked = STATE_FUNCTIONS.filter(
  (name) => !['request-approval', 'tally-votes', 'apply-change'].includes(name as string),
);

test.each(asked)(
  'each line of %s about a step names the request, its execution and who it is for',
  (name) => {
    const done = lines(`postern-${name}`).filter(({ message }) => message === 'step done');
    expect(done.length).toBeGreaterThan(0);
    for (const line of done)
      expect(line).toMatchObject({
        requestId,
        executionArn: cloud.executionArn(requestId),
        sourceIdentity: 'analyst1',
      });
  },
);

test('each audit record of the request names its execution and the source identity of its session', async () => {
  const { Items = [] } = await cloud.database.send(
    new QueryCommand({
      TableName: 'postern_audit',
      KeyConditionExpression: '#chain = :chain',
      ExpressionAttributeNames: { '#chain': 'chain' },
      ExpressionAttributeValues: { ':chain': 'analyst1' },
    }),
  );
  expect(Items.map(({ event }) => event)).toEqual(expect.arrayContaining(['issuing', 'issued']));
  for (const { facts } of Items)
    expect(facts.correlation).toEqual({
      executionArn: cloud.executionArn(requestId),
      sourceIdentity: 'analyst1',
    });
});

test.each([
  ['review-request', { ReviewerInputTokens: 1, ReviewerOutputTokens: 1 }],
  ['assume-role', { Claims: 1 }],
  ['write-log', { TimeToDecision: expect.any(Number) }],
])('%s emits its figures in the embedded metric format', (name, figures) => {
  const [emitted] = lines(`postern-${name}`).filter((line) => '_aws' in line);
  expect(emitted).toMatchObject({ service: `postern-${name}`, ...figures });
  expect(JSON.stringify(emitted?._aws)).toContain('"Namespace":"Postern"');
});

test("the front door's lines about a request name it, whether it was asked for or claimed", () => {
  const about = lines('postern-front-door').filter((line) => line.requestId === requestId);
  expect(about.map(({ route }) => route)).toEqual(['/requests', '/requests/:id/credentials']);
});
