import { describe, expect, test } from 'vitest';
import type { AslDefinition, AslState } from '../../../sandbox/states/asl-types.ts';
import { functionArn, makeGate, makeStates } from './support/make-states.ts';

/** One task, with what a test adds to it, and a state to be caught in. */
const machine = (state: Partial<AslState>, top: Partial<AslDefinition> = {}): AslDefinition => ({
  StartAt: 'Work',
  ...top,
  States: {
    Work: { Type: 'Task', Resource: functionArn('work'), Next: 'Done', ...state },
    Done: { Type: 'Succeed' },
    Caught: { Type: 'Succeed' },
    Broken: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
  },
});

const failing =
  (name: string, message = 'no') =>
  () => {
    throw Object.assign(new Error(message), { name });
  };

const ALL = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Caught' }];

describe('a function task', () => {
  test('gets the whole state and puts its answer at ResultPath', async () => {
    const seen: unknown[] = [];
    const states = makeStates(machine({ ResultPath: '$.loaded' }), {
      work: (payload) => {
        seen.push(payload);
        return { policy: 'p' };
      },
    });
    await states.start('one', { request: { id: 1 } });
    const { output } = await states.ended('one');
    expect(JSON.parse(output)).toEqual({ request: { id: 1 }, loaded: { policy: 'p' } });
    expect(seen).toEqual([{ request: { id: 1 } }]);
  });

  test('ResultPath "$" replaces the state, in a catcher too', async () => {
    const replaced = makeStates(machine({ ResultPath: '$' }), { work: () => ({ all: 'new' }) });
    await replaced.start('one', { old: true });
    expect((await replaced.ended('one')).output).toBe('{"all":"new"}');

    const caught = makeStates(
      machine({ Catch: [{ ErrorEquals: ['Odd'], ResultPath: '$', Next: 'Caught' }] }),
      { work: failing('Odd') },
    );
    await caught.start('one', { old: true });
    expect(JSON.parse((await caught.ended('one')).output)).toEqual({
      Error: 'Odd',
      Cause: '{"errorType":"Odd","errorMessage":"no","trace":[]}',
    });
  });

  test('ResultPath null drops the answer', async () => {
    const states = makeStates(machine({ ResultPath: null }), { work: () => ({ all: 'new' }) });
    await states.start('one', { old: true });
    expect((await states.ended('one')).output).toBe('{"old":true}');
  });

  test('a state that is null stays null', async () => {
    const seen: unknown[] = [];
    const states = makeStates(machine({}), { work: (payload) => void seen.push(payload) });
    await states.start('one', null);
    expect((await states.ended('one')).output).toBe('null');
    expect(seen).toEqual([null]);
  });

  test('an error is caught by its name, with the cause that Lambda gives', async () => {
    const states = makeStates(
      machine({
        Catch: [
          { ErrorEquals: ['Other'], ResultPath: '$.error', Next: 'Done' },
          { ErrorEquals: ['PolicyMissing'], ResultPath: '$.error', Next: 'Caught' },
        ],
      }),
      { work: failing('PolicyMissing', 'no policy for "x"') },
    );
    await states.start('one', { a: 1 });
    const { output } = await states.ended('one');
    const { a, error } = JSON.parse(output);
    expect(a).toBe(1);
    expect(error.Error).toBe('PolicyMissing');
    expect(JSON.parse(error.Cause)).toEqual({
      errorType: 'PolicyMissing',
      errorMessage: 'no policy for "x"',
      trace: [],
    });
  });

  test('an error nobody catches fails the execution, and is told', async () => {
    const states = makeStates(machine({}), { work: failing('Odd', 'why') });
    await states.start('one', { a: 1 });
    expect(await states.ended('one')).toMatchObject({
      status: 'FAILED',
      error: 'Odd',
      cause: '{"errorType":"Odd","errorMessage":"why","trace":[]}',
    });
    expect(states.closed).toEqual([
      {
        version: '0',
        id: expect.any(String),
        'detail-type': 'Step Functions Execution Status Change',
        source: 'aws.states',
        account: '123456789012',
        time: expect.stringMatching(/^\d{4}-/),
        region: 'eu-central-1',
        resources: [expect.stringMatching(/:execution:access-request:one$/)],
        detail: {
          executionArn: expect.stringMatching(/:execution:access-request:one$/),
          stateMachineArn: states.service.authorizations({
            service: 'states',
            operation: 'SendTaskSuccess',
            input: {},
            caller: states.caller,
          })[0]?.resource,
          name: 'one',
          status: 'FAILED',
          startDate: expect.any(Number),
          stopDate: expect.any(Number),
          input: '{"a":1}',
          inputDetails: { included: true },
          output: null,
          outputDetails: null,
          error: 'Odd',
          cause: '{"errorType":"Odd","errorMessage":"why","trace":[]}',
        },
      },
    ]);
  });

  test('is retried as its retrier says, and then caught', async () => {
    const Retry = [
      { ErrorEquals: ['Other'], MaxAttempts: 9 },
      { ErrorEquals: ['DependencyUnavailable'], IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 },
    ];
    const states = makeStates(
      machine({ Retry, Catch: ALL }),
      { work: failing('DependencyUnavailable') },
      { clockSpeed: 1000 },
    );
    await states.start('one');
    await states.ended('one');
    expect(states.invoked).toHaveLength(4);
  });

  test('a retry that works goes on as if nothing had been', async () => {
    let calls = 0;
    const states = makeStates(
      machine({ Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, JitterStrategy: 'FULL' }] }),
      {
        work: () => {
          calls += 1;
          if (calls < 3) throw new Error('not yet');
          return 'third';
        },
      },
      { clockSpeed: 1000 },
    );
    await states.start('one');
    expect((await states.ended('one')).output).toBe('"third"');
  });

  test('times out with States.Timeout, and its late answer changes nothing', async () => {
    const gate = makeGate<string>();
    const states = makeStates(
      machine({ TimeoutSeconds: 1, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Caught' }] }),
      { work: () => gate.promise },
    );
    await states.start('one');
    const { output } = await states.ended('one');
    expect(JSON.parse(output)).toEqual({ Error: 'States.Timeout', Cause: '' });
    gate.open('late');
    await gate.promise;
    expect((await states.history('one')).filter(({ type }) => type === 'LambdaFunctionSucceeded')).toEqual(
      [],
    );
  });

  test("its timeout is real time, whatever the clock's speed: code runs no faster", async () => {
    const gate = makeGate<string>();
    const states = makeStates(
      machine({ TimeoutSeconds: 5 }),
      { work: () => gate.promise },
      { clockSpeed: 1_000_000 },
    );
    await states.start('one');
    setTimeout(() => gate.open('slow'), 50);
    expect(await states.ended('one')).toMatchObject({ status: 'SUCCEEDED', output: '"slow"' });
  });

  test('an answer over 256 KiB ends the execution, past every catcher', async () => {
    const states = makeStates(machine({ Catch: ALL }), { work: () => 'x'.repeat(262_143) });
    await states.start('one');
    expect(await states.ended('one')).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  test('so does a state that has grown beyond 256 KiB by what was added to it', async () => {
    const states = makeStates(
      {
        StartAt: 'Work',
        States: {
          Work: { Type: 'Task', Resource: functionArn('work'), ResultPath: '$.more', Next: 'Next' },
          Next: { Type: 'Task', Resource: functionArn('next'), End: true },
        },
      },
      { work: () => 'x'.repeat(200_000) },
    );
    await states.start('one', { much: 'y'.repeat(100_000) });
    expect(await states.ended('one')).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(states.invoked).toEqual(['work']);
  });

  test('a Fail state takes error and cause from the state', async () => {
    const states = makeStates(
      machine({ Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Broken' }] }),
      { work: failing('Odd', 'why') },
    );
    await states.start('one');
    expect(await states.ended('one')).toMatchObject({
      status: 'FAILED',
      error: 'Odd',
      cause: expect.stringContaining('why'),
    });
  });

  test('a path that points nowhere is States.Runtime, which nothing catches', async () => {
    const states = makeStates(machine({ Parameters: { 'x.$': '$.missing' }, Catch: ALL }));
    await states.start('one');
    expect(await states.ended('one')).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(states.invoked).toEqual([]);
  });
});

describe("the execution's own timeout", () => {
  test('ends it as TIMED_OUT and is told', async () => {
    const states = makeStates(
      machine({}, { TimeoutSeconds: 2_592_000 }),
      { work: () => new Promise(() => {}) },
      { clockSpeed: 2_592_000 * 20 },
    );
    await states.start('one');
    expect(await states.ended('one')).toMatchObject({ status: 'TIMED_OUT' });
    expect((await states.history('one')).at(-1)).toMatchObject({ type: 'ExecutionTimedOut' });
    expect(states.closed.map(({ detail }) => detail.status)).toEqual(['TIMED_OUT']);
  });

  test('of 30 days does not fire at once', async () => {
    const gate = makeGate<string>();
    const states = makeStates(machine({}, { TimeoutSeconds: 2_592_000 }), { work: () => gate.promise });
    await states.start('one');
    setTimeout(() => gate.open('done'), 20);
    expect(await states.ended('one')).toMatchObject({ status: 'SUCCEEDED' });
  });
});
