import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { gatewayCredential } from '../../sandbox/gateway/gateway-credential.ts';
import { UNLIMITED } from '../bench/unlimited.ts';
import {
  answerOf,
  bearersOf,
  type Caller,
  type KeyPair,
  type Knock,
  sendBare,
  signersOf,
  signingAt,
  tokenFor,
} from '../support/callers-at-doors.ts';
import { makePasskey } from '../support/make-passkey.ts';
import { type Asked, proposing } from '../support/scripted-reviewer.ts';
import { type SlackOfCloud, slackOf } from '../support/slack-of-cloud.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';
import { startIssuer } from '../support/start-issuer.ts';
import { makeProofKey } from '../support/token-caller.ts';

const METRICS = 'The weekly report needs the operational metrics.';
const ROLE = `arn:aws:iam::${ACCOUNT_ID}:role/postern-gateway`;

let cloud: Cloud;
let slack: SlackOfCloud;
beforeAll(async () => {
  cloud = await startCloud({
    gatewayPort: 0,
    limits: {
      human: UNLIMITED,
      agent: UNLIMITED,
      suspension: { denials: 20, withinSeconds: 60, forSeconds: 60 },
    },
  });
  slack = slackOf(cloud);
  const refusal = {
    approved: false,
    grants: [],
    durationSeconds: 900,
    risk: 'low',
    authorization: 'unclear',
  };
  cloud.reviewer.says(({ principal, reason }: Asked) => {
    if (principal.id === 'analyst1' && reason === METRICS)
      return proposing('bank_operational_metrics', ['dynamodb:Query']);
    if (principal.id === 'employee1' && reason.startsWith('I need the profile'))
      return proposing('bank_customer_profiles', ['dynamodb:GetItem']);
    return { text: { ...refusal, reason: 'It fits no rule.' } };
  });
});
afterAll(() => cloud?.close());

type Operation = { readonly id: string; readonly method: 'GET' | 'POST'; readonly path: string };

/** Every operation of the API, as its document has them, which a test holds to the routes that are deployed. */
function operationsOf(): Operation[] {
  const { paths } = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({
      id: operationId,
      method: method.toUpperCase() as 'GET' | 'POST',
      path,
    })),
  );
}

/** A request of analyst1 that is granted and unclaimed. */
async function granted(): Promise<string> {
  const { body } = await cloud.as('analyst1')('POST', '/requests?wait=20', { reason: METRICS });
  expect(body).toMatchObject({ status: 'READY' });
  return String(body.requestId);
}

/** A session of analyst1 at the gateway, and the delegation that it was opened by. */
async function delegated(): Promise<{ sessionId: string; delegation: string }> {
  const { body } = await cloud.as('analyst1')('POST', '/delegations', { reason: METRICS });
  return body as { sessionId: string; delegation: string };
}

const HELD_CALL = {
  region: REGION,
  service: 'dynamodb',
  operation: 'DeleteItem',
  needs: [{ action: 'dynamodb:DeleteItem', on: 'arn:aws:dynamodb:eu-central-1:123456789012:table/x' }],
  parameters: '{}',
  digest: 'a'.repeat(43),
  quorum: { approvals: 1, stepUp: 0 },
  rules: [],
};
const BODY: Record<string, unknown> = {
  createRequest: { reason: METRICS },
  createCredentials: { reason: METRICS },
  claimCredentials: {},
  proposeChange: {
    kind: 'policy',
    target: 'auditor1',
    proposal: 'Reads.',
    reason: 'A rule that is plainer.',
  },
  openDelegation: { reason: METRICS },
  holdCall: HELD_CALL,
  castVote: { decision: 'deny', proposalDigest: `sha256:${'0'.repeat(64)}`, code: '000000' },
  challengeVote: { decision: 'deny', proposalDigest: `sha256:${'0'.repeat(64)}` },
  enrolPasskey: { passkey: makePasskey().passkey, reason: 'A new phone to vote with.' },
  revokePasskey: { reason: 'That phone was sold.' },
  openAccessReview: {},
  decideAccessReviewItem: {
    decision: 'keep',
    rationale: 'The access fits the work of this desk.',
    digest: `sha256:${'0'.repeat(64)}`,
  },
  reviewSession: { remarks: 'The queries fit the incident of that night.' },
};
/** No answer depends on how fast a workflow is. */
const QUERY: Record<string, string> = { createCredentials: '?wait=0' };

/** An access review that there is not: who may look is told so, and nobody else. */
const NO_REVIEW = 'access_review-01ARZ3NDEKTSV4RRFFQ69G5FAV';

/** What each operation is about, made anew for each door. */
async function targetsOf(): Promise<Record<string, string>> {
  const [shown, claimed, cancelled, revoked] = [
    await granted(),
    await granted(),
    await granted(),
    await granted(),
  ];
  const waiting = await slack.ask('employee1');
  const { sessionId } = await delegated();
  return {
    getRequest: shown,
    claimCredentials: claimed,
    cancelRequest: cancelled,
    revokeSession: revoked,
    endGatewaySession: sessionId,
    listGatewayCalls: sessionId,
    getPolicy: 'analyst1',
    listPolicyVersions: 'analyst1',
    getVotes: waiting,
    getExecution: shown,
    castVote: waiting,
    challengeVote: waiting,
    revokePasskey: makePasskey().passkey.id,
    getAccessReview: NO_REVIEW,
    getAccessReviewItem: NO_REVIEW,
    decideAccessReviewItem: NO_REVIEW,
  };
}

/** What each caller is answered, as lines of the table. */
async function linesOf(door: string, callers: Record<string, Caller>): Promise<string[]> {
  const targets = await targetsOf();
  const { delegation } = await delegated();
  const knocks: [string, () => Promise<Knock>][] = operationsOf().map(({ id, method, path }) => [
    `${method} ${path}`,
    async () => ({
      method,
      path: `${path.replace('{id}', targets[id] ?? '').replace('{item}', 'analyst1')}${QUERY[id] ?? ''}`,
      ...(method === 'POST' && BODY[id] !== undefined && { body: BODY[id] }),
    }),
  ]);
  // What a gateway alone does for others.
  const byDelegation = { 'x-postern-delegation': delegation };
  const forOthers: typeof knocks = [
    [
      'POST /delegations, with a token that a gateway was shown',
      async () => ({
        method: 'POST',
        path: '/delegations',
        body: {},
        headers: { 'x-web-identity-token': await tokenFor(cloud, 'analyst1', '?for=gateway') },
      }),
    ],
    [
      'POST /requests, by a delegation',
      async () => ({ method: 'POST', path: '/requests', body: { reason: METRICS }, headers: byDelegation }),
    ],
    [
      'POST /calls, by a delegation',
      async () => ({ method: 'POST', path: '/calls', body: HELD_CALL, headers: byDelegation }),
    ],
  ];
  const lines: string[] = [];
  for (const [name, knock] of [...knocks, ...forOthers]) {
    lines.push(`${door}: ${name}`);
    for (const [who, call] of Object.entries(callers))
      lines.push(`  ${who.padEnd(30)}${await call(await knock())}`);
  }
  return lines;
}

/** The lines of a table whose callers each are answered one thing. */
async function simpleLines(name: string, answers: Record<string, () => Promise<string>>): Promise<string[]> {
  const lines = [name];
  for (const [who, answer] of Object.entries(answers)) lines.push(`  ${who.padEnd(30)}${await answer()}`);
  return lines;
}

async function linesOfGateway(): Promise<string[]> {
  const url = cloud.urls.gateway ?? '';
  const [foreign, key, first, ended] = [
    await startIssuer(),
    await makeProofKey(),
    await delegated(),
    await delegated(),
  ];
  await cloud.as('analyst1')('POST', `/gateway-sessions/${ended.sessionId}/end`);
  const openBy = async (body: unknown) => sendBare(url, { method: 'POST', path: '/_postern/sessions', body });
  const keysBy = async (delegation: string): Promise<KeyPair> => {
    const { accessKeyId, secretAccessKey, sessionToken } = (await (
      await openBy({ delegation })
    ).json()) as Required<KeyPair>;
    return { accessKeyId, secretAccessKey, sessionToken };
  };
  const opened = await keysBy(first.delegation);
  const late = await delegated();
  const lateKeys = await keysBy(late.delegation);
  await cloud.as('analyst1')('POST', `/gateway-sessions/${late.sessionId}/end`);

  const sessions = await simpleLines('gateway: POST /_postern/sessions', {
    'a delegation': async () => answerOf(await openBy({ delegation: first.delegation })),
    'one that was ended': async () => answerOf(await openBy({ delegation: ended.delegation })),
    'one with another secret': async () =>
      answerOf(await openBy({ delegation: `${first.delegation.slice(0, -4)}AAAA` })),
    'a token for the gateway': async () =>
      answerOf(
        await openBy({ delegation: (await tokenFor(cloud, 'analyst1', '?for=gateway')).slice(0, 128) }),
      ),
    'keys of AWS': () =>
      signingAt(
        url,
        cloud.access.principals.analyst1 as KeyPair,
      )({ method: 'POST', path: '/_postern/sessions', body: {} }),
    nobody: async () => answerOf(await openBy({})),
  });

  const exchange =
    (token: string | undefined, headers: Record<string, string> = {}) =>
    async () => {
      const form = new URLSearchParams({
        ...{
          Action: 'AssumeRoleWithWebIdentity',
          Version: '2011-06-15',
          RoleArn: ROLE,
          RoleSessionName: 'me',
        },
        ...(token !== undefined && { WebIdentityToken: token }),
      });
      const response = await fetch(url, { method: 'POST', body: form, headers });
      return answerOf(response);
    };
  const forGateway = (id: string, more = '') => tokenFor(cloud, id, `?for=gateway${more}`);
  const tokens = await simpleLines('gateway: AssumeRoleWithWebIdentity', {
    analyst1: exchange(await forGateway('analyst1')),
    'an agent, for its customer': exchange(await forGateway('customer_support_agent', '&subject=c-1042')),
    suspended1: exchange(await forGateway('suspended1')),
    'nobody known': exchange(await forGateway('stranger1')),
    'bound to a key': exchange(await forGateway('analyst1', `&jkt=${key.thumbprint}`)),
    'a token for the API': exchange(await tokenFor(cloud, 'analyst1')),
    'an end user': exchange(await cloud.subjectToken('c-1042')),
    'a foreign issuer': exchange(await foreign.sign({ sub: 'analyst1', aud: 'postern-gateway' })),
    'an altered token': exchange(`${(await forGateway('analyst1')).slice(0, -8)}AAAAAAAA`),
    nobody: exchange(undefined),
  });

  const whoAmI = (credentials: KeyPair) => async () => {
    const client = new STSClient({ endpoint: url, region: REGION, credentials, maxAttempts: 1 });
    try {
      await client.send(new GetCallerIdentityCommand({}));
      return '200';
    } catch (error) {
      const { name, $metadata, message } = error as Error & { $metadata?: { httpStatusCode: number } };
      return $metadata ? `${$metadata.httpStatusCode} ${name}` : message;
    } finally {
      client.destroy();
    }
  };
  const calls = await simpleLines('gateway: a call of AWS', {
    'placeholder keys': whoAmI(opened),
    'those of an ended session': whoAmI(lateKeys),
    'with another secret': whoAmI({ ...opened, secretAccessKey: 'another' }),
    'without their session token': whoAmI({
      accessKeyId: opened.accessKeyId,
      secretAccessKey: opened.secretAccessKey,
    }),
    'keys of AWS': whoAmI(cloud.access.principals.analyst1 as KeyPair),
    'the gateway’s own keys': whoAmI(gatewayCredential(cloud.aws, cloud.template)),
    'a token': async () =>
      answerOf(
        await sendBare(url, {
          method: 'GET',
          path: '/',
          headers: { authorization: `Bearer ${await forGateway('analyst1')}` },
        }),
      ),
    nobody: async () => answerOf(await sendBare(url, { method: 'GET', path: '/' })),
  });
  await foreign.close();
  return [...sessions, ...tokens, ...calls];
}

async function linesOfSlack(): Promise<string[]> {
  const secrets = new SecretsManagerClient(cloud.clientOptions);
  const { SecretString = '{}' } = await secrets.send(
    new GetSecretValueCommand({ SecretId: 'postern/slack' }),
  );
  secrets.destroy();
  const { signingSecret } = JSON.parse(SecretString) as { signingSecret: string };
  const path = '/slack/events';
  const challenge = (n: number) => ({ type: 'url_verification', challenge: `challenge ${n}` });

  function signed(n: number, secondsOff = 0, secret = signingSecret): Record<string, string> {
    const timestamp = String(Math.floor(Date.now() / 1000) + secondsOff);
    const text = `v0:${timestamp}:${JSON.stringify(challenge(n))}`;
    const signature = `v0=${createHmac('sha256', secret).update(text).digest('hex')}`;
    return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature };
  }
  const send =
    (n: number, headers: Record<string, string>, method: 'GET' | 'POST' = 'POST') =>
    async () =>
      answerOf(
        await sendBare(cloud.urls.api, {
          method,
          path,
          headers,
          ...(method === 'POST' && { body: challenge(n) }),
        }),
      );
  const once = signed(1);
  return simpleLines(`Slack: POST ${path}`, {
    'Slack, now': send(1, once),
    'the same call again': send(1, once),
    'Slack, ten minutes ago': send(2, signed(2, -600)),
    'Slack, in ten minutes': send(3, signed(3, 600)),
    'signed for another body': send(4, signed(5)),
    'another secret': send(6, signed(6, 0, 'of-somebody-else')),
    'an approver’s keys of AWS': () =>
      signingAt(
        cloud.urls.api,
        cloud.access.principals.approver1 as KeyPair,
      )({ method: 'POST', path, body: challenge(7) }),
    'an approver’s token': send(8, { authorization: `Bearer ${await tokenFor(cloud, 'approver1')}` }),
    nobody: send(9, {}),
    'a browser': send(10, {}, 'GET'),
    'at the door of tokens': async () =>
      answerOf(
        await sendBare(cloud.urls.oidcApi, {
          method: 'POST',
          path,
          body: challenge(11),
          headers: signed(11),
        }),
      ),
  });
}

test('every operation, at every door as it is deployed, answers each identity as the table says', async () => {
  const bearers = await bearersOf(cloud);
  const lines = [
    ...(await linesOf('signatures', signersOf(cloud))),
    ...(await linesOf('tokens', bearers.callers)),
    ...(await linesOfGateway()),
    ...(await linesOfSlack()),
  ];
  await bearers.end();
  expect(lines.filter((line) => / 5\d\d\b/.test(line))).toEqual([]);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../cases/every-door.txt');
}, 300_000);
