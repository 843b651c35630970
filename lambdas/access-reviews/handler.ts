import { ulid } from 'ulid';
import { loadConfig } from '../shared/adapters/config/load-config.ts';
import { readConfigFiles } from '../shared/adapters/config/read-config.ts';
import { openSignIn } from '../shared/adapters/identity/open-sign-in.ts';
import { documentClient, stepFunctionsClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { logger } from '../shared/adapters/runtime/logger.ts';
import { makeAccessReviewsTable } from '../shared/adapters/tables/access-reviews-table.ts';
import { makeIdempotencyTable } from '../shared/adapters/tables/idempotency-table.ts';
import { makePoliciesTable } from '../shared/adapters/tables/policies-table.ts';
import { makePrincipalLookups } from '../shared/adapters/tables/principal-lookups-table.ts';
import { makePrincipalsTable } from '../shared/adapters/tables/principals-table.ts';
import { makeRequestsTable } from '../shared/adapters/tables/requests-table.ts';
import { makeStateMachine } from '../shared/adapters/workflows/state-machine.ts';
import { reviewTermsOf } from '../shared/domain/access-reviews/review-terms.ts';
import { serveProxyEvents } from '../shared/http/serve-proxy-events.ts';
import { openAdmission } from '../shared/requests/open-admission.ts';
import { makeAccessReviews } from './access-reviews.ts';

export const handler = serveProxyEvents(() => {
  const client = documentClient();
  const clock = () => new Date();
  const principals = makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') });
  const lookups = makePrincipalLookups({
    client,
    tableName: requiredEnv('AWS_PRINCIPALS_TABLE'),
    principals,
  });
  const requests = makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock });
  const config = loadConfig();
  return makeAccessReviews({
    principals: lookups,
    tokens: openSignIn({ client, clock, principals: lookups }),
    entries: principals,
    policies: makePoliciesTable({ client, tableName: requiredEnv('POLICIES_TABLE') }),
    reviews: makeAccessReviewsTable({ client, tableName: requiredEnv('ACCESS_REVIEWS_TABLE') }),
    requests,
    admit: openAdmission({ client, requests, clock }),
    idempotency: makeIdempotencyTable({ client, tableName: requiredEnv('IDEMPOTENCY_TABLE'), clock }),
    stateMachine: makeStateMachine({
      client: stepFunctionsClient(),
      stateMachineArn: requiredEnv('STATE_MACHINE_ARN'),
    }),
    terms: () => reviewTermsOf(readConfigFiles().approvals),
    rules: () => ({ ...config, tiers: config.approvals.tiers }),
    newUlid: ulid,
    clock,
    log: (fields) => logger.info('call', fields),
  });
});
