import { afterAll, beforeAll, expect, test } from 'vitest';
import { REGION } from '../../demo/place.ts';
import { playScenes } from '../../demo/play-scenes.ts';
import { smokeScenes } from '../../demo/smoke-scenes.ts';
import { type Asked, type Line, proposing } from '../support/scripted-reviewer.ts';
import { slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({
    tiers: [{ name: 'access-approvers', channel: '#any', approverGroup: 'approvers', timeoutSeconds: 60 }],
  });
});
afterAll(() => cloud.close());

/** As a model would: metrics for the analyst once, then no profiles, and a profile for the employee. */
function proposedTo({ principal, reason }: Asked): Line {
  if (principal.id === 'employee1') return proposing('bank_customer_profiles', ['dynamodb:GetItem']);
  const approved = !reason.includes('profiles');
  return proposing('bank_operational_metrics', ['dynamodb:Query'], { approved });
}

test('the scenes that a real deployment is tried with go as said', async () => {
  const slack = slackOf(cloud);
  cloud.reviewer.says(proposedTo);
  const approvals: Promise<unknown>[] = [];
  const printed: string[] = [];
  const asSaid = await playScenes(
    smokeScenes({
      as: async (id) => cloud.as(id),
      region: REGION,
      endpoint: cloud.urls.aws,
      tellToApprove: (requestId) => {
        const click = async () =>
          slack.click('U0APPROVER1', await slack.message('#any', requestId), 'approve');
        approvals.push(click());
      },
    }),
    (line) => printed.push(line),
  );
  await Promise.all(approvals);
  expect([asSaid, printed.join('\n')]).toEqual([true, expect.stringContaining('READY')]);
});
