import { expect, test } from 'vitest';
import { makeArchiveAudit } from '../../../lambdas/events/archive-audit/archive-audit.ts';

const appended = (seq: number, sequenceNumber = `at-${seq}`) => ({
  eventID: `event-${seq}`,
  eventName: 'INSERT',
  eventSource: 'aws:dynamodb',
  dynamodb: {
    SequenceNumber: sequenceNumber,
    Keys: { chain: { S: 'employee1' }, seq: { N: String(seq) } },
    NewImage: {
      seq: { N: String(seq) },
      chain: { S: 'employee1' },
      facts: { M: { outcome: { S: 'grant' } } },
    },
  },
});

function archiving(failsOn?: string) {
  const written: [string, string][] = [];
  const errors: [string, Record<string, unknown>][] = [];
  const handle = makeArchiveAudit({
    archive: {
      async putOnce(key, body) {
        if (failsOn && key.endsWith(failsOn)) throw new Error('archive bucket: 503');
        written.push([key, body]);
        return true;
      },
    },
    log: { error: (message, facts) => errors.push([message, facts]) },
  });
  return { handle, written, errors };
}

test('each record is an object of its own, canonical, under a key that lists in order', async () => {
  const { handle, written } = archiving();
  expect(await handle({ Records: [appended(2), appended(10)] })).toEqual({ batchItemFailures: [] });
  expect(written).toEqual([
    [
      'employee1/000000000002.json',
      '{"chain":{"S":"employee1"},"facts":{"M":{"outcome":{"S":"grant"}}},"seq":{"N":"2"}}',
    ],
    ['employee1/000000000010.json', expect.stringContaining('"N":"10"')],
  ]);
});

test('a failure stops there, so that nothing behind it is archived before it', async () => {
  const { handle, written } = archiving('03.json');
  const answer = await handle({ Records: [appended(2), appended(3), appended(4)] });
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'at-3' }] });
  expect(written.map(([key]) => key)).toEqual(['employee1/000000000002.json']);
});

test.each(['MODIFY', 'REMOVE'])('%s is never archived, and is called an alteration', async (eventName) => {
  const { handle, written, errors } = archiving();
  const answer = await handle({ Records: [{ ...appended(5), eventName }] });
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(written).toEqual([]);
  expect(errors).toEqual([
    ['audit record altered', { change: eventName, keys: { chain: { S: 'employee1' }, seq: { N: '5' } } }],
  ]);
});

test('an event of another kind is refused as a whole', async () => {
  await expect(archiving().handle({ detail: {} })).rejects.toThrow();
});
