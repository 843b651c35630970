import * as z from 'zod';

const short = z.string().max(2_048);

/**
 * The part of a CloudTrail event that tells who called what.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
const schema = z.object({
  eventTime: z.iso.datetime(),
  eventSource: z.string().max(200),
  eventName: z.string().max(200),
  awsRegion: z.string().max(50).optional(),
  errorCode: z.string().max(200).optional(),
  managementEvent: z.boolean().optional(),
  userIdentity: z.object({
    type: z.string().max(50).optional(),
    arn: short.optional(),
    accountId: z.string().optional(),
    sessionContext: z
      .object({ sessionIssuer: z.object({ type: z.string().optional(), arn: short.optional() }).optional() })
      .optional(),
  }),
  resources: z.array(z.object({ ARN: short.optional() })).nullish(),
});

/** A call as a trail tells of it: by the names that the service has, which are not always those of actions. */
export type TrailCall = {
  /** The ARN of the user, or of the role whose session it was. */
  readonly principal: string;
  readonly source: string;
  readonly name: string;
  readonly resources: readonly string[];
  readonly region: string;
  /** Empty where it succeeded. */
  readonly error: string;
  readonly calledAt: string;
  readonly isDataEvent: boolean;
};

/**
 * The call that an event tells of: `other` where a service made it, another account, or somebody who has no policies
 * here (the root user, a federated user); undefined where it is no event.
 */
export function callOf(event: unknown, account: string): TrailCall | 'other' | undefined {
  const read = schema.safeParse(event);
  if (!read.success) return undefined;
  const { userIdentity, resources, ...rest } = read.data;
  const { type, arn, sessionContext } = userIdentity;
  const issuer = sessionContext?.sessionIssuer;
  const principal = issuer?.type === 'Role' ? issuer.arn : type === 'IAMUser' ? arn : undefined;
  if (principal === undefined || principal.split(':')[4] !== account) return 'other';
  return {
    principal,
    source: rest.eventSource,
    name: rest.eventName,
    resources: [...new Set((resources ?? []).flatMap(({ ARN }) => ARN ?? []))].sort(),
    region: rest.awsRegion ?? '',
    error: rest.errorCode ?? '',
    calledAt: rest.eventTime,
    isDataEvent: rest.managementEvent === false,
  };
}
