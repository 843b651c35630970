import {
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  ListUserPoolClientsCommand,
  ListUserPoolsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { DemoPlace } from '../../../demo/demo-place.ts';
import { DEMO_PRINCIPALS, SUBJECTS } from '../../../demo/principals.ts';
import type { Message } from '../../../sandbox/slack/workspace.ts';
import { ACCOUNT, type Emulator } from './start-emulator.ts';
import type { Outside } from './start-outside.ts';

const PASSWORD = 'Of-this-test-alone-1';

/** Keys of the roles that the demo's principals call with, by principal. */
async function callerKeys({ root }: Emulator): Promise<DemoPlace['access']['principals']> {
  const sts = new STSClient(root);
  const keyOf = async (id: string) => {
    const { Credentials: made } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/postern-demo-${id.replaceAll('_', '-')}`,
        RoleSessionName: 'test',
      }),
    );
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = made ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  };
  return Object.fromEntries(
    await Promise.all(DEMO_PRINCIPALS.map(async (id) => [id, await keyOf(id)] as const)),
  );
}

/** Signs the bank's customers in at their user pool, each by a password that the test has given them. */
async function makeSignIn({ root }: Emulator) {
  const pool = new CognitoIdentityProviderClient(root);
  const { UserPools = [] } = await pool.send(new ListUserPoolsCommand({ MaxResults: 10 }));
  const UserPoolId = UserPools.find(({ Name }) => Name === 'PosternBank')?.Id ?? '';
  const { UserPoolClients = [] } = await pool.send(new ListUserPoolClientsCommand({ UserPoolId }));
  const ClientId = UserPoolClients[0]?.ClientId ?? '';
  const ids: Record<string, string> = {};
  for (const Username of SUBJECTS) {
    const { UserAttributes = [] } = await pool.send(new AdminGetUserCommand({ UserPoolId, Username }));
    ids[Username] = UserAttributes.find(({ Name }) => Name === 'sub')?.Value ?? '';
    const Password = PASSWORD;
    await pool.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }));
  }
  return {
    ids,
    async tokenOf(customer: string): Promise<string> {
      const { AuthenticationResult } = await pool.send(
        new AdminInitiateAuthCommand({
          UserPoolId,
          ClientId,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: customer, PASSWORD },
        }),
      );
      return AuthenticationResult?.IdToken ?? '';
    },
  };
}

/** The demo's place, as it is deployed: its API's address, callers' keys, and where customers sign in. */
export async function deployedBank(emulator: Emulator, { slack }: Outside, api: string) {
  const { ids, tokenOf } = await makeSignIn(emulator);
  const app = new Hono().get('/:customer', async (c) =>
    c.json({ token: await tokenOf(c.req.param('customer')) }),
  );
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(started));
  });
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('it has no port');
  const place: DemoPlace<Message> = {
    urls: { api, aws: emulator.endpoint },
    access: {
      principals: await callerKeys(emulator),
      subjects: Object.fromEntries(
        SUBJECTS.map((id) => [id, { tokenUrl: `http://127.0.0.1:${address.port}/${id}`, id: ids[id] ?? '' }]),
      ),
    },
    slack,
  };
  return { place, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}
