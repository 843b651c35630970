import { readConfigDigests, readConfigFiles } from '../shared/adapters/config/read-config.ts';
import { openOutside } from '../shared/adapters/outside/read-facts.ts';
import { documentClient } from '../shared/adapters/runtime/aws-clients.ts';
import { requiredEnv } from '../shared/adapters/runtime/environment.ts';
import { runWorkflowStep } from '../shared/adapters/runtime/run-step.ts';
import { makePoliciesTable } from '../shared/adapters/tables/policies-table.ts';
import { makePrincipalsTable } from '../shared/adapters/tables/principals-table.ts';
import { makeReviewsTable } from '../shared/adapters/tables/reviews-table.ts';
import { workflowStateSchema } from '../shared/domain/workflow-state.ts';
import { makeLoadPolicy } from './load-policy.ts';

export const handler = runWorkflowStep('load-policy', workflowStateSchema, () => {
  const client = documentClient();
  const clock = () => new Date();
  return makeLoadPolicy({
    principals: makePrincipalsTable({ client, tableName: requiredEnv('PRINCIPALS_TABLE') }),
    policies: makePoliciesTable({ client, tableName: requiredEnv('POLICIES_TABLE') }),
    configDigests: readConfigDigests,
    tiers: () => readConfigFiles().approvals.tiers,
    reviews: makeReviewsTable({ client, tableName: requiredEnv('REVIEWS_TABLE') }),
    rememberedReviews: () => readConfigFiles().limits.rememberedReviews,
    readOutside: openOutside(client, clock),
    clock,
  });
});
