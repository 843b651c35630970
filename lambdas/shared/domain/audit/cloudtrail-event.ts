import * as z from 'zod';
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
  userIdentity: z.object({
    arn: z.string().optional(),
    sessionContext: z.object({ sourceIdentity: z.string().optional() }).optional(),
  }),
  resources: z.array(z.object({ ARN: z.string().optional() })).optional(),
});

/**
 * Events whose name is not that of the action which allows the call.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
 */
const ACTION_OF_EVENT: Readonly<Record<string, string>> = {
  's3:HeadObject': 's3:GetObject',
  's3:DeleteObjects': 's3:DeleteObject',
  's3:CreateMultipartUpload': 's3:PutObject',
  's3:UploadPart': 's3:PutObject',
  's3:CompleteMultipartUpload': 's3:PutObject',
  's3:HeadBucket': 's3:ListBucket',
  's3:ListObjects': 's3:ListBucket',
  's3:ListObjectsV2': 's3:ListBucket',
  's3:ListObjectVersions': 's3:ListBucketVersions',
  'lambda:Invoke': 'lambda:InvokeFunction',
};

/** How CloudTrail tells of a denial; services spell it in several ways. */
const DENIED = /AccessDenied|UnauthorizedOperation/;

/** The call that an event tells of; undefined where it was not made with a brokered session. */
export function usedCallOf(event: unknown): UsedCall | undefined {
  const parsed = cloudTrailEventSchema.safeParse(event);
  if (!parsed.success) return undefined;
  const { eventTime, eventSource, eventName, errorCode = '', userIdentity, resources = [] } = parsed.data;
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
    allowed: !DENIED.test(errorCode),
  };
}
