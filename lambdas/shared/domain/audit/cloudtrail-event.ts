import * as z from 'zod';
import { ACTION_OF_EVENT } from '../../../../policy/audit/event-names.ts';
import type { UsedCall } from './used-call.ts';

/**
 * The part of a CloudTrail event that tells who called what.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
const cloudTrailEventSchema = z.object({
  eventTime: z.iso.datetime(),
  eventSource: z.string(),
  eventName: z.string(),
  errorCode: z.string().optional(),
  requestID: z.string().nullish(),
  userIdentity: z.object({
    arn: z.string().optional(),
    sessionContext: z.object({ sourceIdentity: z.string().optional() }).optional(),
  }),
  resources: z.array(z.object({ ARN: z.string().optional() })).optional(),
});

/** How CloudTrail tells of a denial; services spell it in several ways. */
const DENIED = /AccessDenied|UnauthorizedOperation/;

/** The call that an event tells of; undefined where it was not made with a brokered session. */
export function usedCallOf(event: unknown): UsedCall | undefined {
  const parsed = cloudTrailEventSchema.safeParse(event);
  if (!parsed.success) return undefined;
  const {
    eventTime,
    eventSource,
    eventName,
    errorCode = '',
    requestID,
    userIdentity,
    resources = [],
  } = parsed.data;
  const principalId = userIdentity.sessionContext?.sourceIdentity;
  const sessionName = /:assumed-role\/[^/]+\/(.+)$/.exec(userIdentity.arn ?? '')?.[1];
  if (principalId === undefined || sessionName === undefined) return undefined;
  const name = `${eventSource.replace(/\.amazonaws\.com$/, '')}:${eventName}`;
  return {
    at: eventTime,
    principalId,
    sessionName,
    action: ACTION_OF_EVENT[name] ?? name,
    resources: resources.flatMap(({ ARN }) => ARN ?? []),
    ...(requestID && { awsRequestId: requestID }),
    allowed: !DENIED.test(errorCode),
  };
}
