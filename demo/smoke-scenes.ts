import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { ApiAnswer, ApiCaller } from './call-api.ts';
import type { Scene } from './play-scenes.ts';

type Credentials = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
};

type Ports = {
  /** Calls the API as a principal of the demo. */
  as(principal: string): Promise<ApiCaller>;
  region: string;
  /** Where DynamoDB is, if not at AWS. */
  endpoint?: string;
  /** Tells that a request waits for somebody to approve it in Slack. */
  asked(requestId: string): void;
};

/** Milliseconds: IAM takes some seconds until a revocation is in force everywhere; people take minutes. */
const MOST_MS = { revocation: 60_000, approval: 15 * 60_000 };

const metrics = new QueryCommand({
  TableName: 'bank_operational_metrics',
  KeyConditionExpression: 'metric = :metric',
  ExpressionAttributeValues: { ':metric': { S: 'payments_failed' } },
});

const told = ({ status, body }: ApiAnswer) => `${status}${status < 300 ? '' : ` ${body.code}`}`;

/** One grant, its use, its console sign-in, its revocation; one denial; one approval. In order. */
export function smokeScenes({ as, region, endpoint, asked }: Ports): Scene[] {
  let requestId = '';
  let claimed: ApiAnswer | undefined;

  async function read(): Promise<string> {
    const held = claimed?.body.credentials as Credentials | undefined;
    if (!held) return 'no session';
    const { accessKeyId, secretAccessKey, sessionToken } = held;
    const credentials = { accessKeyId, secretAccessKey, sessionToken };
    const client = new DynamoDBClient({ region, ...(endpoint && { endpoint }), credentials });
    try {
      await client.send(metrics);
      return 'works';
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    } finally {
      client.destroy();
    }
  }
  /** Asks until the answer is other than this, and for no longer than `most`. */
  async function otherThan<T>(waited: T, ask: () => Promise<T>, most: number): Promise<T> {
    const end = Date.now() + most;
    for (;;) {
      const answer = await ask();
      if (answer !== waited || Date.now() > end) return answer;
      await sleep(500);
    }
  }

  return [
    {
      what: 'an analyst asks for operational metrics',
      expected: '200',
      async run() {
        const analyst = await as('analyst1');
        const reason = 'The weekly report needs the operational metrics.';
        const opened = await analyst('POST', '/requests?wait=20', { reason });
        requestId = String(opened.body.requestId);
        claimed = await analyst('POST', `/requests/${requestId}/credentials`, {});
        return told(claimed);
      },
    },
    { what: '… and reads them', expected: 'works', run: read },
    {
      what: '… and signs in to the console',
      expected: 'a page',
      async run() {
        const { consoleUrl } = claimed?.body ?? {};
        if (typeof consoleUrl !== 'string') return 'no sign-in URL';
        const { status } = await fetch(consoleUrl, { redirect: 'manual' });
        return status < 400 ? 'a page' : String(status);
      },
    },
    {
      what: '… and has the session revoked',
      expected: 'AccessDeniedException',
      async run() {
        const revoked = await (await as('analyst1'))('POST', `/requests/${requestId}/revoke`, {});
        return revoked.status < 300 ? otherThan('works', read, MOST_MS.revocation) : told(revoked);
      },
    },
    {
      what: 'an analyst asks for customer profiles',
      expected: '403 request_denied',
      async run() {
        const reason = 'I want to see the customer profiles.';
        return told(await (await as('analyst1'))('POST', '/credentials', { reason }));
      },
    },
    {
      what: 'an employee asks for a profile, and somebody approves it in Slack',
      expected: 'READY',
      async run() {
        const employee = await as('employee1');
        const reason = 'I need the profile of a customer for a case.';
        const waiting = await employee('POST', '/requests?wait=20', { reason });
        if (waiting.body.status !== 'AWAITING_APPROVAL') return String(waiting.body.status ?? told(waiting));
        const waitingFor = String(waiting.body.requestId);
        asked(waitingFor);
        const status = async () => String((await employee('GET', `/requests/${waitingFor}`)).body.status);
        return otherThan('AWAITING_APPROVAL', status, MOST_MS.approval);
      },
    },
  ];
}
