import { expect, test } from 'vitest';
import { makeRoom } from '../../../sandbox/aws/make-room.ts';
import { makeQueue } from '../../../sandbox/aws/queues/queue-store.ts';
import { followQueues } from '../../../sandbox/streams/follow-queues.ts';
import { until } from '../../support/start-cloud.ts';

const ARN = 'arn:aws:sqs:eu-central-1:123456789012:work.fifo';
type Event = { Records: readonly { body: string; receiptHandle: string }[] };

/** A queue whose function fails on these bodies, so often, and has them handed out again soon. */
function makeWorld(failing: Record<string, number> = {}, mostReceives = 3) {
  const taken: string[] = [];
  const room = makeRoom(1_000_000);
  const queues = new Map(['work.fifo', 'dead.fifo'].map((name) => [name, makeQueue(name, room)]));
  const { close } = followQueues({
    specs: [{ name: 'work.fifo', arn: ARN, visibilitySeconds: 60, mostReceives, deadLetters: 'dead.fifo' }],
    mappings: [{ functionName: 'worker', queueArn: ARN }],
    queueOf: (name) => queues.get(name),
    async invoke(_, event) {
      const [{ body, receiptHandle } = { body: '', receiptHandle: '' }] = (event as Event).Records;
      taken.push(body);
      const left = failing[body] ?? 0;
      if (left === 0) return { batchItemFailures: [] };
      failing[body] = left - 1;
      queues.get('work.fifo')?.hide(receiptHandle, 0.1);
      return { batchItemFailures: [{ itemIdentifier: body }] };
    },
    onGivenUp: () => {},
  });
  const add = (groupId: string, body: string) =>
    queues.get('work.fifo')?.send({ groupId, body, attributes: {}, sender: 'test', delaySeconds: 0 }, body);
  return { add, taken, close, counts: (name: string) => queues.get(name)?.counts() };
}

const seen = (taken: readonly string[], count: number) =>
  until(
    async () => taken.length,
    (length) => length >= count,
  );

test('each group is handed out in order; a failure holds up its own group alone', async () => {
  const { add, taken, close } = makeWorld({ a1: 1 });
  for (const body of ['a1', 'a2', 'b1', 'b2']) add(body.charAt(0), body);
  await seen(taken, 5);
  await close();
  expect(taken.filter((body) => body.startsWith('a'))).toEqual(['a1', 'a1', 'a2']);
  expect(taken.filter((body) => body.startsWith('b'))).toEqual(['b1', 'b2']);
});

test('what fails too often goes to the dead letters, and what is behind it is handed out', async () => {
  const { add, taken, close, counts } = makeWorld({ bad: 9 }, 2);
  add('a', 'bad');
  add('a', 'good');
  await seen(taken, 3);
  await close();
  expect(taken).toEqual(['bad', 'bad', 'good']);
  expect(counts('dead.fifo')).toMatchObject({ visible: 1 });
  expect(counts('work.fifo')).toMatchObject({ visible: 0, inFlight: 0 });
});
