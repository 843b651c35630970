import { expect, test } from 'vitest';
import { createEventDelivery } from '../../../sandbox/streams/deliver-events.ts';

const event = { detail: { name: 'one' } };

/** A delivery that fails so many times, and what became of it. */
function makeDelivery(failures: number) {
  let calls = 0;
  const givenUp: unknown[] = [];
  const delivery = createEventDelivery(
    async () => {
      calls += 1;
      if (calls <= failures) throw new Error('down');
    },
    (_event, error) => givenUp.push(error),
  );
  return { delivery, givenUp, calls: () => calls };
}

test('an event is delivered once where that works', async () => {
  const { delivery, calls, givenUp } = makeDelivery(0);
  delivery.notify(event);
  await delivery.settled();
  expect([calls(), givenUp]).toEqual([1, []]);
});

test('and again where it does not', async () => {
  const { delivery, calls, givenUp } = makeDelivery(2);
  delivery.notify(event);
  await delivery.settled();
  expect([calls(), givenUp]).toEqual([3, []]);
});

test('but not for ever', async () => {
  const { delivery, calls, givenUp } = makeDelivery(9);
  delivery.notify(event);
  await delivery.settled();
  expect([calls(), givenUp]).toEqual([3, [new Error('down')]]);
});
