import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { REGION } from '../demo/place.ts';
import { usedCallOf } from '../lambdas/shared/domain/audit/cloudtrail-event.ts';
import type { UsedCall } from '../lambdas/shared/domain/audit/used-call.ts';
import type { Observation } from './aws/authorize.ts';
import type { AwsEndpoint } from './aws-endpoint.ts';

/** Calls that are held for the console; the file has them all. */
const MOST_HELD = 10_000;

/** A decision of IAM as CloudTrail would tell of the call. */
function eventOf({ caller, action, resource, allowed, requestId }: Observation, calledAt: Date) {
  const [service = '', eventName = ''] = action.split(':');
  return {
    eventVersion: '1.11',
    eventTime: calledAt.toISOString(),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    requestID: requestId,
    awsRegion: REGION,
    ...(!allowed && { errorCode: 'AccessDenied' }),
    userIdentity: {
      type: 'AssumedRole',
      principalId: caller.userId,
      arn: caller.arn,
      accountId: caller.accountId,
      accessKeyId: caller.accessKeyId,
      sessionContext: {
        sourceIdentity: caller.sourceIdentity,
        sessionIssuer: { type: 'Role', arn: caller.sessionIssuer },
      },
    },
    resources: [{ ARN: resource }],
  };
}

/**
 * Records each AWS call that is made with an issued session, in CloudTrail's form: a line each in
 * `cloudtrail/calls.jsonl` of the data folder, in memory without one.
 */
export function recordUsedCalls({ observe }: Pick<AwsEndpoint, 'observe'>, dataDir?: string) {
  const folder = dataDir && join(dataDir, 'cloudtrail');
  if (folder) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const held: UsedCall[] = [];
  const end = observe((observation) => {
    // Only the broker's sessions have a source identity.
    if (observation.caller.sourceIdentity === undefined) return;
    const event = eventOf(observation, new Date());
    const call = usedCallOf(event);
    if (!call) return;
    held.push(call);
    if (held.length > MOST_HELD) held.shift();
    if (folder) appendFileSync(join(folder, 'calls.jsonl'), `${JSON.stringify(event)}\n`, { mode: 0o600 });
  });
  return { end, calls: (): readonly UsedCall[] => held };
}
