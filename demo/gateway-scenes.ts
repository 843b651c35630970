import {
  BatchGetItemCommand,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { makeDemoMoves, soon } from './demo-moves.ts';
import type { DemoAccess, DemoPlace } from './demo-place.ts';
import { ACCOUNT_ID, REGION } from './place.ts';
import type { Scene } from './play-scenes.ts';

const AGENT = 'customer_support_agent';
const APPROVER = 'U0APPROVER1';
/** A table that the agent may delete where a person lets it; sandbox/gateway/scratch-table.ts makes it. */
const SCRATCH = 'support_drafts';
/** Worth nothing: STS takes the token in place of a signature. */
const NOBODY = { accessKeyId: 'none', secretAccessKey: 'none' };

export type GatewayPlace<Message extends { readonly blocks: readonly unknown[] }> = DemoPlace<Message> & {
  readonly urls: { readonly gateway?: string };
  readonly access: DemoAccess & {
    readonly principals: Readonly<Record<string, { readonly tokenUrl?: string }>>;
  };
};

type Call = { event: string; facts: { operation?: string; httpStatus?: number } };

/** The name of the error that AWS, or the gateway in its words, answered; or `works`. */
const tried = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'works',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );

/**
 * A story of an agent that has a token and no AWS credentials: each call asks for what it needs, and one that cannot be
 * undone is held until a person has let it through.
 */
export function gatewayScenesOf<Message extends { readonly blocks: readonly unknown[] }>(
  place: GatewayPlace<Message>,
): Scene[] {
  const { urls, access, slack } = place;
  if (!slack) throw new Error("the demo is played in the sandbox's own Slack");
  const { as, press } = makeDemoMoves(place, slack);
  const auditor = as('auditor1');
  const endpoint = urls.gateway ?? '';
  const connect = (credentials: typeof NOBODY & { sessionToken?: string }) => ({
    ...{ endpoint, region: REGION, maxAttempts: 1 },
    credentials,
  });
  let client = new DynamoDBClient(connect(NOBODY));
  let sessionId = '';
  const row = (customer: string, TableName = 'bank_balances') =>
    new GetItemCommand({ TableName, Key: { user_id: { S: customer } } });

  /** Signs in at the gateway with the agent's token for a customer, as SDKs do by themselves. */
  async function comeIn(): Promise<string> {
    const url = `${access.principals[AGENT]?.tokenUrl}?for=gateway&subject=c-1042`;
    const { token } = (await (await fetch(url)).json()) as { token: string };
    const sts = new STSClient(connect(NOBODY));
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
    client = new DynamoDBClient(connect(credentials));
    return credentials.accessKeyId.slice(0, 4);
  }

  /** The request of the agent's that people are asked about, once there is one. */
  async function askedAbout(): Promise<string> {
    const found = await soon(
      async () => {
        const { body } = await auditor('GET', `/requests?principal=${AGENT}&status=AWAITING_APPROVAL`);
        return (body.requests as { requestId: string }[])[0]?.requestId;
      },
      (requestId) => requestId !== undefined,
    );
    return found ?? '';
  }

  /** What becomes of a call that a person decides about while it is held. */
  async function whilePressing<T>(button: 'approve' | 'deny', call: Promise<T>): Promise<T> {
    const ended = call.catch(() => {});
    const requestId = await Promise.race([askedAbout(), ended.then(() => '')]);
    if (requestId) await press(APPROVER, requestId, button);
    return call;
  }
  const deleteScratch = () => client.send(new DeleteTableCommand({ TableName: SCRATCH }));

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
      what: '… and deletes a table: the call is held, a person approves it in Slack',
      expected: 'works',
      run: () => tried(whilePressing('approve', deleteScratch())),
    },
    {
      what: '… and deletes it once more: approved once, it worked once; the person is asked anew, and denies',
      expected: 'AccessDeniedException',
      run: () => tried(whilePressing('deny', deleteScratch())),
    },
    {
      what: '… and reads a profile, which a person lets it; the address is masked',
      expected: 'c-1042 [masked]',
      async run() {
        const { Item } = await whilePressing('approve', client.send(row('c-1042', 'bank_customer_profiles')));
        return `${Item?.user_id?.S} ${Item?.email?.S}`;
      },
    },
    {
      what: 'an auditor reads what the session called (postern calls)',
      expected:
        'GetItem 200, GetItem 400, BatchGetItem, held DeleteTable, DeleteTable 200, held DeleteTable, DeleteTable, GetItem 200',
      async run() {
        const told = (calls: Call[]) =>
          calls
            .filter(({ event }) => event !== 'opened' && event !== 'intent')
            .map(({ event, facts }) =>
              [event === 'held' && event, facts.operation, facts.httpStatus].filter(Boolean).join(' '),
            );
        // An outcome is written once its answer is through.
        const lines = await soon(
          async () =>
            told((await auditor('GET', `/gateway-sessions/${sessionId}/calls`)).body.calls as Call[]),
          ({ length }) => length >= 8,
        );
        return lines.join(', ');
      },
    },
    {
      what: '… and ends it: the next call is refused',
      expected: 'ExpiredTokenException',
      async run() {
        await auditor('POST', `/gateway-sessions/${sessionId}/end`, {});
        const happened = await tried(client.send(row('c-1042')));
        client.destroy();
        return happened;
      },
    },
  ];
}
