import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { ClientOptions } from '../aws-account.ts';
import type { Place } from '../find-place.ts';
import { makePoolSignIn, type Passwords } from './pool-sign-in.ts';
import { ensurePool } from './user-pools.ts';

const NAME = 'PosternBank';
/** Where the chat would be on one machine: what the client answers to until a deployed one is named. */
const LOCAL = 'http://localhost:4783';

/** The demo bank's user pool, and its customers' ids by their names. */
export type DemoPool = {
  readonly poolId: string;
  readonly issuer: string;
  /** The app that tokens are for: their audience, and the client by which customers sign in to the chat. */
  readonly clientId: string;
  /** What a customer's tokens name as their subject, and the bank's rows as their owner. */
  readonly subjects: ReadonlyMap<string, string>;
};

export type PoolOptions = {
  readonly customers: readonly string[];
  /** Where the chat is; the client stays as it is without. */
  readonly chatUrl?: string | undefined;
  readonly passwords: Passwords;
};

/**
 * Makes the demo bank's user pool with its customers, who sign in to the support chat by its page, or finds what an earlier
 * run made of it.
 */
export async function ensureDemoPool(
  { account, region }: Place,
  { customers, chatUrl, passwords }: PoolOptions,
  options: ClientOptions = {},
): Promise<DemoPool> {
  const client = new CognitoIdentityProviderClient(options);
  const poolId = await ensurePool(client, NAME);
  const signIn = makePoolSignIn(client, poolId);
  await signIn.ensurePage(`postern-bank-${account}`);
  const clientId = await signIn.ensureClient({
    ClientName: NAME,
    url: chatUrl,
    localUrl: LOCAL,
    // So that an operator gets a customer's token by the command line too.
    flows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
  });
  const subjects = new Map<string, string>();
  for (const customer of customers) subjects.set(customer, await signIn.ensureUser(customer, passwords));
  return { poolId, issuer: `https://cognito-idp.${region}.amazonaws.com/${poolId}`, clientId, subjects };
}
