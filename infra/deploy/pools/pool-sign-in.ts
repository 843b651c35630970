import { randomBytes } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolDomainCommand,
  DescribeUserPoolCommand,
  ListUserPoolClientsCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { subjectIn } from './user-pools.ts';

/** Keeps the temporary password of somebody who is about to have it. */
export type Passwords = {
  readonly keep: (id: string, password: string) => void;
  readonly has: (id: string) => boolean;
};

/** An app of a pool: pages where people sign in by the pool's own page. */
type App = {
  readonly ClientName: string;
  /** Where those pages are; the client stays as it is without. */
  readonly url: string | undefined;
  /** Where they are on one machine: what a client answers to until deployed ones are named. */
  readonly localUrl: string;
  readonly flows?: readonly 'ALLOW_ADMIN_USER_PASSWORD_AUTH'[];
};

/** How people sign in to pages by a user pool: its page, its public client, temporary passwords. */
export function makePoolSignIn(client: CognitoIdentityProviderClient, UserPoolId: string) {
  /** What the client may do, all of it: an update forgets what it does not name. */
  const clientOf = ({ ClientName, flows = [] }: App, url: string) => ({
    UserPoolId,
    ClientName,
    ExplicitAuthFlows: [...flows, 'ALLOW_REFRESH_TOKEN_AUTH' as const],
    SupportedIdentityProviders: ['COGNITO'],
    CallbackURLs: [`${url}/signed-in`],
    AllowedOAuthFlows: ['code' as const],
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthScopes: ['openid'],
    PreventUserExistenceErrors: 'ENABLED' as const,
    EnableTokenRevocation: true,
    // As long as somebody stays signed in there.
    RefreshTokenValidity: 8,
    TokenValidityUnits: { RefreshToken: 'hours' as const },
  });
  const temporaryPassword = () => `Aa1-${randomBytes(18).toString('base64url')}`;

  async function find(Username: string) {
    try {
      return await client.send(new AdminGetUserCommand({ UserPoolId, Username }));
    } catch (error) {
      if (error instanceof Error && error.name === 'UserNotFoundException') return undefined;
      throw error;
    }
  }

  return {
    /** The page where people sign in; what it is called is of all of AWS, so `Domain` has the account in it. */
    async ensurePage(Domain: string): Promise<void> {
      const { UserPool } = await client.send(new DescribeUserPoolCommand({ UserPoolId }));
      if (UserPool?.Domain) return;
      await client.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain }));
    },

    /** The id of the client: it is made, or told where its pages are now. */
    async ensureClient(app: App): Promise<string> {
      const { ClientName, url, localUrl } = app;
      const { UserPoolClients = [] } = await client.send(new ListUserPoolClientsCommand({ UserPoolId }));
      const ClientId = UserPoolClients.find((known) => known.ClientName === ClientName)?.ClientId;
      if (ClientId) {
        if (url) await client.send(new UpdateUserPoolClientCommand({ ...clientOf(app, url), ClientId }));
        return ClientId;
      }
      const wanted = { ...clientOf(app, url ?? localUrl), GenerateSecret: false };
      const { UserPoolClient } = await client.send(new CreateUserPoolClientCommand(wanted));
      return UserPoolClient?.ClientId ?? '';
    },

    /**
     * The subject of a user, who is made with a temporary password. One who is there, never signed in and has none that
     * anybody knows, is given one.
     */
    async ensureUser(Username: string, passwords: Passwords): Promise<string> {
      const found = await find(Username);
      if (found) {
        if (found.UserStatus === 'FORCE_CHANGE_PASSWORD' && !passwords.has(Username)) {
          const Password = temporaryPassword();
          passwords.keep(Username, Password);
          const given = { UserPoolId, Username, Password, Permanent: false };
          await client.send(new AdminSetUserPasswordCommand(given));
        }
        return subjectIn(found.UserAttributes);
      }
      const TemporaryPassword = temporaryPassword();
      passwords.keep(Username, TemporaryPassword);
      const { User } = await client.send(
        new AdminCreateUserCommand({ UserPoolId, Username, TemporaryPassword, MessageAction: 'SUPPRESS' }),
      );
      return subjectIn(User?.Attributes);
    },
  };
}
