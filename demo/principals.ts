import type { Principal } from '../lambdas/shared/domain/principal.ts';

/** The audience of the demo's end users' tokens. */
export const AUDIENCE = 'postern-demo';
/** The audiences of the tokens that the demo's principals sign in with: to the API, and to the gateway. */
export const SIGN_IN_AUDIENCE = 'postern';
export const GATEWAY_AUDIENCE = 'postern-gateway';

type Seeded = Pick<Principal, 'id' | 'type' | 'groups' | 'persons'> & {
  status?: Principal['status'];
  purpose?: string;
  jobs?: Principal['jobs'];
  policy: string;
};

/** Everybody of the demo bank, and by which rules they ask. */
const PEOPLE: readonly Seeded[] = [
  {
    id: 'customer_support_agent',
    type: 'agent',
    groups: ['support-agents'],
    persons: ['sam'],
    policy: `Helps the bank's customers in the support chat. May read the balance, the transactions and the support
tickets of the customer who is signed in, and open or update that customer's tickets. May propose to correct a
balance, which a person then approves. Never another customer's data, and never more than one customer at a time.`,
    purpose:
      'Answers the signed-in customer in the support chat: reads their balance, transactions and tickets.',
  },
  {
    id: 'employee1',
    type: 'human',
    groups: ['employees'],
    persons: ['emma'],
    policy:
      'Works in the branch. May look up a customer profile for a case at hand, which a person approves each time.',
  },
  {
    id: 'analyst1',
    type: 'human',
    groups: ['analysts'],
    persons: ['ana'],
    policy: 'Analyses how the bank runs. May read operational metrics. Never data of single customers.',
    jobs: {
      'nightly-report': {
        purpose: 'The nightly report needs the operational metrics of the day.',
        grants: [{ resource: 'bank_operational_metrics', actions: ['dynamodb:Query'] }],
        durationSeconds: 900,
        onBehalfOf: 'nobody',
      },
    },
  },
  {
    id: 'admin',
    type: 'human',
    groups: ['admins', 'approvers'],
    persons: ['ada'],
    policy: `Runs the broker. May read the principals and the policies to explain a decision, may manage sign-in accounts,
and may propose changes to policies and principals, which two other people approve.`,
  },
  {
    id: 'approver1',
    type: 'human',
    groups: ['approvers'],
    persons: ['abe'],
    policy: 'Approves; asks for nothing but changes to their own passkeys.',
  },
  {
    id: 'approver2',
    type: 'human',
    groups: ['approvers', 'security'],
    persons: ['bea'],
    policy: 'Approves, and is on call for security; asks for nothing but changes to their own passkeys.',
  },
  {
    id: 'auditor1',
    type: 'human',
    groups: ['auditors'],
    persons: ['aldo'],
    policy: 'Reads requests; asks for nothing.',
  },
  {
    id: 'suspended1',
    type: 'human',
    status: 'suspended',
    groups: ['employees'],
    persons: ['sue'],
    policy: 'Worked in the branch.',
  },
];

export const DEMO_PRINCIPALS = PEOPLE.map(({ id }) => id);

/** Who signs in at the demo's issuer: its people who ask, and those who own an agent. */
export const DEMO_SIGN_INS = PEOPLE.flatMap(({ type, id, persons }) => (type === 'human' ? [id] : persons));

/** Its people, each with the groups they are in: who signs in where an identity provider knows them by itself. */
export const DEMO_HUMANS = PEOPLE.flatMap(({ type, id, groups }) =>
  type === 'human' ? [{ id, groups }] : [],
);

/** The agents of a person, by the name that they sign in with. */
export const agentsOf = (signedIn: string): string[] =>
  PEOPLE.flatMap(({ type, id, persons }) => (type === 'agent' && persons.includes(signedIn) ? [id] : []));

/** The end users on whose behalf the support agent asks. */
export const SUBJECTS = ['c-1042', 'c-2077', 'c-3111'] as const;

/** Users of a real workspace by the demo principal that each plays. */
export type SlackUsers = Readonly<Record<string, string>>;

/** The demo's principals and their policy texts. Only the support agent presents end users' tokens. */
export function demoPrincipals(
  issuer: string,
  accountId: string,
  slackUsers: SlackUsers = {},
): { principal: Principal; policy: string }[] {
  return PEOPLE.map(({ policy, ...person }) => ({
    policy,
    principal: {
      status: 'active',
      ...person,
      awsPrincipals: [`arn:aws:iam::${accountId}:user/${person.id}`],
      ...(person.type === 'human' && {
        slackUserId: slackUsers[person.id] ?? `U0${person.id.replaceAll('_', '').toUpperCase()}`,
      }),
      subjectIssuers: person.groups.includes('support-agents') ? [{ issuer, audiences: [AUDIENCE] }] : [],
      subjectRequired: false,
      version: 1,
    },
  }));
}
