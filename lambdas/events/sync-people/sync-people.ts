import type { AuditEntry } from '../../shared/domain/audit/audit-record.ts';
import { digestOf } from '../../shared/domain/digest.ts';
import { DIRECTORY_ACTOR } from '../../shared/domain/people/directory-principal.ts';
import { membershipsOf } from '../../shared/domain/people/find-memberships.ts';
import { emailsToFind, type SlackUsers } from '../../shared/domain/people/make-person.ts';
import {
  type Directory,
  MOST_PROBLEMS,
  type PeopleProblem,
  type PeopleState,
} from '../../shared/domain/people/people-problem.ts';
import { type Move, planPeople } from '../../shared/domain/people/plan-people.ts';
import type { Template } from '../../shared/domain/people/template.ts';
import type { Policy, Principal } from '../../shared/domain/principal.ts';
import type { RevocationInput } from '../../shared/domain/revocation/revocation.ts';

export type SyncPorts = {
  readonly directory: {
    readDirectory(): Promise<Directory>;
    templates(): Promise<Template[]>;
    writeState(state: PeopleState): Promise<void>;
  };
  readonly principals: {
    all(): AsyncIterable<Principal>;
    /** False where the version it is based on moved on. */
    write(principal: Principal, baseVersion: number): Promise<boolean>;
  };
  readonly policies: {
    get(principalId: string): Promise<Policy | undefined>;
    write(policy: Policy, baseVersion: number): Promise<boolean>;
  };
  readonly lookups: {
    claim(principal: Principal): Promise<boolean>;
    release(versions: readonly Principal[], current: Principal | undefined): Promise<void>;
  };
  readonly revocations: { start(input: RevocationInput): Promise<void> };
  /** Appends a record; one that stands there already is not appended again. */
  readonly audit: { append(entry: AuditEntry): Promise<unknown> };
  /** The Slack user of an e-mail, or null where there is none. Throws where Slack cannot be asked. */
  readonly findSlackUser: (email: string) => Promise<string | null>;
  readonly clock: () => Date;
  readonly log: (fields: Readonly<Record<string, unknown>>) => void;
};

/** Slack users that one run asks for: Slack bears some fifty questions a minute. */
const MOST_SLACK_QUESTIONS = 20;
/** What people are taken back takes one plan more, and so does whoever else wrote meanwhile. */
const MOST_ROUNDS = 6;

/**
 * Makes the principals what the directory and the templates say, however far they are from it: run again after a
 * failure, or for another write, it does what is left to do. Throws where something is, so that it is run again.
 */
export function makeSyncPeople(ports: SyncPorts) {
  return async (): Promise<PeopleState> => {
    const slackUsers = new Map<string, string | null>();
    let isSlackDown = false;
    const refused = new Map<string, PeopleProblem>();
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const [directory, templates, principals] = await readAll(ports);
      if (round === 0) isSlackDown = await askSlack(directory, templates, principals, slackUsers, ports);
      const plan = planPeople(directory, templates, principals, slackUsers);
      const moves = plan.moves.filter(({ after }) => !refused.has(after.id));
      for (const move of moves)
        if (!(await apply(move, ports))) refused.set(move.after.id, takenProblem(move, directory));
      if (moves.length > 0) continue;
      const problems = [
        ...plan.problems,
        ...refused.values(),
        ...(isSlackDown ? [{ code: 'slack_unavailable' as const }] : []),
      ];
      const state = stateOf(directory, principals, problems, ports.clock());
      await ports.directory.writeState(state);
      ports.log({ people: state.people, problems: state.problemCount });
      if (isSlackDown) throw new Error('Slack could not be asked who people are; everything else is done');
      return state;
    }
    throw new Error('people changed in every round; begin anew');
  };
}

async function readAll({ directory, principals }: SyncPorts) {
  const all: Principal[] = [];
  // The directory first: who joins it after that is seen the next time.
  const [read, templates] = await Promise.all([directory.readDirectory(), directory.templates()]);
  for await (const principal of principals.all()) all.push(principal);
  return [read, templates, all] as const;
}

/** Asks Slack who people are, and says whether it could not be asked. Nobody waits for Slack: least of all who leaves. */
async function askSlack(
  directory: Directory,
  templates: readonly Template[],
  principals: readonly Principal[],
  known: Map<string, string | null> & SlackUsers,
  { findSlackUser }: SyncPorts,
): Promise<boolean> {
  const { memberships } = membershipsOf(directory, templates);
  for (const email of emailsToFind(memberships, principals, MOST_SLACK_QUESTIONS)) {
    try {
      known.set(email, await findSlackUser(email));
    } catch {
      return true;
    }
  }
  return false;
}

/** What a move does, in an order in which a run that breaks off is finished by the next. False: somebody else has the name. */
async function apply(move: Move, ports: SyncPorts): Promise<boolean> {
  const { kind, before, after } = move;
  if (kind === 'left') {
    await takeBack(move, ports);
    return true;
  }
  if (!(await ports.lookups.claim(after))) {
    await ports.lookups.release([after], before);
    return false;
  }
  if (move.policy !== undefined) await writePolicy(after.id, move.policy, ports);
  // Before it is in force: nobody is in of whom no record tells.
  await ports.audit.append(entryOf(move));
  if (await ports.principals.write(after, before?.version ?? 0))
    await ports.lookups.release(before ? [before] : [], after);
  return true;
}

/**
 * First suspended, so that nothing new begins; then what they hold is ended; then it is recorded, and marked as done.
 */
async function takeBack({ before, after }: Move, ports: SyncPorts): Promise<void> {
  if (before && before.version !== after.version) {
    // A look-up is a hint: without it nobody is found, and a run that breaks off here removes it again.
    await ports.lookups.release([before], after);
    if (!(await ports.principals.write(after, before.version))) {
      await ports.lookups.claim(before);
      return;
    }
  }
  await ports.revocations.start({
    principalId: after.id,
    by: DIRECTORY_ACTOR,
    because: `the directory: ${after.directory?.out ?? 'left'}`,
  });
  await ports.audit.append(entryOf({ kind: 'left', before, after }));
  if (!after.directory) return;
  const { ending: _, ...directory } = after.directory;
  await ports.principals.write({ ...after, directory, version: after.version + 1 }, after.version);
}

async function writePolicy(principalId: string, text: string, { policies }: SyncPorts): Promise<void> {
  const found = await policies.get(principalId);
  if (found?.text === text) return;
  await policies.write({ principalId, text, version: (found?.version ?? 0) + 1 }, found?.version ?? 0);
}

const EVENTS = {
  joined: 'person_joined',
  returned: 'person_joined',
  moved: 'person_moved',
  left: 'person_left',
} as const satisfies Record<Move['kind'], AuditEntry['event']>;

function entryOf({ kind, before, after }: Move): AuditEntry {
  return {
    chain: after.id,
    requestId: DIRECTORY_ACTOR,
    event: EVENTS[kind],
    occurrence: `v${after.version}`,
    facts: {
      template: after.directory?.template,
      user: after.directory?.user,
      persons: after.persons,
      groups: after.groups,
      version: after.version,
      digest: digestOf(after),
      ...(kind === 'returned' && { returned: true }),
      ...(before && { groupsBefore: before.groups }),
      ...(kind === 'left' && { because: after.directory?.out }),
    },
  };
}

function takenProblem({ after }: Move, { users }: Directory): PeopleProblem {
  const user = after.directory?.user ?? '';
  const userName = users.find(({ id }) => id === user)?.userName ?? '';
  return { code: 'registered_elsewhere', user, userName };
}

function stateOf(
  { users, groups }: Directory,
  principals: readonly Principal[],
  problems: readonly PeopleProblem[],
  now: Date,
): PeopleState {
  return {
    readAt: now.toISOString(),
    users: users.length,
    groups: groups.length,
    people: principals.filter(({ directory }) => directory && !directory.out).length,
    problemCount: problems.length,
    problems: problems.slice(0, MOST_PROBLEMS),
  };
}
