import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { anyBrokeredRole, ruleOnAssumedRole } from '../../constructs/audit/rule-on-assumed-role.ts';
import type { FunctionSpec } from '../../constructs/functions/function-spec.ts';
import { verifyAudit } from '../../grants/audit-log.ts';
import { index, tableKey } from '../../grants/on-tables.ts';
import { keepUndelivered } from '../../grants/undelivered.ts';

/** Looks in the audit log for each session of a brokered role that CloudTrail tells of. */
export const checkSession: FunctionSpec = {
  entry: 'lambdas/events/check-session/handler.ts',
  memoryMegabytes: 512,
  timeoutSeconds: 10,
  invokedBy: 'rule',
  grants: (on) => [index(on, 'audit', 'byRequest'), tableKey(on), verifyAudit(on), keepUndelivered(on)],
  events({ brokeredWatch, target, undelivered }) {
    ruleOnAssumedRole(brokeredWatch, 'Recorded', {
      description: 'Postern: each session of a brokered role is looked for in the audit log',
      detail: {
        requestParameters: { roleArn: anyBrokeredRole(brokeredWatch) },
        errorCode: [{ exists: false }],
      },
      target: new LambdaFunction(target, { retryAttempts: 10, deadLetterQueue: undelivered }),
    });
  },
};
