import { ulid } from 'ulid';
import {
  documentClient,
  secretsClient,
  stepFunctionsClient,
} from '../lambdas/shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../lambdas/shared/adapters/runtime/environment.ts';
import { logger } from '../lambdas/shared/adapters/runtime/logger.ts';
import { runStep } from '../lambdas/shared/adapters/runtime/run-step.ts';
import { makeSecrets } from '../lambdas/shared/adapters/runtime/secrets.ts';
import { openSlack } from '../lambdas/shared/adapters/slack/open-slack.ts';
import { makeApprovalMessages } from '../lambdas/shared/adapters/tables/approval-messages-table.ts';
import { makeApprovalsTable } from '../lambdas/shared/adapters/tables/approvals-table.ts';
import { makeDenialsTable } from '../lambdas/shared/adapters/tables/denials-table.ts';
import { makeIdempotencyTable } from '../lambdas/shared/adapters/tables/idempotency-table.ts';
import { makeOnceTable } from '../lambdas/shared/adapters/tables/once-table.ts';
import { makePrincipalLookups } from '../lambdas/shared/adapters/tables/principal-lookups-table.ts';
import { makePrincipalsTable } from '../lambdas/shared/adapters/tables/principals-table.ts';
import { makeRequestsTable } from '../lambdas/shared/adapters/tables/requests-table.ts';
import { makeRevocations } from '../lambdas/shared/adapters/workflows/revocations.ts';
import { makeStateMachine } from '../lambdas/shared/adapters/workflows/state-machine.ts';
import { makeWakeExecution } from '../lambdas/shared/adapters/workflows/wake-execution.ts';
import { readWording } from '../lambdas/shared/messages/read-wording.ts';
import { openAdmission } from '../lambdas/shared/requests/open-admission.ts';
import type { SlackAppPorts } from './app.ts';
import { serveEvents } from './serve-events.ts';

export const handler = runStep('slack-app', () => {
  const client = documentClient();
  const clock = () => new Date();
  const secrets = makeSecrets({ client: secretsClient(), clock });
  const { slack, slackSecret } = openSlack(secrets);
  const principals = makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') });
  const lookups = makePrincipalLookups({
    client,
    tableName: requiredEnv('AWS_PRINCIPALS_TABLE'),
    principals,
  });
  const requests = makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock });
  const stepFunctions = stepFunctionsClient();
  const ports: SlackAppPorts = {
    requests,
    approvals: makeApprovalsTable({ client, tableName: requiredEnv('APPROVALS_TABLE') }),
    messages: makeApprovalMessages({ client, tableName: requiredEnv('MESSAGES_TABLE'), clock }),
    principals: { get: principals.get, findBySlackUser: lookups.findBySlackUser },
    once: makeOnceTable({ client, tableName: requiredEnv('ONCE_TABLE'), clock }),
    stepUpSecret: (principalId) => secrets.find(`${requiredEnv('STEP_UP_PREFIX')}/${principalId}`),
    slack,
    wake: makeWakeExecution({ client: stepFunctions }),
    opening: {
      requests,
      admit: openAdmission({ client, requests, clock }),
      idempotency: makeIdempotencyTable({ client, tableName: requiredEnv('IDEMPOTENCY_TABLE'), clock }),
      stateMachine: makeStateMachine({
        client: stepFunctions,
        stateMachineArn: requiredEnv('STATE_MACHINE_ARN'),
      }),
      clock,
      newUlid: () => ulid(),
    },
    revoking: {
      denials: makeDenialsTable({ client, tableName: requiredEnv('DENIALS_TABLE') }),
      revocations: makeRevocations({
        client: stepFunctions,
        stateMachineArn: requiredEnv('REVOKE_MACHINE_ARN'),
        clock,
      }),
      clock,
    },
    wording: readWording,
    consoleUrl: process.env.CONSOLE_URL,
    teamId: async () => (await slackSecret()).teamId,
    clock,
    log: (event, fields) => logger.info(event, fields),
  };
  return serveEvents(ports, async () => (await slackSecret()).signingSecret);
});
