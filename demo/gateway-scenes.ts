import {
  BatchGetItemCommand,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { makeApiCaller } from './call-api.ts';
import type { DemoAccess } from './demo-place.ts';
import { ACCOUNT_ID, REGION } from './place.ts';
import type { Scene } from './play-scenes.ts';

const AGENT = 'customer_support_agent';
/** Worth nothing: STS takes the token in place of a signature. */
const NOBODY = { accessKeyId: 'none', secretAccessKey: 'none' };

export type GatewayPlace = {
  readonly urls: { readonly api: string; readonly gateway: string };
  readonly access: DemoAccess & {
    readonly principals: Readonly<Record<string, { readonly tokenUrl?: string }>>;
  };
};

/** The name of the error that AWS, or the gateway in its words, answered; or `works`. */
const tried = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'works',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );

/** A story of an agent that has a token and no AWS credentials: each call asks for what it needs. */
export function gatewayScenesOf({ urls, access }: GatewayPlace): Scene[] {
  let client = new DynamoDBClient({
    endpoint: urls.gateway,
    region: REGION,
    credentials: NOBODY,
    maxAttempts: 1,
  });
  let sessionId = '';
  const row = (customer: string) =>
    new GetItemCommand({ TableName: 'bank_balances', Key: { user_id: { S: customer } } });

  /** Signs in at the gateway with the agent's token for a customer, as SDKs do by themselves. */
  async function comeIn(): Promise<string> {
    const url = `${access.principals[AGENT]?.tokenUrl}?for=gateway&subject=c-1042`;
    const { token } = (await (await fetch(url)).json()) as { token: string };
    const sts = new STSClient({
      endpoint: urls.gateway,
      region: REGION,
      credentials: NOBODY,
      maxAttempts: 1,
    });
    const { Credentials: keys, AssumedRoleUser } = await sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: `arn:aws:iam::${ACCOUNT_ID}:role/postern-gateway`,
        RoleSessionName: 'demo',
        WebIdentityToken: token,
      }),
    );
    sessionId = AssumedRoleUser?.AssumedRoleId?.split(':')[0] ?? '';
    const credentials = {
      accessKeyId: keys?.AccessKeyId ?? '',
      secretAccessKey: keys?.SecretAccessKey ?? '',
      sessionToken: keys?.SessionToken ?? '',
    };
    client = new DynamoDBClient({ endpoint: urls.gateway, region: REGION, credentials, maxAttempts: 1 });
    return credentials.accessKeyId.slice(0, 4);
  }

  return [
    {
      what: 'support agent comes to the gateway with its token, and no AWS keys',
      expected: 'PSTN',
      run: comeIn,
    },
    {
      what: '… and reads the balance of the customer the token names, granted at the call',
      expected: 'works',
      run: () => tried(client.send(row('c-1042'))),
    },
    {
      what: "… and another customer's, with the session that was granted",
      expected: 'AccessDeniedException',
      run: () => tried(client.send(row('c-2077'))),
    },
    {
      what: "… and another table's row, inside a batch",
      expected: 'AccessDeniedException',
      run: () =>
        tried(
          client.send(
            new BatchGetItemCommand({
              RequestItems: {
                bank_balances: { Keys: [{ user_id: { S: 'c-1042' } }] },
                users_table: { Keys: [{ id: { S: 'admin' } }] },
              },
            }),
          ),
        ),
    },
    {
      what: '… and deletes the table, which a rule leaves to people',
      expected: 'AccessDeniedException',
      run: () => tried(client.send(new DeleteTableCommand({ TableName: 'bank_balances' }))),
    },
    {
      what: 'an auditor reads what the session called',
      expected: 'GetItem 200, GetItem 400, BatchGetItem, DeleteTable',
      async run() {
        const auditor = makeApiCaller(urls.api, access.principals.auditor1 ?? NOBODY);
        for (;;) {
          const { body } = await auditor('GET', `/gateway-sessions/${sessionId}/calls`);
          const calls = body.calls as { event: string; facts: { operation?: string; httpStatus?: number } }[];
          const ends = calls.filter(({ event }) => event === 'outcome' || event === 'refused');
          // An outcome is written once its answer is through.
          if (ends.length < 4) continue;
          return ends
            .map(({ facts }) => [facts.operation, facts.httpStatus].filter(Boolean).join(' '))
            .join(', ');
        }
      },
    },
    {
      what: '… and ends it: the next call is refused',
      expected: 'ExpiredTokenException',
      async run() {
        const auditor = makeApiCaller(urls.api, access.principals.auditor1 ?? NOBODY);
        await auditor('POST', `/gateway-sessions/${sessionId}/end`, {});
        const happened = await tried(client.send(row('c-1042')));
        client.destroy();
        return happened;
      },
    },
  ];
}
