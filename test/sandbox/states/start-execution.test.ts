import { describe, expect, test } from 'vitest';
import type { AslDefinition } from '../../../sandbox/states/asl-types.ts';
import { EXECUTION_ARN, functionArn, MACHINE_ARN, makeGate, makeStates } from './support/make-states.ts';

const oneTask: AslDefinition = {
  StartAt: 'Work',
  States: { Work: { Type: 'Task', Resource: functionArn('work'), End: true } },
};

describe('StartExecution', () => {
  test('runs to the end and answers the output', async () => {
    const states = makeStates(oneTask, { work: ({ n }) => ({ double: Number(n) * 2 }) });
    const started = await states.start('one', { n: 21 });
    expect(started.executionArn).toBe(`${EXECUTION_ARN}:one`);
    expect(await states.ended('one')).toMatchObject({
      status: 'SUCCEEDED',
      name: 'one',
      input: '{"n":21}',
      output: '{"double":42}',
      startDate: started.startDate,
      stopDate: expect.any(Number),
    });
    expect(states.closed).toEqual([]);
  });

  test('the name and input of a running execution answer that one, and start nothing', async () => {
    const gate = makeGate<unknown>();
    const states = makeStates(oneTask, { work: () => gate.promise });
    const first = await states.start('one', { a: 1 });
    expect(await states.start('one', { a: 1 })).toEqual(first);
    await expect(states.start('one', { a: 2 })).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
    gate.open('done');
    await states.ended('one');
    expect(states.invoked).toEqual(['work']);
  });

  test('a closed execution keeps its name', async () => {
    const states = makeStates(oneTask);
    await states.start('one', { a: 1 });
    await states.ended('one');
    await expect(states.start('one', { a: 1 })).rejects.toMatchObject({
      code: 'ExecutionAlreadyExists',
      httpStatus: 400,
    });
  });

  test('input is compared as text, and no input is {}', async () => {
    const gate = makeGate<unknown>();
    const states = makeStates(oneTask, { work: () => gate.promise });
    const { executionArn } = await states.call('StartExecution', {
      stateMachineArn: MACHINE_ARN,
      name: 'one',
    });
    expect(await states.start('one', {})).toMatchObject({ executionArn });
    await expect(
      states.call('StartExecution', { stateMachineArn: MACHINE_ARN, name: 'one', input: '{ }' }),
    ).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
    await states.service.close();
  });

  test.each([
    'a b',
    'a/b',
    'a:b',
    'a*',
    'a?',
    'a{b}',
    'a[0]',
    'a<b>',
    'a"b',
    'a#b',
    'a%b',
    'a\\b',
    'a^b',
    'a|b',
    'a~b',
    'a`b',
    'a$b',
    'a&b',
    'a,b',
    'a;b',
    'a\u0000b',
    'a\u0085b',
    'a\u{1F600}b',
  ])('refuses the name %j', async (name) => {
    await expect(makeStates(oneTask).start(name)).rejects.toMatchObject({ code: 'InvalidName' });
  });

  test('names hold 1 to 80 characters, letters of other alphabets too', async () => {
    const states = makeStates(oneTask);
    await expect(states.start('')).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(states.start('n'.repeat(81))).rejects.toMatchObject({ code: 'ValidationException' });
    await states.start('n'.repeat(80));
    await states.start("Übergröße-01_x.y@z+=!'()");
  });

  test.each(['', '{', 'undefined', '{"a":1', JSON.stringify('x'.repeat(262_143))])(
    'refuses input that is not JSON of at most 256 KiB',
    async (input) => {
      await expect(
        makeStates(oneTask).call('StartExecution', { stateMachineArn: MACHINE_ARN, name: 'one', input }),
      ).rejects.toMatchObject({ code: 'InvalidExecutionInput' });
    },
  );

  test('tells an unknown state machine from what is no ARN', async () => {
    const states = makeStates(oneTask);
    const start = (stateMachineArn: unknown) =>
      states.call('StartExecution', { stateMachineArn, name: 'one' });
    await expect(start(`${MACHINE_ARN}2`)).rejects.toMatchObject({ code: 'StateMachineDoesNotExist' });
    await expect(start('access-request')).rejects.toMatchObject({ code: 'InvalidArn' });
    await expect(start(undefined)).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(start(7)).rejects.toMatchObject({ code: 'ValidationException' });
  });
});

test('an operation that is none is refused', async () => {
  const states = makeStates(oneTask);
  await expect(states.call('RedriveExecution')).rejects.toMatchObject({ code: 'UnknownOperationException' });
  await expect(states.call('toString')).rejects.toMatchObject({ code: 'UnknownOperationException' });
});
