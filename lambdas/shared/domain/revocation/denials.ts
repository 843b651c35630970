import * as z from 'zod';
import { canonicalJson } from '../digest.ts';

/** A session that is denied by its `aws:userid`, until it would have ended by itself. */
const deniedSessionSchema = z.object({ userId: z.string(), until: z.iso.datetime() });
type DeniedSession = z.infer<typeof deniedSessionSchema>;

/** What is denied to sessions of one role: the source that its inline policy is composed from. */
export const denialsSchema = z.object({
  roleArn: z.string(),
  /** Counts writes: whoever put the policy looks whether it has moved on meanwhile. */
  version: z.number().int().min(0),
  sessions: z.array(deniedSessionSchema),
  /** Every session issued before this time is denied; the last of them ends at `until`. */
  everyOlder: z.object({ issuedBefore: z.iso.datetime(), until: z.iso.datetime() }).optional(),
});
export type Denials = z.infer<typeof denialsSchema>;

/**
 * Characters that the policy of denials may have: a part of the 10,240 that a role's inline policies hold, so that
 * a policy of somebody else's leaves room for them.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const MOST_DENIAL_CHARACTERS = 4_096;

/** IAM takes no empty list of values, and nobody's `aws:userid` is this. */
const NOBODY = 'nobody';

const DENY_ALL = { Effect: 'Deny', Action: '*', Resource: '*' } as const;

/** What is denied on a role that nothing was denied on yet. */
export const noDenials = (roleArn: string): Denials => ({ roleArn, version: 0, sessions: [] });

/**
 * The inline policy that denies just these sessions. Equal denials give equal text, so that writing it again
 * changes nothing.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
 */
export function denialPolicyOf({ sessions, everyOlder }: Denials): string {
  const userIds = sessions.map(({ userId }) => userId).sort();
  return canonicalJson({
    Version: '2012-10-17',
    Statement: [
      {
        ...DENY_ALL,
        Condition: { StringEquals: { 'aws:userid': userIds.length > 0 ? userIds : [NOBODY] } },
      },
      ...(everyOlder
        ? [{ ...DENY_ALL, Condition: { DateLessThan: { 'aws:TokenIssueTime': everyOlder.issuedBefore } } }]
        : []),
    ],
  });
}

/** The denials without those whose sessions have ended by themselves. */
export function liveDenials(denials: Denials, now: Date): Denials {
  const lasts = ({ until }: { until: string }) => new Date(until) > now;
  const { everyOlder, ...rest } = denials;
  return {
    ...rest,
    sessions: denials.sessions.filter(lasts),
    ...(everyOlder && lasts(everyOlder) && { everyOlder }),
  };
}

/** The live denials and these sessions; undefined where the policy would be larger than it may be. */
export function denySessions(
  denials: Denials,
  sessions: readonly DeniedSession[],
  now: Date,
): Denials | undefined {
  const live = liveDenials(denials, now);
  const byId = new Map([...live.sessions, ...sessions].map((session) => [session.userId, session]));
  const next = { ...live, sessions: [...byId.values()] };
  return denialPolicyOf(next).length > MOST_DENIAL_CHARACTERS ? undefined : next;
}

/** Denies every session of the role issued before now, which makes the single denials superfluous. */
export function denyEveryOlder({ roleArn, version }: Denials, until: string, now: Date): Denials {
  return { roleArn, version, sessions: [], everyOlder: { issuedBefore: now.toISOString(), until } };
}
