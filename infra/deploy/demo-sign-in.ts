import { randomBytes } from 'node:crypto';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolDomainCommand,
  DescribeUserPoolCommand,
  ListUserPoolClientsCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { ClientOptions } from './aws-account.ts';
import type { Place } from './find-place.ts';
import { ensurePool, subjectIn } from './user-pools.ts';

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
  /** Keeps the temporary password of somebody who is about to be made. */
  readonly keepPassword: (id: string, password: string) => void;
};

const named = (error: unknown, name: string) => error instanceof Error && error.name === name;

/** What the console's client may do, all of it: an update forgets what it does not name. */
const clientOf = (UserPoolId: string, consoleUrl: string) => ({
  UserPoolId,
  ClientName: APP,
  ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH' as const],
  SupportedIdentityProviders: ['COGNITO'],
  CallbackURLs: [`${consoleUrl}/signed-in`],
  AllowedOAuthFlows: ['code' as const],
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthScopes: ['openid'],
  PreventUserExistenceErrors: 'ENABLED' as const,
  EnableTokenRevocation: true,
  // As long as somebody stays signed in at the console.
  RefreshTokenValidity: 8,
  TokenValidityUnits: { RefreshToken: 'hours' as const },
});

/**
 * Makes the pool by which the demo's people sign in to the console, with its page, its client, its groups and its users, or
 * finds what an earlier run made of it.
 */
export async function ensureDemoSignIn(
  { account, region }: Place,
  { people, consoleUrl, keepPassword }: SignInOptions,
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

  async function ensurePage(): Promise<void> {
    const { UserPool } = await client.send(new DescribeUserPoolCommand({ UserPoolId }));
    if (UserPool?.Domain) return;
    await client.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain: `postern-demo-${account}` }));
  }
  async function ensureClient(): Promise<string> {
    const { UserPoolClients = [] } = await client.send(new ListUserPoolClientsCommand({ UserPoolId }));
    const ClientId = UserPoolClients.find(({ ClientName }) => ClientName === APP)?.ClientId;
    if (ClientId) {
      if (consoleUrl)
        await client.send(new UpdateUserPoolClientCommand({ ...clientOf(UserPoolId, consoleUrl), ClientId }));
      return ClientId;
    }
    const wanted = { ...clientOf(UserPoolId, consoleUrl ?? LOCAL), GenerateSecret: false };
    const { UserPoolClient } = await client.send(new CreateUserPoolClientCommand(wanted));
    return UserPoolClient?.ClientId ?? '';
  }
  async function ensureGroup(GroupName: string): Promise<void> {
    try {
      await client.send(new CreateGroupCommand({ UserPoolId, GroupName }));
    } catch (error) {
      if (!named(error, 'GroupExistsException')) throw error;
    }
  }
  async function find(Username: string): Promise<string | undefined> {
    try {
      const { UserAttributes } = await client.send(new AdminGetUserCommand({ UserPoolId, Username }));
      return subjectIn(UserAttributes);
    } catch (error) {
      if (named(error, 'UserNotFoundException')) return undefined;
      throw error;
    }
  }
  async function make(Username: string): Promise<string> {
    const TemporaryPassword = `Aa1-${randomBytes(18).toString('base64url')}`;
    keepPassword(Username, TemporaryPassword);
    const { User } = await client.send(
      new AdminCreateUserCommand({ UserPoolId, Username, TemporaryPassword, MessageAction: 'SUPPRESS' }),
    );
    return subjectIn(User?.Attributes);
  }

  await ensurePage();
  const clientId = await ensureClient();
  for (const group of new Set(people.flatMap(({ groups }) => groups))) await ensureGroup(group);
  const subjects = new Map<string, string>();
  for (const { id, groups } of people) {
    subjects.set(id, (await find(id)) ?? (await make(id)));
    for (const GroupName of groups)
      await client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: id, GroupName }));
  }
  return { issuer: `https://cognito-idp.${region}.amazonaws.com/${UserPoolId}`, clientId, subjects };
}

/** What has to be written into the configuration, so that these people sign in. */
export const signInConfig = ({ issuer, clientId }: Pick<DemoSignIn, 'issuer' | 'clientId'>) => ({
  'issuers.json': {
    issuers: [{ name: 'bank', issuer, signIn: { clients: [clientId] }, consoleClients: [clientId] }],
  },
  'deployment.json': { console: { issuer: 'bank', clientId, scope: 'openid' } },
});
