import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  ListUserPoolClientsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { ClientOptions } from './aws-account.ts';
import { ensurePool, subjectIn } from './user-pools.ts';

const NAME = 'PosternBank';

/** The demo bank's user pool, and its customers' ids by their names. */
export type DemoPool = {
  readonly poolId: string;
  /** The app that tokens are for: their audience. */
  readonly clientId: string;
  /** What a customer's tokens name as their subject, and the bank's rows as their owner. */
  readonly subjects: ReadonlyMap<string, string>;
};

/** Makes the demo bank's user pool with its customers, or finds what an earlier run made of it. */
export async function ensureDemoPool(
  customers: readonly string[],
  options: ClientOptions = {},
): Promise<DemoPool> {
  const client = new CognitoIdentityProviderClient(options);

  async function appOf(UserPoolId: string): Promise<string> {
    const { UserPoolClients = [] } = await client.send(new ListUserPoolClientsCommand({ UserPoolId }));
    const found = UserPoolClients.find(({ ClientName }) => ClientName === NAME)?.ClientId;
    if (found) return found;
    const { UserPoolClient } = await client.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: NAME,
        ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      }),
    );
    return UserPoolClient?.ClientId ?? '';
  }
  async function subjectOf(UserPoolId: string, Username: string): Promise<string> {
    try {
      const { User } = await client.send(
        new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }),
      );
      return subjectIn(User?.Attributes);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'UsernameExistsException')) throw error;
      const { UserAttributes } = await client.send(new AdminGetUserCommand({ UserPoolId, Username }));
      return subjectIn(UserAttributes);
    }
  }

  const poolId = await ensurePool(client, NAME);
  const clientId = await appOf(poolId);
  const subjects = new Map<string, string>();
  for (const customer of customers) subjects.set(customer, await subjectOf(poolId, customer));
  return { poolId, clientId, subjects };
}
