import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { AslDefinition, AslRetrier } from '../../../sandbox/states/asl-types.ts';
import { eventually, functionArn, makeGate, makeStates, WAIT_RESOURCE } from './support/make-states.ts';

const twoTasks = (Retry: AslRetrier[] = []): AslDefinition => ({
  StartAt: 'First',
  States: {
    First: {
      Type: 'Task',
      Resource: functionArn('first'),
      Retry,
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Second' }],
      Next: 'Second',
    },
    Second: { Type: 'Task', Resource: functionArn('second'), End: true },
  },
});

const waiting: AslDefinition = {
  StartAt: 'Wait',
  States: {
    Wait: {
      Type: 'Task',
      Resource: WAIT_RESOURCE,
      Parameters: { FunctionName: functionArn('ask'), Payload: { 'taskToken.$': '$$.Task.Token' } },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Second' }],
      Next: 'Second',
    },
    Second: { Type: 'Task', Resource: functionArn('second'), End: true },
  },
};

describe('StopExecution', () => {
  test('ends it as ABORTED with error and cause, and tells', async () => {
    const states = makeStates(twoTasks(), { first: () => new Promise(() => {}) });
    await states.start('one');
    await eventually(() => states.invoked[0]);
    const { stopDate } = await states.stop('one', { error: 'Cancelled', cause: 'by its requester' });
    const described = await states.describe('one');
    expect(described).toMatchObject({
      status: 'ABORTED',
      error: 'Cancelled',
      cause: 'by its requester',
      stopDate,
    });
    expect(states.closed.map(({ detail }) => [detail.name, detail.status, detail.error])).toEqual([
      ['one', 'ABORTED', 'Cancelled'],
    ]);
    expect((await states.history('one')).at(-1)).toMatchObject({
      type: 'ExecutionAborted',
      executionAbortedEventDetails: { error: 'Cancelled', cause: 'by its requester' },
    });
  });

  test('during the back-off of a retry: the task is not run again', async () => {
    const states = makeStates(
      twoTasks([{ ErrorEquals: ['States.ALL'], IntervalSeconds: 3600, MaxAttempts: 5 }]),
      {
        first: () => {
          throw new Error('down');
        },
      },
    );
    await states.start('one');
    await eventually(async () =>
      (await states.history('one')).find(({ type }) => type === 'LambdaFunctionFailed'),
    );
    await states.stop('one');
    await pause(50);
    expect(states.invoked).toEqual(['first']);
    expect(await states.describe('one')).toMatchObject({ status: 'ABORTED' });
    expect((await states.history('one')).at(-1)?.type).toBe('ExecutionAborted');
  });

  test('while a function works: its answer starts nothing', async () => {
    const gate = makeGate<unknown>();
    const states = makeStates(twoTasks(), { first: () => gate.promise });
    await states.start('one');
    await eventually(() => states.invoked[0]);
    await states.stop('one');
    const before = await states.history('one');
    expect(before.slice(-2).map(({ type }) => type)).toEqual(['LambdaFunctionStarted', 'ExecutionAborted']);
    gate.open('late');
    await pause(20);
    expect(states.invoked).toEqual(['first']);
    expect(await states.history('one')).toEqual(before);
  });

  test('before the first function has started: none starts', async () => {
    const states = makeStates(twoTasks());
    await states.start('one');
    await states.stop('one');
    await pause(20);
    expect(states.invoked).toEqual([]);
  });

  test('during a wait: its token is dead, and no catcher runs', async () => {
    const tokens: string[] = [];
    const states = makeStates(waiting, { ask: ({ taskToken }) => void tokens.push(String(taskToken)) });
    await states.start('one');
    const taskToken = await eventually(() => tokens[0]);
    await states.stop('one');
    await expect(states.call('SendTaskSuccess', { taskToken, output: '1' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
    await pause(20);
    expect(states.invoked).toEqual(['ask']);
  });

  test('during a Wait state: what follows does not run', async () => {
    const states = makeStates({
      StartAt: 'Pause',
      States: {
        Pause: { Type: 'Wait', Seconds: 3600, Next: 'Second' },
        Second: { Type: 'Task', Resource: functionArn('second'), End: true },
      },
    });
    await states.start('one');
    await states.stop('one');
    await pause(20);
    expect(states.invoked).toEqual([]);
    expect(await states.describe('one')).toMatchObject({ status: 'ABORTED' });
  });

  test('of an execution that has ended changes nothing', async () => {
    const states = makeStates(twoTasks());
    await states.start('one');
    const ended = await states.ended('one');
    expect(await states.stop('one')).toEqual({
      stopDate: (ended as unknown as { stopDate: number }).stopDate,
    });
    expect(await states.describe('one')).toEqual(ended);
    expect(states.closed).toEqual([]);
  });

  test('of what does not exist', async () => {
    const states = makeStates(twoTasks());
    await expect(states.stop('none')).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
    await expect(states.call('StopExecution', { executionArn: 'none' })).rejects.toMatchObject({
      code: 'InvalidArn',
    });
  });
});

test('closing the service ends what runs, and every timer', async () => {
  const states = makeStates({ ...waiting, TimeoutSeconds: 2_592_000 });
  await states.start('one');
  await eventually(() => states.invoked[0]);
  await states.service.close();
  expect(await states.describe('one')).toMatchObject({ status: 'ABORTED', error: 'SandboxClosed' });
});
