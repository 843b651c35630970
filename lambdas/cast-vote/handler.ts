import { readPasskeyPlace } from '../shared/adapters/config/read-passkey-place.ts';
import { openSignIn } from '../shared/adapters/identity/open-sign-in.ts';
import {
  documentClient,
  secretsClient,
  stepFunctionsClient,
} from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { logger } from '../shared/adapters/runtime/logger.ts';
import { makeSecrets } from '../shared/adapters/runtime/secrets.ts';
import { makeApprovalMessages } from '../shared/adapters/tables/approval-messages-table.ts';
import { makeApprovalsTable } from '../shared/adapters/tables/approvals-table.ts';
import { makeOnceTable } from '../shared/adapters/tables/once-table.ts';
import { makePrincipalLookups } from '../shared/adapters/tables/principal-lookups-table.ts';
import { makePrincipalsTable } from '../shared/adapters/tables/principals-table.ts';
import { makeRequestsTable } from '../shared/adapters/tables/requests-table.ts';
import { makeWakeExecution } from '../shared/adapters/workflows/wake-execution.ts';
import { serveProxyEvents } from '../shared/http/serve-proxy-events.ts';
import { readWording } from '../shared/messages/read-wording.ts';
import { makeCastVote } from './cast-vote.ts';

export const handler = serveProxyEvents(() => {
  const client = documentClient();
  const clock = () => new Date();
  const secrets = makeSecrets({ client: secretsClient(), clock });
  const principals = makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') });
  const lookups = makePrincipalLookups({
    client,
    tableName: requiredEnv('AWS_PRINCIPALS_TABLE'),
    principals,
  });
  return makeCastVote({
    requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
    approvals: makeApprovalsTable({ client, tableName: requiredEnv('APPROVALS_TABLE') }),
    messages: makeApprovalMessages({ client, tableName: requiredEnv('MESSAGES_TABLE'), clock }),
    principals: { ...lookups, get: principals.get },
    tokens: openSignIn({ client, clock, principals: lookups }),
    once: makeOnceTable({ client, tableName: requiredEnv('ONCE_TABLE'), clock }),
    stepUpSecret: (principalId) => secrets.find(`${requiredEnv('STEP_UP_PREFIX')}/${principalId}`),
    passkeyPlace: readPasskeyPlace,
    wake: makeWakeExecution({ client: stepFunctionsClient() }),
    wording: readWording,
    clock,
    log: (fields) => logger.info('call', fields),
  });
});
