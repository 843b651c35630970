import { readConfigFiles } from '../../shared/adapters/config/read-config.ts';
import { documentClient, secretsClient, snsClient } from '../../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../shared/adapters/runtime/environment.ts';
import { logger } from '../../shared/adapters/runtime/logger.ts';
import { makePager } from '../../shared/adapters/runtime/pager.ts';
import { runStep } from '../../shared/adapters/runtime/run-step.ts';
import { makeSecrets } from '../../shared/adapters/runtime/secrets.ts';
import { openSlack } from '../../shared/adapters/slack/open-slack.ts';
import { makeApprovalMessages } from '../../shared/adapters/tables/approval-messages-table.ts';
import { makeTellSuspension } from './tell-suspension.ts';

export const handler = runStep('tell-suspension', () => {
  const clock = () => new Date();
  const { slack } = openSlack(makeSecrets({ client: secretsClient(), clock }));
  return makeTellSuspension({
    messages: makeApprovalMessages({
      client: documentClient(),
      tableName: requiredEnv('MESSAGES_TABLE'),
      clock,
    }),
    slack,
    page: makePager({ client: snsClient() }),
    tiers: () => readConfigFiles().approvals.tiers,
    warn: (fields) => logger.warn('approvers were not told of a suspension', fields),
  });
});
