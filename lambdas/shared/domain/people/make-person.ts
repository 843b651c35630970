import { digestOf } from '../digest.ts';
import { problemOfArn } from '../identity/problem-of-arn.ts';
import { type OutReason, type Principal, principalSchema } from '../principal.ts';
import type { DirectoryUser } from './directory.ts';
import { principalIdOf } from './directory-principal.ts';
import type { Membership } from './find-memberships.ts';
import type { Template } from './template.ts';

/** What is known of Slack's users: an e-mail's, or null where there is none. Absent: nobody has looked. */
export type SlackUsers = ReadonlyMap<string, string | null>;

type Fitting = Extract<Membership, { readonly template: Template }>;
export type Made = { readonly principal: Principal; readonly policy: string } | { readonly out: OutReason };

/**
 * The principal that a template makes of a user. Who they are as a person only grows: an e-mail that they had stays
 * theirs, so that nobody sheds a name to approve what they asked for under it.
 */
export function makePerson(
  user: DirectoryUser,
  { template, groups, email }: Fitting,
  before: Principal | undefined,
  slackUsers: SlackUsers,
): Made {
  const persons = [...new Set([...(before?.persons ?? []), email])];
  const signIn = template.signIn.map(({ issuer, subject }) => ({
    issuer,
    subject: subject === 'email' ? email : user[subject],
  }));
  if (signIn.some((entry) => entry.subject === undefined)) return { out: 'sign_in_missing' };
  const awsPrincipals = template.identityCenterRoles.map((role) => `${role}/${user.userName}`);
  if (awsPrincipals.some((arn) => problemOfArn(arn) !== undefined)) return { out: 'sign_in_missing' };
  // Nobody has looked yet: as it was, if they are who they were.
  const found = template.slackByEmail ? slackUsers.get(email) : null;
  const slackUserId =
    found === undefined && before?.persons.includes(email) ? before.slackUserId : (found ?? undefined);
  const stopped =
    before !== undefined &&
    (before.directory?.stopped === true || (before.status === 'suspended' && !before.directory?.out));
  const principal = principalSchema.safeParse({
    id: before?.id ?? principalIdOf(user),
    type: 'human',
    status: stopped ? 'suspended' : 'active',
    groups,
    awsPrincipals,
    ...(signIn.length > 0 && { signIn }),
    persons,
    ...(slackUserId && { slackUserId }),
    // Only while they are who they were: what proves one person's votes proves nobody else's.
    ...(before?.passkeys && before.persons.includes(email) && { passkeys: before.passkeys }),
    ...(template.delivery && { delivery: template.delivery }),
    directory: { template: template.id, user: user.id, policyDigest: digestOf(template.policy) },
    version: before?.version ?? 1,
  });
  return principal.success
    ? { principal: principal.data, policy: template.policy }
    : { out: 'template_unusable' };
}

/** E-mails of those who are to have a Slack user and have none: the new ones first, as many as one run asks of Slack. */
export function emailsToFind(
  memberships: ReadonlyMap<string, Membership>,
  principals: readonly Principal[],
  most: number,
): string[] {
  const theirs = new Map(principals.map((each) => [each.directory?.user, each]));
  const wanted = [...memberships].flatMap(([user, membership]) => {
    if ('out' in membership || !membership.template.slackByEmail) return [];
    const before = theirs.get(user);
    const isNew = !before || before.directory?.out || !before.persons.includes(membership.email);
    return isNew || !before.slackUserId ? [{ email: membership.email, isNew }] : [];
  });
  return wanted
    .toSorted((left, right) => Number(right.isNew) - Number(left.isNew))
    .slice(0, most)
    .map(({ email }) => email);
}
