import { digestOf } from '../digest.ts';
import { sharesTokensWith } from '../identity/sign-in/match-sign-in.ts';
import type { OutReason, Principal } from '../principal.ts';
import type { DirectoryUser } from './directory.ts';
import { type Membership, membershipsOf } from './find-memberships.ts';
import { type Made, makePerson, type SlackUsers } from './make-person.ts';
import type { Directory, PeopleProblem } from './people-problem.ts';
import type { Template } from './template.ts';

/** How a person's standing changes. */
export type Move = {
  readonly kind: 'joined' | 'returned' | 'moved' | 'left';
  readonly before: Principal | undefined;
  readonly after: Principal;
  /** What is to be the person's policy text. */
  readonly policy?: string;
};

export type Plan = {
  /** Those who leave first, those who join last. */
  readonly moves: readonly Move[];
  readonly problems: readonly PeopleProblem[];
};

const ORDER: readonly Move['kind'][] = ['left', 'moved', 'returned', 'joined'];

/**
 * What is to become of whom, so that the principals are what the directory and the templates say. Who is unclear is
 * out, and named. Where part of the directory cannot be read nobody comes in and nobody's access changes: only who is
 * known to have gone leaves. It changes no principal that the directory did not make.
 */
export function planPeople(
  directory: Directory,
  templates: readonly Template[],
  principals: readonly Principal[],
  slackUsers: SlackUsers,
): Plan {
  const theirs = new Map(
    principals.flatMap((each) => (each.directory ? [[each.directory.user, each] as const] : [])),
  );
  const { memberships, problems } = membershipsOf(directory, templates);
  const isPartial = directory.unreadable.length > 0;
  const moves: Move[] = [];
  const isHeld = heldTest(principals);
  const made = peopleOf(directory.users, memberships, theirs, slackUsers);
  const isTaken = takenTest(
    [...made.values()].flatMap((each) => ('out' in each ? [] : [each.principal])),
    principals.filter((each) => !each.directory),
  );
  for (const user of directory.users) {
    const before = theirs.get(user.id);
    theirs.delete(user.id);
    if (isPartial) {
      if (before && !user.active) moves.push(...leave(before, 'left'));
      continue;
    }
    const person = made.get(user.id);
    const out = !person
      ? 'left'
      : 'out' in person
        ? person.out
        : isTaken(person.principal) && 'registered_elsewhere';
    if (out && out !== 'left') problems.push({ code: out, user: user.id, userName: user.userName });
    if (out) moves.push(...(before ? leave(before, out) : []));
    else if (person && !('out' in person)) {
      const wanted: Principal = isHeld(person.principal, before)
        ? { ...person.principal, status: 'suspended' }
        : person.principal;
      moves.push(...comeIn(before, wanted, person.policy));
    }
  }
  // Those whom no row that can be read tells of: gone, unless it is their row that cannot be read.
  const unknown = new Set(directory.unreadable.map(({ id }) => id));
  for (const [user, before] of theirs) if (!unknown.has(user)) moves.push(...leave(before, 'left'));
  for (const { kind, id } of directory.unreadable) problems.push({ code: 'unreadable', kind, id });
  return {
    moves: moves.toSorted((left, right) => ORDER.indexOf(left.kind) - ORDER.indexOf(right.kind)),
    problems,
  };
}

function peopleOf(
  users: readonly DirectoryUser[],
  memberships: ReadonlyMap<string, Membership>,
  theirs: ReadonlyMap<string, Principal>,
  slackUsers: SlackUsers,
): Map<string, Made> {
  const made = new Map<string, Made>();
  for (const user of users) {
    const membership = memberships.get(user.id);
    if (!membership) continue;
    made.set(
      user.id,
      'out' in membership ? membership : makePerson(user, membership, theirs.get(user.id), slackUsers),
    );
  }
  return made;
}

/** What one is known by, each as a text that is theirs alone. */
const namesOf = ({ id, awsPrincipals, slackUserId, signIn = [] }: Principal): string[] => [
  id,
  ...awsPrincipals,
  ...(slackUserId ? [`slack ${slackUserId}`] : []),
  ...signIn.flatMap((entry) => ('subject' in entry ? [`subject ${entry.issuer} ${entry.subject}`] : [])),
];

/** Tells whether somebody else calls, votes or signs in as a person of the directory would. Then neither person is in. */
function takenTest(people: readonly Principal[], others: readonly Principal[]) {
  const bearers = new Map<string, number>();
  for (const name of [...people, ...others].flatMap((each) => [...new Set(namesOf(each))]))
    bearers.set(name, (bearers.get(name) ?? 0) + 1);
  const signingIn = others.filter(({ signIn = [] }) => signIn.length > 0);
  return (person: Principal): boolean =>
    namesOf(person).some((name) => (bearers.get(name) ?? 0) > 1) ||
    sharesTokensWith(person, signingIn) !== undefined;
}

/**
 * Tells whether somebody comes in by a name of whom a change suspended: under another id of the directory, who was deleted
 * and made anew is still stopped, until a change ends that. Of whoever has the name already, it was ended.
 */
function heldTest(principals: readonly Principal[]) {
  const stopped = principals.filter(
    ({ status, directory }) => directory && status === 'suspended' && (directory.stopped || !directory.out),
  );
  return ({ persons }: Principal, before: Principal | undefined): boolean => {
    const had = before && !before.directory?.out ? before.persons : [];
    const newNames = persons.filter((name) => !had.includes(name));
    return stopped.some(
      (each) => each.id !== before?.id && each.persons.some((name) => newNames.includes(name)),
    );
  };
}

/** A person who is in: new, back, or as they were but for what the directory or the template says now. */
function comeIn(before: Principal | undefined, wanted: Principal, policy: string): Move[] {
  if (!before) return [{ kind: 'joined', before, after: { ...wanted, version: 1 }, policy }];
  const after = { ...wanted, version: before.version + 1 };
  // What they had is still being taken back: that comes first, and they the next time.
  if (before.directory?.ending) return [{ kind: 'left', before, after: before }];
  if (digestOf({ ...after, version: before.version }) === digestOf(before)) return [];
  return [{ kind: before.directory?.out ? 'returned' : 'moved', before, after, policy }];
}

/**
 * A person who is out: suspended, and without whatever they called with, so that who has their name next can have it.
 * Nothing where all is done.
 */
function leave(before: Principal, out: OutReason): Move[] {
  if (!before.directory) return [];
  if (before.directory.out && !before.directory.ending) return [];
  if (before.directory.ending) return [{ kind: 'left', before, after: before }];
  const { slackUserId: _, signIn: __, ...rest } = before;
  const after: Principal = {
    ...rest,
    status: 'suspended',
    groups: [],
    awsPrincipals: [],
    directory: {
      ...before.directory,
      out,
      ending: true,
      ...(before.status === 'suspended' && { stopped: true as const }),
    },
    version: before.version + 1,
  };
  return [{ kind: 'left', before, after }];
}
