import { expect, test } from 'vitest';
import { makeTellSuspension } from '../../../lambdas/events/tell-suspension/tell-suspension.ts';
import type { SlackMessage } from '../../../lambdas/shared/adapters/slack/slack.ts';
import { approvalsConfigSchema } from '../../../lambdas/shared/domain/approvals/approvals-config.ts';
import { ApprovalChannelUnavailable } from '../../../lambdas/shared/domain/errors.ts';

const { tiers } = approvalsConfigSchema.parse({
  version: 1,
  tiers: [
    { name: 'owners', channel: '#owners', approverGroup: 'owners', timeoutSeconds: 60, ownersOnly: true },
    {
      name: 'first',
      channel: '#first',
      approverGroup: 'approvers',
      timeoutSeconds: 60,
      notifyTopicArn: 'arn:aws:sns:eu-central-1:123456789012:pager',
    },
    { name: 'second', channel: '#second', approverGroup: 'security', timeoutSeconds: 60 },
  ],
});

const record = (SequenceNumber: string, since: string) => ({
  dynamodb: {
    SequenceNumber,
    Keys: { principalId: { S: 'employee1' } },
    NewImage: {
      principalId: { S: 'employee1' },
      pending: { L: [] },
      suspension: {
        M: {
          since: { S: since },
          until: { S: '2026-11-20T12:15:00.000Z' },
          requestIds: { L: [{ S: 'employee1-A' }, { S: 'employee1-B' }] },
        },
      },
    },
  },
});

/** What it does in the world, with a Slack that fails so many times. */
function arrange({ failures = 0, of: channels = tiers } = {}) {
  const told = new Set<string>();
  const effects: string[] = [];
  const posted: SlackMessage[] = [];
  let left = failures;
  const tell = makeTellSuspension({
    tiers: () => channels,
    messages: {
      async once(what, act) {
        if (told.has(what)) return undefined;
        const done = await act();
        told.add(what);
        return done;
      },
    },
    slack: {
      async post({ channel }, message) {
        if (left-- > 0) throw new ApprovalChannelUnavailable('Slack chat.postMessage: internal_error');
        effects.push(`posted in ${channel}`);
        posted.push(message);
        return { channel, ts: '1' };
      },
    },
    page: async (topic, { subject }) => {
      effects.push(`paged ${topic.split(':').at(-1)}: ${subject}`);
    },
    warn: ({ principalId, because }) => effects.push(`warned of ${principalId}: ${because}`),
  });
  return { tell, effects, posted };
}

const PAGED = 'paged pager: Postern: requests of employee1 are suspended';

test('the first tier that is not only for owners is told what happened, until when, and what to do', async () => {
  const { tell, effects, posted } = arrange();
  const answer = await tell({ Records: [record('1', '2026-11-20T12:00:00.000Z')] });
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(effects).toEqual([PAGED, 'posted in #first']);
  expect(posted[0]?.text).toBe(
    '2 requests of employee1 were denied in a short time. New ones are refused until 2026-11-20T12:15:00.000Z.\n' +
      'Look at what it asked for. If it is under attack or out of order, propose a change that suspends it, and revoke its sessions.\n' +
      'Denied: employee1-A, employee1-B',
  );
});

test('each suspension is told once, though its row is written again; the next one is told again', async () => {
  const { tell, effects } = arrange();
  const first = record('1', '2026-11-20T12:00:00.000Z');
  await tell({ Records: [first, { dynamodb: { ...first.dynamodb, SequenceNumber: '2' } }] });
  await tell({ Records: [record('3', '2026-11-20T13:00:00.000Z')] });
  expect(effects).toEqual([PAGED, 'posted in #first', PAGED, 'posted in #first']);
});

test('where Slack fails, Lambda is told where to go on, and goes on there', async () => {
  const { tell, effects } = arrange({ failures: 1 });
  const event = { Records: [record('7', '2026-11-20T12:00:00.000Z')] };
  expect(await tell(event)).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] });
  expect(await tell(event)).toEqual({ batchItemFailures: [] });
  expect(effects).toEqual([
    PAGED,
    'warned of employee1: Slack chat.postMessage: internal_error',
    'posted in #first',
  ]);
});

test('with tiers for owners alone there is nobody to tell', async () => {
  const { tell, effects } = arrange({ of: tiers.slice(0, 1) });
  expect(await tell({ Records: [record('1', '2026-11-20T12:00:00.000Z')] })).toEqual({
    batchItemFailures: [],
  });
  expect(effects).toEqual([]);
});
