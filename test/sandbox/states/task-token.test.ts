import { describe, expect, test } from 'vitest';
import type { AslDefinition, AslState, JsonValue } from '../../../sandbox/states/asl-types.ts';
import {
  EXECUTION_ARN,
  eventually,
  functionArn,
  makeGate,
  makeStates,
  WAIT_RESOURCE,
} from './support/make-states.ts';

/** A wait like those of the deployed ASL, and the states it goes on to. */
const machine = (state: Partial<AslState> = {}): AslDefinition => ({
  StartAt: 'Wait',
  States: {
    Wait: {
      Type: 'Task',
      Resource: WAIT_RESOURCE,
      Parameters: {
        FunctionName: functionArn('ask'),
        Payload: { 'state.$': '$', 'taskToken.$': '$$.Task.Token', 'executionArn.$': '$$.Execution.Id' },
      },
      ResultPath: '$.claim',
      Next: 'Done',
      ...state,
    },
    Done: { Type: 'Succeed' },
    Caught: { Type: 'Succeed' },
  },
});

/** A function that notes what it is asked with. */
function makeAsk(answer: () => unknown = () => 'dropped') {
  const asked: Record<string, JsonValue>[] = [];
  return {
    asked,
    token: async (n = 0): Promise<string> => String((await eventually(() => asked[n])).taskToken),
    ask: (payload: Record<string, JsonValue>) => {
      asked.push(payload);
      return answer();
    },
  };
}

describe('a wait for a task token', () => {
  test('gives the function state, token and execution, drops its answer, ends with the output', async () => {
    const { asked, token, ask } = makeAsk();
    const states = makeStates(machine(), { ask });
    await states.start('one', { a: 1 });
    const taskToken = await token();
    expect(asked).toEqual([{ state: { a: 1 }, taskToken, executionArn: `${EXECUTION_ARN}:one` }]);
    expect(await states.describe('one')).toMatchObject({ status: 'RUNNING' });
    expect(await states.call('SendTaskSuccess', { taskToken, output: '{"key":"k"}' })).toEqual({});
    expect((await states.ended('one')).output).toBe('{"a":1,"claim":{"key":"k"}}');
  });

  test('may be completed before the function has answered', async () => {
    const gate = makeGate<unknown>();
    const { token, ask } = makeAsk(() => gate.promise);
    const states = makeStates(machine(), { ask });
    await states.start('one');
    await states.call('SendTaskSuccess', { taskToken: await token(), output: '1' });
    await states.ended('one');
    gate.fail(new Error('too late to matter'));
    await gate.promise.catch(() => {});
    expect(await states.describe('one')).toMatchObject({ status: 'SUCCEEDED', output: '{"claim":1}' });
    expect((await states.history('one')).map(({ type }) => type)).not.toContain('TaskFailed');
  });

  test('may be completed by the function itself', async () => {
    const states = makeStates(machine(), {
      ask: ({ taskToken }) => states.call('SendTaskSuccess', { taskToken, output: '"self"' }),
    });
    await states.start('one');
    expect((await states.ended('one')).output).toBe('{"claim":"self"}');
  });

  test('fails when the function fails, by the name of its error', async () => {
    const states = makeStates(
      machine({ Catch: [{ ErrorEquals: ['RequestClosed'], ResultPath: '$.error', Next: 'Caught' }] }),
      {
        ask: () => {
          throw Object.assign(new Error('closed'), { name: 'RequestClosed' });
        },
      },
    );
    await states.start('one');
    const { output } = await states.ended('one');
    expect(JSON.parse(output).error).toEqual({
      Error: 'RequestClosed',
      Cause: '{"errorType":"RequestClosed","errorMessage":"closed","trace":[]}',
    });
  });

  test('fails by SendTaskFailure, with its error and cause', async () => {
    const { token, ask } = makeAsk();
    const states = makeStates(
      machine({ Catch: [{ ErrorEquals: ['Refused'], ResultPath: '$.error', Next: 'Caught' }] }),
      { ask },
    );
    await states.start('one');
    await states.call('SendTaskFailure', { taskToken: await token(), error: 'Refused', cause: 'said no' });
    const { output } = await states.ended('one');
    expect(JSON.parse(output).error).toEqual({ Error: 'Refused', Cause: 'said no' });
  });

  test('a ResultSelector of static values replaces what the token was completed with', async () => {
    const { token, ask } = makeAsk();
    const states = makeStates(machine({ ResultSelector: { by: 'token' }, ResultPath: '$.wake' }), { ask });
    await states.start('one');
    await states.call('SendTaskSuccess', { taskToken: await token(), output: '{"forged":true}' });
    expect((await states.ended('one')).output).toBe('{"wake":{"by":"token"}}');
  });

  test('takes its timeout from the input, not from the output of Parameters', async () => {
    const { token, ask } = makeAsk();
    const states = makeStates(
      machine({
        TimeoutSecondsPath: '$.verdict.waitSeconds',
        Catch: [{ ErrorEquals: ['States.Timeout'], ResultPath: '$.wake', Next: 'Caught' }],
      }),
      { ask },
      { clockSpeed: 100 },
    );
    await states.start('one', { verdict: { waitSeconds: 2 } });
    const taskToken = await token();
    const { output } = await states.ended('one');
    expect(JSON.parse(output).wake).toEqual({ Error: 'States.Timeout', Cause: '' });
    await expect(states.call('SendTaskSuccess', { taskToken, output: '1' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
  });

  test.each([0, -1, 1.5, '5', null, 100_000_000])(
    'refuses %j as a timeout, uncatchably',
    async (waitSeconds) => {
      const states = makeStates(
        machine({
          TimeoutSecondsPath: '$.waitSeconds',
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
        }),
      );
      await states.start('one', { waitSeconds });
      expect(await states.ended('one')).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
      expect(states.invoked).toEqual([]);
    },
  );

  test('has no timeout of 60 seconds that nobody asked for', async () => {
    const { token, ask } = makeAsk();
    const states = makeStates(machine(), { ask }, { clockSpeed: 10_000 });
    await states.start('one');
    await token();
    // 60 seconds at this speed are 6 ms.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await states.describe('one')).toMatchObject({ status: 'RUNNING' });
    await states.service.close();
  });
});

describe('a task token', () => {
  test('is fresh at every entry and every retry, and the older one is dead', async () => {
    let calls = 0;
    const { token, asked, ask } = makeAsk(() => {
      calls += 1;
      if (calls === 1) throw Object.assign(new Error('down'), { name: 'ChannelDown' });
    });
    const states = makeStates(
      {
        StartAt: 'Wait',
        States: {
          Wait: {
            ...machine().States.Wait,
            Type: 'Task',
            Retry: [{ ErrorEquals: ['ChannelDown'], IntervalSeconds: 1 }],
            Next: 'Again',
          },
          Again: {
            Type: 'Choice',
            Choices: [{ Variable: '$.claim', StringEquals: 'again', Next: 'Wait' }],
            Default: 'Done',
          },
          Done: { Type: 'Succeed' },
        },
      },
      { ask },
      { clockSpeed: 1000 },
    );
    await states.start('one');
    const second = await token(1);
    await states.call('SendTaskSuccess', { taskToken: second, output: '"again"' });
    const third = await token(2);
    const tokens = asked.map(({ taskToken }) => String(taskToken));
    expect(new Set(tokens).size).toBe(3);
    for (const dead of tokens.slice(0, 2)) {
      for (const [operation, more] of [
        ['SendTaskSuccess', { output: '"done"' }],
        ['SendTaskFailure', {}],
        ['SendTaskHeartbeat', {}],
      ] as const) {
        await expect(states.call(operation, { taskToken: dead, ...more })).rejects.toMatchObject({
          code: 'TaskTimedOut',
        });
      }
    }
    await states.call('SendTaskSuccess', { taskToken: third, output: '"done"' });
    expect(await states.ended('one')).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('works once, whichever way it is raced', async () => {
    const { token, ask } = makeAsk();
    const states = makeStates(machine(), { ask });
    await states.start('one');
    const taskToken = await token();
    const raced = await Promise.allSettled(
      [1, 2, 3, 4].map((n) => states.call('SendTaskSuccess', { taskToken, output: String(n) })),
    );
    expect(raced.map(({ status }) => status).toSorted()).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
    ]);
  });

  test('answers a heartbeat while it waits', async () => {
    const { token, ask } = makeAsk();
    const states = makeStates(machine(), { ask });
    await states.start('one');
    expect(await states.call('SendTaskHeartbeat', { taskToken: await token() })).toEqual({});
    await states.service.close();
  });

  test('cannot be guessed: it holds 384 random bytes', async () => {
    const { token, ask } = makeAsk();
    const states = makeStates(machine(), { ask });
    await states.start('one');
    await states.start('two');
    const [first, second] = [await token(0), await token(1)];
    expect(Buffer.from(first, 'base64')).toHaveLength(384);
    expect(first).not.toBe(second);
    await states.service.close();
  });

  test.each([
    ['', 'ValidationException'],
    [undefined, 'ValidationException'],
    ['x'.repeat(2049), 'ValidationException'],
    ['guess', 'InvalidToken'],
    ['A'.repeat(512), 'TaskDoesNotExist'],
  ])('%j is answered by %s', async (taskToken, code) => {
    await expect(
      makeStates(machine()).call('SendTaskSuccess', { taskToken, output: '1' }),
    ).rejects.toMatchObject({ code });
  });

  test.each(['', 'not json', '{', JSON.stringify('x'.repeat(262_143))])(
    'an output that is not JSON of at most 256 KiB is refused, and the wait goes on',
    async (output) => {
      const { token, ask } = makeAsk();
      const states = makeStates(machine(), { ask });
      await states.start('one');
      const taskToken = await token();
      await expect(states.call('SendTaskSuccess', { taskToken, output })).rejects.toMatchObject({
        code: 'InvalidOutput',
      });
      await states.call('SendTaskSuccess', { taskToken, output: 'null' });
      expect((await states.ended('one')).output).toBe('{"claim":null}');
    },
  );
});
