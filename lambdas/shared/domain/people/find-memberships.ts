import type { OutReason } from '../principal.ts';
import { type DirectoryGroup, type DirectoryUser, emailOf } from './directory.ts';
import type { Directory, PeopleProblem } from './people-problem.ts';
import type { GroupRef, Template } from './template.ts';

/** By which template a user is a principal, and with which groups; or why they are unclear. */
export type Membership =
  | { readonly template: Template; readonly groups: readonly string[]; readonly email: string }
  | { readonly out: OutReason };

const isNamed = (ref: GroupRef, { externalId, displayName }: DirectoryGroup): boolean =>
  'externalId' in ref ? ref.externalId === externalId : ref.displayName === displayName;

const nameOf = (ref: GroupRef): string => ('externalId' in ref ? ref.externalId : ref.displayName);

/**
 * Whom the templates make principals, by their id. Only active users; who is in the groups of two templates, or has
 * the e-mail of another active user, is unclear, whichever came first.
 */
export function membershipsOf(
  { users, groups }: Pick<Directory, 'users' | 'groups'>,
  templates: readonly Template[],
): { memberships: ReadonlyMap<string, Membership>; problems: PeopleProblem[] } {
  const problems: PeopleProblem[] = [];
  /** Whether a user is in: in all groups of the name, where somebody made a second one. */
  function memberTest(ref: GroupRef, template: string): (user: string) => boolean {
    const named = groups.filter((group) => isNamed(ref, group));
    if (named.length !== 1) {
      const code = named.length === 0 ? 'group_missing' : 'group_many';
      problems.push({ code, template, group: nameOf(ref) });
    }
    const members = named.map((group) => new Set(group.members));
    return (user) => members.length > 0 && members.every((those) => those.has(user));
  }
  const tests = templates.map((template) => ({
    template,
    isIn: memberTest(template.group, template.id),
    also: template.also.map((more) => ({ groups: more.groups, isIn: memberTest(more.group, template.id) })),
  }));
  const shared = sharedEmails(users);

  const memberships = new Map<string, Membership>();
  for (const user of users.filter(({ active }) => active)) {
    const fitting = tests.filter(({ isIn }) => isIn(user.id));
    const [only] = fitting;
    if (!only) continue;
    const email = emailOf(user);
    const out = outOf(fitting.length, email, shared);
    if (out || email === undefined) {
      memberships.set(user.id, { out: out ?? 'email_missing' });
      continue;
    }
    const more = only.also.filter(({ isIn }) => isIn(user.id)).flatMap((each) => each.groups);
    const all = [...new Set([...only.template.groups, ...more])].sort();
    memberships.set(user.id, { template: only.template, groups: all, email });
  }
  return { memberships, problems };
}

function outOf(
  templates: number,
  email: string | undefined,
  shared: ReadonlySet<string>,
): OutReason | undefined {
  if (templates > 1) return 'two_templates';
  if (email === undefined) return 'email_missing';
  if (email === 'unusable') return 'email_unusable';
  return shared.has(email) ? 'email_shared' : undefined;
}

/** E-mails that more than one active user lists, as any of theirs. */
function sharedEmails(users: readonly DirectoryUser[]): Set<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { active, emails = [] } of users) {
    if (!active) continue;
    for (const email of new Set(emails.map(({ value }) => value.toLowerCase()))) {
      if (seen.has(email)) shared.add(email);
      seen.add(email);
    }
  }
  return shared;
}
