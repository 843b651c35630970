import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, functionArn, MACHINE_ARN, makeStates, WAIT_RESOURCE } from './support/make-states.ts';
import { serveJson } from './support/serve-json.ts';

const tokens: string[] = [];
const states = makeStates(
  {
    StartAt: 'Wait',
    States: {
      Wait: {
        Type: 'Task',
        Resource: WAIT_RESOURCE,
        Parameters: { FunctionName: functionArn('ask'), Payload: { 'taskToken.$': '$$.Task.Token' } },
        End: true,
      },
    },
  },
  { ask: ({ taskToken }) => void tokens.push(String(taskToken)) },
);
let server: Awaited<ReturnType<typeof serveJson>>;
let client: SFNClient;

beforeAll(async () => {
  server = await serveJson(states.call);
  client = new SFNClient({
    endpoint: server.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIATESTER', secretAccessKey: 'secret' },
  });
});
afterAll(async () => {
  client.destroy();
  await states.service.close();
  await server.close();
});

const start = (name: string, input = '{}') =>
  client.send(new StartExecutionCommand({ stateMachineArn: MACHINE_ARN, name, input }));

test('the real SDK starts, completes and reads an execution', async () => {
  const { executionArn, startDate } = await start('one');
  expect(startDate).toBeInstanceOf(Date);
  expect(await start('one')).toMatchObject({ executionArn, startDate });
  const taskToken = await eventually(() => tokens[0]);
  await client.send(new SendTaskSuccessCommand({ taskToken, output: '{"k":1}' }));
  const described = await eventually(async () => {
    const it = await client.send(new DescribeExecutionCommand({ executionArn }));
    return it.status === 'RUNNING' ? undefined : it;
  });
  expect(described).toMatchObject({ status: 'SUCCEEDED', output: '{"k":1}', stopDate: expect.any(Date) });
  await expect(client.send(new SendTaskSuccessCommand({ taskToken, output: '1' }))).rejects.toThrow(
    TaskTimedOut,
  );

  const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events[0]).toMatchObject({ id: 1, type: 'ExecutionStarted', timestamp: expect.any(Date) });
  expect(events.at(-1)?.executionSucceededEventDetails).toMatchObject({ output: '{"k":1}' });
  const ids: unknown[] = [];
  for await (const page of paginateGetExecutionHistory({ client, pageSize: 2 }, { executionArn })) {
    ids.push(...(page.events ?? []).map(({ id }) => id));
  }
  expect(ids).toEqual(events.map(({ id }) => id));
});

test('the real SDK knows the errors by their classes', async () => {
  await expect(start('one', '{"other":1}')).rejects.toThrow(ExecutionAlreadyExists);
  await expect(
    client.send(new SendTaskSuccessCommand({ taskToken: 'A'.repeat(512), output: '1' })),
  ).rejects.toThrow(TaskDoesNotExist);
});

test('the real SDK stops and lists', async () => {
  const { executionArn } = await start('two');
  const { stopDate } = await client.send(new StopExecutionCommand({ executionArn, error: 'Cancelled' }));
  expect(stopDate).toBeInstanceOf(Date);
  const { executions = [] } = await client.send(
    new ListExecutionsCommand({ stateMachineArn: MACHINE_ARN, statusFilter: 'ABORTED' }),
  );
  expect(executions).toMatchObject([{ name: 'two', status: 'ABORTED', stopDate }]);
});
