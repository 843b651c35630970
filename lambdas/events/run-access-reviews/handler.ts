import { ulid } from 'ulid';
import { makeAuditReader } from '../../shared/adapters/audit/audit-reader.ts';
import { openAuditLog } from '../../shared/adapters/audit/open-audit-log.ts';
import { loadConfig } from '../../shared/adapters/config/load-config.ts';
import { documentClient, secretsClient } from '../../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../../shared/adapters/runtime/environment.ts';
import { logger } from '../../shared/adapters/runtime/logger.ts';
import { emit } from '../../shared/adapters/runtime/metrics.ts';
import { runStep } from '../../shared/adapters/runtime/run-step.ts';
import { makeSecrets } from '../../shared/adapters/runtime/secrets.ts';
import { openSlack } from '../../shared/adapters/slack/open-slack.ts';
import { plain } from '../../shared/adapters/slack/slack.ts';
import { makeAccessReviewsTable } from '../../shared/adapters/tables/access-reviews-table.ts';
import { makePoliciesTable } from '../../shared/adapters/tables/policies-table.ts';
import { makePrincipalsTable } from '../../shared/adapters/tables/principals-table.ts';
import { makeRequestsTable } from '../../shared/adapters/tables/requests-table.ts';
import { reviewTermsOf } from '../../shared/domain/access-reviews/review-terms.ts';
import { count } from '../../shared/domain/measurement.ts';
import { findUsed } from './find-used.ts';
import { makeRunAccessReviews } from './run-access-reviews.ts';

export const handler = runStep('run-access-reviews', () => {
  const client = documentClient();
  const clock = () => new Date();
  const config = loadConfig();
  const audit = makeAuditReader({ client, tableName: requiredEnv('AUDIT_TABLE') });
  const { slack } = openSlack(makeSecrets({ client: secretsClient(), clock }));
  return makeRunAccessReviews({
    reviews: makeAccessReviewsTable({ client, tableName: requiredEnv('ACCESS_REVIEWS_TABLE') }),
    principals: makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') }),
    policies: makePoliciesTable({ client, tableName: requiredEnv('POLICIES_TABLE') }),
    requests: makeRequestsTable({ client, tableName: requiredEnv('REQUESTS_TABLE'), clock }),
    audit: openAuditLog(client, clock),
    used: (principalId, since) => findUsed(principalId, since, audit),
    rules: () => ({ ...config, tiers: config.approvals.tiers }),
    terms: () => reviewTermsOf(config.approvals),
    async post(channel, text) {
      await slack.post({ channel }, plain(text));
    },
    alarm: (items) => emit([count('AccessReviewsOverdue', items)]),
    warn: (fields) => logger.warn('reviewers were not told', fields),
    newUlid: ulid,
    clock,
  });
});
