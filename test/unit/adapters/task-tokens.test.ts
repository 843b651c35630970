import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { completeTask } from '../../../lambdas/shared/adapters/workflows/complete-task.ts';
import { makeRevocations } from '../../../lambdas/shared/adapters/workflows/revocations.ts';
import {
  EXECUTION_ARN,
  eventually,
  functionArn,
  MACHINE_ARN,
  makeStates,
  WAIT_RESOURCE,
} from '../../sandbox/states/support/make-states.ts';
import { serveJson } from '../../sandbox/states/support/serve-json.ts';

const tokens = new Map<string, string>();
const states = makeStates(
  {
    StartAt: 'Wait',
    States: {
      Wait: {
        Type: 'Task',
        Resource: WAIT_RESOURCE,
        Parameters: {
          FunctionName: functionArn('ask'),
          Payload: { 'taskToken.$': '$$.Task.Token', 'name.$': '$$.Execution.Name' },
        },
        End: true,
      },
    },
  },
  { ask: ({ taskToken, name }) => void tokens.set(String(name), String(taskToken)) },
);
let server: Awaited<ReturnType<typeof serveJson>>;
let client: SFNClient;
beforeAll(async () => {
  server = await serveJson(states.call);
  client = new SFNClient({
    endpoint: server.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIATESTER', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await states.service.close();
  await server.close();
});

test('a wait is completed once; whoever comes after finds it gone, which is no failure', async () => {
  await states.start('once');
  const token = await eventually(() => tokens.get('once'));
  const answers = await Promise.all([1, 2, 3].map((answer) => completeTask(client, token, { answer })));
  expect(answers.toSorted()).toEqual(['completed', 'gone', 'gone']);
  expect(JSON.parse((await states.ended('once')).output)).toHaveProperty('answer');
});

test.each([
  [
    'that was stopped',
    async () => {
      await states.start('stopped');
      const token = await eventually(() => tokens.get('stopped'));
      await states.stop('stopped');
      return token;
    },
  ],
  ['of an earlier run', async () => 'A'.repeat(512)],
  ['that is no token', async () => 'guessed'],
])('a wait %s is gone', async (_, tokenOf) => {
  expect(await completeTask(client, await tokenOf(), {})).toBe('gone');
});

test('where Step Functions cannot be reached it is a failure, and not taken for a wait that is over', async () => {
  const nobody = new SFNClient({
    endpoint: 'http://127.0.0.1:1',
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIATESTER', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  await expect(completeTask(nobody, 'any', {})).rejects.toMatchObject({ name: 'DependencyUnavailable' });
  nobody.destroy();
});

test('a revocation is started with what it is about, under a name that tells one attempt from the next', async () => {
  let nowMs = Date.parse('2026-11-20T22:00:00.000Z');
  const { start } = makeRevocations({
    client,
    stateMachineArn: MACHINE_ARN,
    clock: () => new Date(nowMs),
  });
  const requestId = 'analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F0G';
  const ofSession = { requestId, by: 'approver1', because: 'The report is done.', everySession: false };
  const ofPrincipal = { principalId: 'analyst1', by: 'admin', because: 'The laptop was lost.' };
  await start(ofSession);
  await start(ofPrincipal);
  nowMs += 1;
  await start(ofSession);
  const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn: MACHINE_ARN }));
  const names = executions.map(({ name }) => name ?? '').filter((name) => name.startsWith('analyst1'));
  expect(names).toHaveLength(3);
  expect(new Set(names).size).toBe(3);
  const inputs = await Promise.all(
    names.map(async (name) => {
      const { input } = await client.send(
        new DescribeExecutionCommand({ executionArn: `${EXECUTION_ARN}:${name}` }),
      );
      return JSON.parse(input ?? '');
    }),
  );
  expect(inputs).toHaveLength(3);
  expect(inputs).toEqual(expect.arrayContaining([ofSession, ofPrincipal]));
});
