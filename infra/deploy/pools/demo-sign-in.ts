import {
  AdminAddUserToGroupCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { ClientOptions } from '../aws-account.ts';
import type { Place } from '../find-place.ts';
import type { DemoPool } from './demo-pool.ts';
import { makePoolSignIn, type Passwords } from './pool-sign-in.ts';
import { ensurePool } from './user-pools.ts';

/** A pool of its own: whoever may manage the bank's customers manages nobody who approves. */
const NAME = 'PosternBankPeople';
const APP = 'PosternConsole';
/** Where the console is on one machine: what the client answers to until a deployed one is named. */
const LOCAL = 'http://localhost:4780';
const DAYS_OF_PASSWORD = 7;

/** Where the demo's people sign in, and what their tokens name as their subject. */
export type DemoSignIn = {
  readonly issuer: string;
  readonly clientId: string;
  readonly subjects: ReadonlyMap<string, string>;
};

export type SignInOptions = {
  readonly people: readonly { readonly id: string; readonly groups: readonly string[] }[];
  /** Where the console is; the client stays as it is without. */
  readonly consoleUrl?: string | undefined;
  readonly passwords: Passwords;
};

/**
 * Makes the pool by which the demo's people sign in to the console, with its page, its client, its groups and its users, or
 * finds what an earlier run made of it.
 */
export async function ensureDemoSignIn(
  { account, region }: Place,
  { people, consoleUrl, passwords }: SignInOptions,
  options: ClientOptions = {},
): Promise<DemoSignIn> {
  const client = new CognitoIdentityProviderClient(options);
  const UserPoolId = await ensurePool(client, NAME, {
    Policies: {
      PasswordPolicy: {
        MinimumLength: 12,
        RequireLowercase: true,
        RequireUppercase: true,
        RequireNumbers: true,
        TemporaryPasswordValidityDays: DAYS_OF_PASSWORD,
      },
    },
  });
  const signIn = makePoolSignIn(client, UserPoolId);

  async function ensureGroup(GroupName: string): Promise<void> {
    try {
      await client.send(new CreateGroupCommand({ UserPoolId, GroupName }));
    } catch (error) {
      if (!(error instanceof Error && error.name === 'GroupExistsException')) throw error;
    }
  }

  await signIn.ensurePage(`postern-demo-${account}`);
  const clientId = await signIn.ensureClient({ ClientName: APP, url: consoleUrl, localUrl: LOCAL });
  for (const group of new Set(people.flatMap(({ groups }) => groups))) await ensureGroup(group);
  const subjects = new Map<string, string>();
  for (const { id, groups } of people) {
    subjects.set(id, await signIn.ensureUser(id, passwords));
    for (const GroupName of groups)
      await client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: id, GroupName }));
  }
  return { issuer: `https://cognito-idp.${region}.amazonaws.com/${UserPoolId}`, clientId, subjects };
}

/** What has to be written into the configuration, so that these people and the bank's customers sign in. */
export const signInConfig = (
  { issuer, clientId }: Pick<DemoSignIn, 'issuer' | 'clientId'>,
  customers: Pick<DemoPool, 'issuer' | 'clientId'>,
) => ({
  'issuers.json': {
    issuers: [
      { name: 'bank', issuer, signIn: { clients: [clientId] }, consoleClients: [clientId] },
      {
        name: 'customers',
        issuer: customers.issuer,
        subjects: { audiences: [customers.clientId], clients: [customers.clientId] },
      },
    ],
  },
  'deployment.json': {
    console: { issuer: 'bank', clientId, scope: 'openid' },
    chat: { issuer: 'customers', clientId: customers.clientId, scope: 'openid' },
  },
});
