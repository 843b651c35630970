import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { totpOf } from '../../lambdas/shared/votes/check-step-up.ts';
import { proposing } from './scripted-reviewer.ts';
import { slackOf } from './slack-of-cloud.ts';
import { type Cloud, until } from './start-cloud.ts';

/** What a release hands from step to step, and what it leaves in tables. */
export type PlayedRelease = {
  /** Each function's inputs, by its name, in the order of the stories. */
  readonly inputs: Readonly<Record<string, readonly unknown[]>>;
  readonly requests: readonly unknown[];
  readonly votes: readonly unknown[];
};

export const CHANNEL = '#any';
const reason = 'The weekly report needs the operational metrics.';

/** Plays a grant that is claimed, an approval, a change that is agreed to, and a denial; collects what was handed on. */
export async function playRelease(cloud: Cloud): Promise<PlayedRelease> {
  const slack = slackOf(cloud);
  const ask = async (as: string) =>
    String((await cloud.as(as)('POST', '/requests?wait=20', { reason })).body.requestId);
  const untilIt = (as: string, id: string, status: string) =>
    until(
      async () => (await cloud.as(as)('GET', `/requests/${id}`)).body.status,
      (now) => now === status,
    );

  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query']));
  const granted = await ask('analyst1');
  await cloud.as('analyst1')('POST', `/requests/${granted}/credentials`, {});
  await untilIt('analyst1', granted, 'ISSUED');

  cloud.reviewer.says(proposing('bank_customer_profiles', ['dynamodb:GetItem']));
  const approved = await ask('employee1');
  await slack.click('U0APPROVER1', await slack.message(CHANNEL, approved), 'approve');
  await untilIt('employee1', approved, 'READY');
  await cloud.as('employee1')('POST', `/requests/${approved}/credentials`, {});
  await untilIt('employee1', approved, 'ISSUED');

  const judged = { approved: true, durationSeconds: 900, risk: 'medium', authorization: 'unclear' };
  cloud.reviewer.says({ text: { ...judged, reason: 'A person should look.' } });
  const proposal = 'May read the operational metrics for monthly reports.';
  const change = { kind: 'policy', target: 'analyst1', proposal, reason };
  const changed = String((await cloud.as('admin')('POST', '/changes?wait=20', change)).body.requestId);
  await slack.click('U0APPROVER1', await slack.message(CHANNEL, changed), 'approve');
  await slack.submit('U0APPROVER1', { code: totpOf(cloud.access.stepUp.approver1 ?? '').generate() });
  await slack.click('U0APPROVER2', await slack.message(CHANNEL, changed), 'approve');
  if (slack.workspace.viewOf('U0APPROVER2')) await slack.submit('U0APPROVER2');
  await untilIt('admin', changed, 'APPLIED');

  cloud.reviewer.says(proposing('bank_customer_profiles', ['dynamodb:GetItem']));
  const denied = await ask('analyst1');
  await untilIt('analyst1', denied, 'DENIED');

  const all = [granted, approved, changed, denied];
  return {
    inputs: await inputsOf(cloud, all),
    requests: await Promise.all(
      all.map(async (requestId) => {
        const { Item } = await cloud.database.send(
          new GetCommand({ TableName: 'postern_requests', Key: { requestId } }),
        );
        return Item;
      }),
    ),
    votes: (await Promise.all([approved, changed].map((id) => votesOf(cloud, id)))).flat(),
  };
}

async function inputsOf(cloud: Cloud, requestIds: readonly string[]): Promise<Record<string, unknown[]>> {
  const inputs: Record<string, unknown[]> = {};
  for (const id of requestIds)
    for (const {
      taskScheduledEventDetails: wait,
      lambdaFunctionScheduledEventDetails: run,
    } of await cloud.historyOf(id)) {
      const { FunctionName = run?.resource, Payload = JSON.parse(run?.input ?? 'null') } = JSON.parse(
        wait?.parameters ?? '{}',
      ) as { FunctionName?: string; Payload?: unknown };
      if (FunctionName === undefined) continue;
      const name = FunctionName.replace(/^.*:function:postern-/, '').replace(/:.*$/, '');
      inputs[name] = [...(inputs[name] ?? []), Payload];
    }
  return inputs;
}

async function votesOf(cloud: Cloud, requestId: string): Promise<unknown[]> {
  const { Items = [] } = await cloud.database.send(
    new QueryCommand({
      TableName: 'postern_approvals',
      KeyConditionExpression: 'requestId = :id',
      ExpressionAttributeValues: { ':id': requestId },
    }),
  );
  return Items;
}
