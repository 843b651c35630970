import { makeApprovalMessages } from '../../shared/adapters/approval-messages-table.ts';
import { documentClient, secretsClient, snsClient } from '../../shared/adapters/aws-clients.ts';
import { requiredEnv } from '../../shared/adapters/environment.ts';
import { logger } from '../../shared/adapters/logger.ts';
import { makePager } from '../../shared/adapters/pager.ts';
import { readConfigFiles } from '../../shared/adapters/read-config.ts';
import { runStep } from '../../shared/adapters/run-step.ts';
import { makeSecrets } from '../../shared/adapters/secrets.ts';
import { makeSlack } from '../../shared/adapters/slack.ts';
import { makeSlackSecret } from '../../shared/adapters/slack-secret.ts';
import { makeTellSuspension } from './tell-suspension.ts';

export const handler = runStep('tell-suspension', () => {
  const clock = () => new Date();
  const slackSecret = makeSlackSecret({
    secrets: makeSecrets({ client: secretsClient(), clock }),
    secretId: requiredEnv('SLACK_SECRET_ID'),
  });
  return makeTellSuspension({
    messages: makeApprovalMessages({
      client: documentClient(),
      tableName: requiredEnv('MESSAGES_TABLE'),
      clock,
    }),
    slack: makeSlack({
      token: async () => (await slackSecret()).botToken,
      apiUrl: process.env.SLACK_API_URL,
    }),
    page: makePager({ client: snsClient() }),
    tiers: () => readConfigFiles().approvals.tiers,
    warn: (facts) => logger.warn('approvers were not told of a suspension', facts),
  });
});
