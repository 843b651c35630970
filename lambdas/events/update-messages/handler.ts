import { documentClient, secretsClient } from '../../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../shared/adapters/runtime/environment.ts';
import { logger } from '../../shared/adapters/runtime/logger.ts';
import { runStep } from '../../shared/adapters/runtime/run-step.ts';
import { makeSecrets } from '../../shared/adapters/runtime/secrets.ts';
import { openSlack } from '../../shared/adapters/slack/open-slack.ts';
import { makeApprovalMessages } from '../../shared/adapters/tables/approval-messages-table.ts';
import { makeApprovalsTable } from '../../shared/adapters/tables/approvals-table.ts';
import { makePrincipalsTable } from '../../shared/adapters/tables/principals-table.ts';
import { makeRequestsTable } from '../../shared/adapters/tables/requests-table.ts';
import { readWording } from '../../shared/messages/read-wording.ts';
import { makeUpdateMessages } from './update-messages.ts';

export const handler = runStep('update-messages', () => {
  const client = documentClient();
  const clock = () => new Date();
  const { slack } = openSlack(makeSecrets({ client: secretsClient(), clock }));
  return makeUpdateMessages({
    requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
    approvals: makeApprovalsTable({ client, tableName: requiredEnv('APPROVALS_TABLE') }),
    messages: makeApprovalMessages({ client, tableName: requiredEnv('MESSAGES_TABLE'), clock }),
    principals: makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') }),
    slack,
    wording: readWording,
    consoleUrl: process.env.CONSOLE_URL,
    warn: (fields) => logger.warn('messages were not updated', fields),
  });
});
