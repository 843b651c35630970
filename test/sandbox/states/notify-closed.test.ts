import { expect, test } from 'vitest';
import { createHistory } from '../../../sandbox/states/history.ts';
import { createClosedNotifier } from '../../../sandbox/states/notify-closed.ts';
import { statusEventOf } from '../../../sandbox/states/status-event.ts';
import { EXECUTION_ARN, MACHINE_ARN } from './support/make-states.ts';

const event = statusEventOf({
  arn: `${EXECUTION_ARN}:one`,
  name: 'one',
  stateMachineArn: MACHINE_ARN,
  input: '{}',
  startDate: 0,
  history: createHistory(),
  end: { status: 'ABORTED', error: 'Cancelled', stopDate: 1000 },
});

/** A delivery that fails so many times, and what became of it. */
function makeNotifier(failures: number) {
  let calls = 0;
  const givenUp: unknown[] = [];
  const notifier = createClosedNotifier(
    async () => {
      calls += 1;
      if (calls <= failures) throw new Error('down');
    },
    (_event, error) => givenUp.push(error),
  );
  return { notifier, givenUp, calls: () => calls };
}

test('an event is delivered once where that works', async () => {
  const { notifier, calls, givenUp } = makeNotifier(0);
  notifier.notify(event);
  await notifier.settled();
  expect([calls(), givenUp]).toEqual([1, []]);
});

test('and again where it does not', async () => {
  const { notifier, calls, givenUp } = makeNotifier(2);
  notifier.notify(event);
  await notifier.settled();
  expect([calls(), givenUp]).toEqual([3, []]);
});

test('but not for ever', async () => {
  const { notifier, calls, givenUp } = makeNotifier(9);
  notifier.notify(event);
  await notifier.settled();
  expect([calls(), givenUp]).toEqual([3, [new Error('down')]]);
});
