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
  tellToApprove(requestId: string): void;
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
export function smokeScenes({ as, region, endpoint, tellToApprove }: Ports): Scene[] {
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
      expected: 'READY',
      otherwise:
        "403: the caller's role lacks execute-api:Invoke. 500 or 503: a function's role may not write under the data key, or start the state machine; the log /aws/lambda/postern-front-door names the call. FAILED: the reviewer's key or model, in /aws/lambda/postern-review-request.",
      async run() {
        const reason = 'The weekly report needs the operational metrics.';
        const opened = await (await as('analyst1'))('POST', '/requests?wait=20', { reason });
        requestId = String(opened.body.requestId);
        return String(opened.body.status ?? told(opened));
      },
    },
    {
      what: '… and claims the session',
      expected: '200',
      otherwise:
        "states:SendTaskSuccess is judged by another resource than the state machine's ARN, which every claim relies on (docs/adr/0020), or AssumeRole is refused: the logs of postern-front-door and postern-assume-role name the call.",
      async run() {
        claimed = await (await as('analyst1'))('POST', `/requests/${requestId}/credentials`, {});
        return told(claimed);
      },
    },
    {
      what: '… and reads them',
      expected: 'works',
      otherwise: 'The brokered role or its boundary is narrower than the catalog: deploy again.',
      run: read,
    },
    {
      what: '… and signs in to the console',
      expected: 'a page',
      otherwise: 'The federation endpoint refuses the session, or is not reached from the function.',
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
      otherwise:
        'The session outlives its revocation: look at the execution of revoke-session, and end the role by hand (AWSRevokeOlderSessions).',
      async run() {
        const revoked = await (await as('analyst1'))('POST', `/requests/${requestId}/revoke`, {});
        return revoked.status < 300 ? otherThan('works', read, MOST_MS.revocation) : told(revoked);
      },
    },
    {
      what: 'an analyst asks for customer profiles',
      expected: '403 request_denied',
      otherwise: 'config/ is not the one that was deployed: npm run guardrails says what it should answer.',
      async run() {
        const reason = 'I want to see the customer profiles.';
        return told(await (await as('analyst1'))('POST', '/credentials', { reason }));
      },
    },
    {
      what: 'an employee asks for a profile, and somebody approves it in Slack',
      expected: 'READY',
      otherwise:
        "AWAITING_APPROVAL: nobody pressed Approve, or Slack does not reach the request URL; the log of postern-slack-app says which. FAILED: the bot's token or channel, in postern-request-approval.",
      async run() {
        const employee = await as('employee1');
        const reason = 'I need the profile of a customer for a case.';
        const waiting = await employee('POST', '/requests?wait=20', { reason });
        if (waiting.body.status !== 'AWAITING_APPROVAL') return String(waiting.body.status ?? told(waiting));
        const waitingFor = String(waiting.body.requestId);
        tellToApprove(waitingFor);
        const status = async () => String((await employee('GET', `/requests/${waitingFor}`)).body.status);
        return otherThan('AWAITING_APPROVAL', status, MOST_MS.approval);
      },
    },
  ];
}
