import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { keyOf, makeApiCaller, subjectTokenOf } from '../demo/call-api.ts';
import { makeSession } from '../demo/use-session.ts';
import type { Sandbox } from './boot.ts';

const FIRST_REASON = 'The customer on the line asks for the balance of their account.';
const CUSTOMER = 'c-1042';
const OTHER_CUSTOMER = 'c-2077';

type View = {
  requestId?: string;
  status?: string;
  decision?: { entitlement?: { grants: { resource: string; actions: string[] }[]; durationSeconds: number } };
};

/** One request, end to end, with the time since this process began; then what IAM says to its session. */
export async function showFirstGrant(sandbox: Sandbox): Promise<void> {
  const { urls, access } = sandbox;
  const call = makeApiCaller(urls.api, keyOf(access, 'customer_support_agent'));
  const token = await subjectTokenOf(access, CUSTOMER);
  const answer = await call('POST', '/requests?wait=20', { reason: FIRST_REASON, subjectToken: token });
  const { requestId, status, decision } = answer.body as View;
  const claimed = requestId
    ? await call('POST', `/requests/${requestId}/credentials`, {}, { 'x-subject-token': token })
    : undefined;
  if (claimed?.status !== 200) {
    const ending = JSON.stringify(claimed?.body ?? answer.body);
    console.log(`  The first request ended ${status ?? answer.status}: ${ending}\n`);
    return;
  }
  const seconds = (performance.now() / 1000).toFixed(1);
  const { grants = [], durationSeconds } = decision?.entitlement ?? {};
  const granted = grants.map(({ resource, actions }) => `${actions.join(', ')} on ${resource}`).join('; ');
  const session = makeSession(urls.aws, claimed.body);
  const read = (id: string) =>
    session.try((client) =>
      client.send(new GetItemCommand({ TableName: 'bank_balances', Key: { user_id: { S: id } } })),
    );
  console.log(
    [
      `  customer_support_agent, for the signed-in customer ${CUSTOMER}: "${FIRST_REASON}"`,
      `  granted                ${granted}, rows of ${CUSTOMER}, ${durationSeconds} s`,
      `  GetItem ${CUSTOMER}         ${await read(CUSTOMER)}`,
      `  GetItem ${OTHER_CUSTOMER}         ${await read(OTHER_CUSTOMER)}`,
      '',
      `  First grant on screen after ${seconds} s. Ctrl-C ends it.`,
      '',
    ].join('\n'),
  );
  session.close();
}
