import { expect, test } from 'vitest';
import { announce, type BusEvent } from '../../../sandbox/streams/announce.ts';
import { resolveTemplate } from '../../../sandbox/template/resolve-template.ts';
import { template } from '../../support/template.ts';

const { pipes } = resolveTemplate(template(), { accountId: '123456789012', region: 'eu-central-1' });

const recordOf = (status: string) => ({
  eventName: 'MODIFY',
  dynamodb: {
    NewImage: {
      requestId: { S: 'analyst1-01JD3Z9Q2N8K4V6B1C5D7E9F0G' },
      principalId: { S: 'analyst1' },
      status: { S: status },
      updatedAt: { S: '2026-11-20T22:00:00.000Z' },
      claimToken: { S: 'a-secret' },
    },
  },
});

function announced(...statuses: string[]) {
  const [pipe] = pipes;
  if (!pipe) throw new Error('the template has no pipe with a rule');
  const events: [string, BusEvent][] = [];
  announce(pipe, statuses.map(recordOf), (arn, event) => events.push([arn, event]));
  return events;
}

test('the template has one pipe whose bus has a rule: of the requests table', () => {
  expect(pipes.map(({ name, table }) => [name, table])).toEqual([
    ['postern-announce-status', 'postern_requests'],
  ]);
});

test('a decision goes to the function of the rule, and says only what the pipe names', () => {
  const [[arn, event] = []] = announced('READY');
  expect(arn).toMatch(/:function:postern-deliver-callback$/);
  expect(event).toMatchObject({
    source: 'postern.access-request',
    'detail-type': 'Request status',
    detail: { principalId: 'analyst1', status: 'READY' },
  });
  expect(JSON.stringify(event)).not.toContain('a-secret');
});

test('what the rule does not match goes nowhere', () => {
  expect(announced('PENDING', 'AWAITING_APPROVAL')).toEqual([]);
  expect(announced('PENDING', 'DENIED', 'CANCELLED')).toHaveLength(2);
});

test('a record without what the pipe names is an error, as it is for the pipe', () => {
  const [pipe] = pipes;
  expect(() => pipe && announce(pipe, [{ dynamodb: { NewImage: {} } }], () => {})).toThrow('requestId.S');
});
