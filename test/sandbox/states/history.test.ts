import { describe, expect, test } from 'vitest';
import type { AslDefinition } from '../../../sandbox/states/asl-types.ts';
import {
  EXECUTION_ARN,
  eventually,
  functionArn,
  MACHINE_ARN,
  makeStates,
  WAIT_RESOURCE,
} from './support/make-states.ts';

const walk: AslDefinition = {
  StartAt: 'Load',
  States: {
    Load: {
      Type: 'Task',
      Resource: functionArn('load'),
      TimeoutSeconds: 15,
      ResultPath: '$.loaded',
      Retry: [{ ErrorEquals: ['Down'], IntervalSeconds: 1 }],
      Next: 'Route',
    },
    Route: { Type: 'Choice', Choices: [{ Variable: '$.loaded', StringEquals: 'p', Next: 'Wait' }] },
    Wait: {
      Type: 'Task',
      Resource: WAIT_RESOURCE,
      Parameters: { FunctionName: functionArn('ask'), Payload: { 'taskToken.$': '$$.Task.Token' } },
      TimeoutSeconds: 900,
      ResultPath: '$.claim',
      Catch: [{ ErrorEquals: ['States.Timeout', 'Refused'], ResultPath: '$.error', Next: 'Broken' }],
      Next: 'Done',
    },
    Done: { Type: 'Succeed', OutputPath: '$.claim' },
    Broken: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
  },
};

function makeWalk(clockSpeed = 1000) {
  const tokens: string[] = [];
  let loads = 0;
  const states = makeStates(
    walk,
    {
      load: () => {
        loads += 1;
        if (loads === 1) throw Object.assign(new Error('down'), { name: 'Down' });
        return 'p';
      },
      ask: ({ taskToken }) => {
        tokens.push(String(taskToken));
        return 'asked';
      },
    },
    { clockSpeed },
  );
  return { states, token: () => eventually(() => tokens[0]) };
}

describe('the history of an execution', () => {
  test('reads as it does on AWS, event by event', async () => {
    const { states, token } = makeWalk();
    await states.start('one', { a: 1 });
    const taskToken = await token();
    await eventually(async () => (await states.history('one')).find(({ type }) => type === 'TaskSubmitted'));
    await states.call('SendTaskSuccess', { taskToken, output: '{"k":1}' });
    await states.ended('one');
    const events = await states.history('one');

    const afterLoad = '{"a":1,"loaded":"p"}';
    const afterWait = '{"a":1,"loaded":"p","claim":{"k":1}}';
    const resource = functionArn('load');
    const data = { truncated: false };
    const wait = { resourceType: 'lambda', resource: 'invoke.waitForTaskToken' };
    const scheduled = { resource, input: '{"a":1}', inputDetails: data, timeoutInSeconds: 15 };
    const expected: [string, string?, object?][] = [
      [
        'ExecutionStarted',
        'executionStartedEventDetails',
        { input: '{"a":1}', inputDetails: data, roleArn: 'arn:aws:iam::123456789012:role/machine' },
      ],
      [
        'TaskStateEntered',
        'stateEnteredEventDetails',
        { name: 'Load', input: '{"a":1}', inputDetails: data },
      ],
      ['LambdaFunctionScheduled', 'lambdaFunctionScheduledEventDetails', scheduled],
      ['LambdaFunctionStarted'],
      [
        'LambdaFunctionFailed',
        'lambdaFunctionFailedEventDetails',
        { error: 'Down', cause: '{"errorType":"Down","errorMessage":"down","trace":[]}' },
      ],
      ['LambdaFunctionScheduled', 'lambdaFunctionScheduledEventDetails', scheduled],
      ['LambdaFunctionStarted'],
      [
        'LambdaFunctionSucceeded',
        'lambdaFunctionSucceededEventDetails',
        { output: '"p"', outputDetails: data },
      ],
      [
        'TaskStateExited',
        'stateExitedEventDetails',
        { name: 'Load', output: afterLoad, outputDetails: data },
      ],
      [
        'ChoiceStateEntered',
        'stateEnteredEventDetails',
        { name: 'Route', input: afterLoad, inputDetails: data },
      ],
      [
        'ChoiceStateExited',
        'stateExitedEventDetails',
        { name: 'Route', output: afterLoad, outputDetails: data },
      ],
      [
        'TaskStateEntered',
        'stateEnteredEventDetails',
        { name: 'Wait', input: afterLoad, inputDetails: data },
      ],
      [
        'TaskScheduled',
        'taskScheduledEventDetails',
        {
          ...wait,
          region: 'eu-central-1',
          parameters: JSON.stringify({ FunctionName: functionArn('ask'), Payload: { taskToken } }),
          timeoutInSeconds: 900,
        },
      ],
      ['TaskStarted', 'taskStartedEventDetails', wait],
      [
        'TaskSubmitted',
        'taskSubmittedEventDetails',
        { ...wait, output: '{"Payload":"asked","StatusCode":200}', outputDetails: data },
      ],
      ['TaskSucceeded', 'taskSucceededEventDetails', { ...wait, output: '{"k":1}', outputDetails: data }],
      [
        'TaskStateExited',
        'stateExitedEventDetails',
        { name: 'Wait', output: afterWait, outputDetails: data },
      ],
      [
        'SucceedStateEntered',
        'stateEnteredEventDetails',
        { name: 'Done', input: afterWait, inputDetails: data },
      ],
      [
        'SucceedStateExited',
        'stateExitedEventDetails',
        { name: 'Done', output: '{"k":1}', outputDetails: data },
      ],
      ['ExecutionSucceeded', 'executionSucceededEventDetails', { output: '{"k":1}', outputDetails: data }],
    ];
    expect(events).toEqual(
      expected.map(([type, name, details], index) => ({
        id: index + 1,
        previousEventId: index <= 1 ? 0 : index,
        timestamp: expect.any(Number),
        type,
        ...(name && { [name]: details }),
      })),
    );
    const times = events.map(({ timestamp }) => timestamp);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('shows a wait that timed out and the Fail state it led to', async () => {
    const { states } = makeWalk(20_000);
    await states.start('one', {});
    await states.ended('one');
    const events = (await states.history('one')).slice(-6);
    expect(events.map(({ type }) => type)).toEqual([
      'TaskStarted',
      'TaskSubmitted',
      'TaskTimedOut',
      'TaskStateExited',
      'FailStateEntered',
      'ExecutionFailed',
    ]);
    expect(events[2]?.taskTimedOutEventDetails).toEqual({
      resourceType: 'lambda',
      resource: 'invoke.waitForTaskToken',
      error: 'States.Timeout',
    });
    expect(events[5]?.executionFailedEventDetails).toEqual({ error: 'States.Timeout', cause: '' });
  });

  test('shows a wait that was failed', async () => {
    const { states, token } = makeWalk();
    await states.start('one', {});
    await states.call('SendTaskFailure', { taskToken: await token(), error: 'Refused', cause: 'no' });
    await states.ended('one');
    const failed = (await states.history('one')).find(({ type }) => type === 'TaskFailed');
    expect(failed?.taskFailedEventDetails).toMatchObject({ error: 'Refused', cause: 'no' });
  });

  test('shows a function that timed out', async () => {
    const states = makeStates(
      {
        StartAt: 'Load',
        States: { Load: { Type: 'Task', Resource: functionArn('load'), TimeoutSeconds: 1, End: true } },
      },
      { load: () => new Promise(() => {}) },
    );
    await states.start('one');
    await states.ended('one');
    expect((await states.history('one')).slice(-2)).toMatchObject([
      { type: 'LambdaFunctionTimedOut', lambdaFunctionTimedOutEventDetails: { error: 'States.Timeout' } },
      { type: 'ExecutionFailed', executionFailedEventDetails: { error: 'States.Timeout' } },
    ]);
  });

  test('without execution data holds no input, output or parameters, so no token', async () => {
    const { states, token } = makeWalk();
    await states.start('one', { a: 'PRIVATE' });
    const taskToken = await token();
    await states.call('SendTaskSuccess', { taskToken, output: '"PRIVATE"' });
    await states.ended('one');
    const whole = JSON.stringify(await states.history('one'));
    const bare = JSON.stringify(await states.history('one', { includeExecutionData: false }));
    expect(whole).toContain(taskToken);
    expect(whole).toContain('PRIVATE');
    expect(bare).not.toContain(taskToken);
    expect(bare).not.toContain('PRIVATE');
    expect(JSON.parse(bare)).toHaveLength(JSON.parse(whole).length);
  });

  test('pages, in either order', async () => {
    const { states, token } = makeWalk();
    await states.start('one', {});
    await states.call('SendTaskSuccess', { taskToken: await token(), output: '1' });
    await states.ended('one');
    const all = (await states.history('one')).map(({ id }) => id);
    for (const reverseOrder of [false, true]) {
      const seen: number[] = [];
      let nextToken: string | undefined;
      do {
        const page = await states.call('GetExecutionHistory', {
          executionArn: `${EXECUTION_ARN}:one`,
          maxResults: 7,
          reverseOrder,
          ...(nextToken && { nextToken }),
        });
        expect(page.events.length).toBeLessThanOrEqual(7);
        seen.push(...page.events.map(({ id }) => id));
        nextToken = page.nextToken;
      } while (nextToken);
      expect(seen).toEqual(reverseOrder ? all.toReversed() : all);
    }
    await expect(states.history('one', { nextToken: 'made-up' })).rejects.toMatchObject({
      code: 'InvalidToken',
    });
    await expect(states.history('one', { maxResults: 1001 })).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });
});

describe('ListExecutions', () => {
  const idle: AslDefinition = {
    StartAt: 'Work',
    States: { Work: { Type: 'Task', Resource: functionArn('work'), End: true } },
  };

  test('answers the newest first, by status, in pages', async () => {
    const states = makeStates(idle, {
      work: ({ how }) => {
        if (how === 'fail') throw new Error('no');
        return how === 'hang' ? new Promise(() => {}) : 'done';
      },
    });
    for (const [name, how] of [
      ['a', 'work'],
      ['b', 'fail'],
      ['c', 'work'],
    ] as const) {
      await states.start(name, { how });
      await states.ended(name);
    }
    await states.start('d', { how: 'hang' });
    const list = async (more = {}) => {
      const { executions } = await states.call('ListExecutions', { stateMachineArn: MACHINE_ARN, ...more });
      return executions.map(({ name, status }) => `${name} ${status}`);
    };
    expect(await list()).toEqual(['d RUNNING', 'c SUCCEEDED', 'b FAILED', 'a SUCCEEDED']);
    expect(await list({ statusFilter: 'SUCCEEDED' })).toEqual(['c SUCCEEDED', 'a SUCCEEDED']);
    expect(await list({ statusFilter: 'ABORTED' })).toEqual([]);
    const page = await states.call('ListExecutions', { stateMachineArn: MACHINE_ARN, maxResults: 3 });
    expect(page.executions).toHaveLength(3);
    expect(await list({ nextToken: page.nextToken })).toEqual(['a SUCCEEDED']);
    await states.service.close();
  });

  test('of another state machine is refused', async () => {
    await expect(
      makeStates(idle).call('ListExecutions', { stateMachineArn: `${MACHINE_ARN}x` }),
    ).rejects.toMatchObject({ code: 'StateMachineDoesNotExist' });
  });
});

describe('the state machine', () => {
  test('describes itself, by its ARN and by an execution', async () => {
    const states = makeStates(walk);
    const described = await states.call('DescribeStateMachine', { stateMachineArn: MACHINE_ARN });
    expect(described).toMatchObject({
      stateMachineArn: MACHINE_ARN,
      name: 'access-request',
      status: 'ACTIVE',
      type: 'STANDARD',
      roleArn: 'arn:aws:iam::123456789012:role/machine',
      creationDate: expect.any(Number),
    });
    expect(JSON.parse((described as unknown as { definition: string }).definition)).toEqual(walk);
    await states.start('one');
    expect(
      await states.call('DescribeStateMachineForExecution', { executionArn: `${EXECUTION_ARN}:one` }),
    ).toMatchObject({ stateMachineArn: MACHINE_ARN, updateDate: expect.any(Number) });
    expect(await states.call('ListStateMachines')).toMatchObject({
      stateMachines: [{ stateMachineArn: MACHINE_ARN, name: 'access-request', type: 'STANDARD' }],
    });
    await states.service.close();
  });
});

test.each([
  ['StartExecution', { stateMachineArn: MACHINE_ARN }, MACHINE_ARN],
  ['ListExecutions', { stateMachineArn: MACHINE_ARN }, MACHINE_ARN],
  ['DescribeStateMachine', { stateMachineArn: MACHINE_ARN }, MACHINE_ARN],
  ['DescribeExecution', { executionArn: `${EXECUTION_ARN}:one` }, `${EXECUTION_ARN}:one`],
  ['GetExecutionHistory', { executionArn: `${EXECUTION_ARN}:one` }, `${EXECUTION_ARN}:one`],
  ['StopExecution', { executionArn: `${EXECUTION_ARN}:one` }, `${EXECUTION_ARN}:one`],
  ['DescribeStateMachineForExecution', { executionArn: `${EXECUTION_ARN}:one` }, `${EXECUTION_ARN}:one`],
  ['SendTaskSuccess', { taskToken: 'any' }, MACHINE_ARN],
  ['SendTaskFailure', { taskToken: 'any' }, MACHINE_ARN],
  ['SendTaskHeartbeat', { taskToken: 'any' }, MACHINE_ARN],
  ['ListStateMachines', {}, '*'],
  ['StartExecution', {}, '*'],
])('IAM must allow %s %j on %s', (operation, input, resource) => {
  const { service, caller } = makeStates(walk);
  expect(service.authorizations({ service: 'states', operation, input, caller })).toEqual([
    { action: `states:${operation}`, resource },
  ]);
});
