import { openAuditLog } from '../shared/adapters/audit/open-audit-log.ts';
import { recordAround } from '../shared/adapters/audit/record-around.ts';
import {
  documentClient,
  secretsClient,
  snsClient,
  stepFunctionsClient,
} from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { logger } from '../shared/adapters/runtime/logger.ts';
import { makePager } from '../shared/adapters/runtime/pager.ts';
import { runWorkflowStep } from '../shared/adapters/runtime/run-step.ts';
import { makeSecrets } from '../shared/adapters/runtime/secrets.ts';
import { openSlack } from '../shared/adapters/slack/open-slack.ts';
import { makeApprovalMessages } from '../shared/adapters/tables/approval-messages-table.ts';
import { makeApprovalsTable } from '../shared/adapters/tables/approvals-table.ts';
import { makeDirectoryTable } from '../shared/adapters/tables/directory-table.ts';
import { makePoliciesTable } from '../shared/adapters/tables/policies-table.ts';
import { makePrincipalsTable } from '../shared/adapters/tables/principals-table.ts';
import { makeRequestsTable } from '../shared/adapters/tables/requests-table.ts';
import { makeWakeExecution } from '../shared/adapters/workflows/wake-execution.ts';
import { whenAsking } from '../shared/domain/audit/audit-entries.ts';
import { isBreakGlass } from '../shared/domain/break-glass/is-break-glass.ts';
import { ApprovalChannelUnavailable } from '../shared/domain/errors.ts';
import { count } from '../shared/domain/measurement.ts';
import { principalText, templateText } from '../shared/domain/text/readable-proposal.ts';
import { tokenTaskSchema } from '../shared/domain/workflow-state.ts';
import { readWording } from '../shared/messages/read-wording.ts';
import { makeRequestApproval } from './request-approval.ts';

export const handler = runWorkflowStep(
  'request-approval',
  tokenTaskSchema,
  () => {
    const client = documentClient();
    const clock = () => new Date();
    const { slack } = openSlack(makeSecrets({ client: secretsClient(), clock }));
    const policies = makePoliciesTable({ client, tableName: requiredEnv('POLICIES_TABLE') });
    const principals = makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') });
    const directory = makeDirectoryTable({ client, tableName: requiredEnv('DIRECTORY_TABLE') });
    const step = makeRequestApproval({
      requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
      approvals: makeApprovalsTable({ client, tableName: requiredEnv('APPROVALS_TABLE') }),
      messages: makeApprovalMessages({ client, tableName: requiredEnv('MESSAGES_TABLE'), clock }),
      slack,
      async currentText({ kind, target }) {
        if (kind === 'policy') return (await policies.get(target))?.text ?? '';
        if (kind === 'template') {
          const template = await directory.template(target);
          return template ? templateText(template) : '';
        }
        const principal = await principals.get(target);
        return principal ? principalText(principal) : '';
      },
      wording: readWording,
      consoleUrl: process.env.CONSOLE_URL,
      page: makePager({ client: snsClient() }),
      warn: (fields) => logger.warn('an older message was not updated', fields),
      wake: makeWakeExecution({ client: stepFunctionsClient() }),
    });
    return recordAround(step, { before: whenAsking }, openAuditLog(client, clock));
  },
  {
    done: ({ state: { request, loaded } }) =>
      loaded && isBreakGlass(request, loaded.principal) ? [count('BreakGlassAsked')] : [],
    failed: (error) => (error instanceof ApprovalChannelUnavailable ? [count('SlackFailures')] : []),
  },
);
