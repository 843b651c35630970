import {
  BatchGetItemCommand,
  DeleteTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateAccessKeyCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { decodeJwt, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { deriveKeys } from '../../gateway/keys/derive-keys.ts';
import { type CallRecord, checkCalls } from '../../lambdas/shared/domain/audit/call-record.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';

const AGENT = 'customer_support_agent';
const REASON = 'The customer asks in the chat what their balance is.';
const BALANCES = 'bank_balances';

let cloud: Cloud;
let url: string;
beforeAll(async () => {
  cloud = await startCloud({ gatewayPort: 0 });
  url = cloud.urls.gateway ?? '';
  cloud.reviewer.says(proposing(BALANCES, ['dynamodb:GetItem', 'dynamodb:Query']));
});
afterAll(() => cloud?.close());

type Keys = { sessionId: string; accessKeyId: string; secretAccessKey: string; sessionToken: string };

async function open(
  subject: string | undefined,
  more: Record<string, unknown> = { reason: REASON },
  principal = AGENT,
): Promise<Keys> {
  const subjectToken = subject && (await cloud.subjectToken(subject));
  const opened = await cloud.as(principal)('POST', '/delegations', {
    ...more,
    ...(subjectToken && { subjectToken }),
  });
  expect(opened.status).toBe(200);
  const answer = await fetch(`${url}/_postern/sessions`, {
    method: 'POST',
    body: JSON.stringify({ delegation: opened.body.delegation }),
  });
  return (await answer.json()) as Keys;
}

const clientOptions = ({ accessKeyId, secretAccessKey, sessionToken }: Keys) => ({
  endpoint: url,
  region: REGION,
  credentials: { accessKeyId, secretAccessKey, sessionToken },
  maxAttempts: 1,
});
const dynamodb = (keys: Keys) => new DynamoDBClient(clientOptions(keys));
const errorOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'works',
    (error: Error) => error.name,
  );
const rowOf = (subject: string) =>
  new GetItemCommand({ TableName: BALANCES, Key: { user_id: { S: subject } } });

async function recordsOf(sessionId: string, as = AGENT): Promise<CallRecord[]> {
  const { body } = await cloud.as(as)('GET', `/gateway-sessions/${sessionId}/calls`);
  return body.calls as CallRecord[];
}
/** What was recorded, once it is as many: outcomes follow their answers. */
async function recorded(sessionId: string, count: number): Promise<string[]> {
  for (;;) {
    const records = await recordsOf(sessionId);
    if (records.length >= count) {
      return records.map(({ event, facts }) =>
        `${event} ${facts.operation ?? ''} ${facts.httpStatus ?? facts.because ?? ''}`.trim(),
      );
    }
  }
}

describe('an agent that holds no AWS credentials', () => {
  let keys: Keys;
  beforeAll(async () => {
    keys = await open('c-1042');
  });

  test('has keys that AWS would not take', async () => {
    expect(keys.accessKeyId).toMatch(/^PSTN[A-Z2-7]{16}$/);
    const direct = new DynamoDBClient({ ...clientOptions(keys), endpoint: cloud.urls.aws });
    expect(await errorOf(direct.send(rowOf('c-1042')))).toBe('UnrecognizedClientException');
  });

  test('reads its customer’s row, granted at the call, and no other’s', async () => {
    const client = dynamodb(keys);
    const before = cloud.reviewer.asked;
    const { Item } = await client.send(rowOf('c-1042'));
    expect(Item?.user_id).toEqual({ S: 'c-1042' });
    // The same session serves what it covers: nobody is asked again.
    await client.send(rowOf('c-1042'));
    expect(cloud.reviewer.asked - before).toBe(1);
    expect(await errorOf(client.send(rowOf('c-2077')))).toBe('AccessDeniedException');
    expect(await recorded(keys.sessionId, 7)).toEqual([
      'opened',
      ...['intent GetItem', 'outcome GetItem 200', 'intent GetItem', 'outcome GetItem 200'],
      ...['intent GetItem', 'outcome GetItem 400'],
    ]);
  });

  test('is asked about in words beside the session’s reason, for its subject', async () => {
    const { body } = await cloud.as('auditor1')('GET', `/requests?principal=${AGENT}`);
    const [request] = body.requests as { reason: string; subject: { id: string }; status: string }[];
    expect(request).toMatchObject({ status: 'ISSUED', subject: { id: 'c-1042' } });
    expect(request?.reason).toBe(
      `${REASON}\n\nFor a call of this session it needs dynamodb:GetItem on arn:aws:dynamodb:${REGION}:${ACCOUNT_ID}:table/${BALANCES}.`,
    );
  });

  test('is told who it is, by the gateway itself', async () => {
    const sts = new STSClient(clientOptions(keys));
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: ACCOUNT_ID,
      Arn: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/postern-gateway/${AGENT}`,
    });
  });

  test('gets no credentials, and deletes nothing without a person', async () => {
    const [sts, iam] = [new STSClient(clientOptions(keys)), new IAMClient(clientOptions(keys))];
    const RoleArn = `arn:aws:iam::${ACCOUNT_ID}:role/admin`;
    const tried = await Promise.all([
      errorOf(sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }))),
      errorOf(iam.send(new CreateAccessKeyCommand({ UserName: 'admin' }))),
      errorOf(dynamodb(keys).send(new DeleteTableCommand({ TableName: BALANCES }))),
    ]);
    expect(tried).toEqual(['AccessDenied', 'AccessDenied', 'AccessDeniedException']);
  });

  test('gets no table that is denied inside a batch or a statement, and AWS sees nothing of it', async () => {
    cloud.reviewer.says({
      text: {
        approved: false,
        grants: [],
        durationSeconds: 900,
        risk: 'low',
        authorization: 'unclear',
        reason: 'No.',
      },
    });
    const seen = cloud.usedCalls().length;
    const client = dynamodb(await open('c-1042'));
    const batch = new BatchGetItemCommand({
      RequestItems: {
        [BALANCES]: { Keys: [{ user_id: { S: 'c-1042' } }] },
        users_table: { Keys: [{ id: { S: 'admin' } }] },
      },
    });
    const statement = new ExecuteStatementCommand({ Statement: 'SELECT * FROM users_table' });
    expect(await errorOf(client.send(batch))).toBe('AccessDeniedException');
    expect(await errorOf(client.send(statement))).toBe('AccessDeniedException');
    expect(cloud.usedCalls().length).toBe(seen);
    cloud.reviewer.says(proposing(BALANCES, ['dynamodb:GetItem', 'dynamodb:Query']));
  });

  test('has all of it in records that are chained and signed', async () => {
    const records = await recordsOf(keys.sessionId, 'auditor1');
    const { recordKey } = deriveKeys(Buffer.alloc(32, 1));
    expect(checkCalls(records, recordKey).length).toBe(records.length);
    expect(cloud.gatewayRecordKey && checkCalls(records, cloud.gatewayRecordKey)).toEqual([]);
    const [first, ...others] = records;
    const altered = [{ ...first, facts: { ...first?.facts, principalId: 'admin' } } as CallRecord, ...others];
    expect(cloud.gatewayRecordKey && checkCalls(altered, cloud.gatewayRecordKey)).toHaveLength(1);
    expect(
      cloud.gatewayRecordKey && checkCalls(records.toSpliced(2, 1), cloud.gatewayRecordKey),
    ).toHaveLength(1);
    expect((await cloud.as('employee1')('GET', `/gateway-sessions/${keys.sessionId}/calls`)).status).toBe(
      404,
    );
  });
});

test('the same need of one session asks once, however many calls wait', async () => {
  const client = dynamodb(await open('c-2077'));
  const before = cloud.reviewer.asked;
  const rows = await Promise.all(Array.from({ length: 20 }, () => client.send(rowOf('c-2077'))));
  expect(rows.every(({ Item }) => Item?.user_id?.S === 'c-2077')).toBe(true);
  expect(cloud.reviewer.asked - before).toBe(1);
});

test('a denial is remembered for a while, and reads as any other refusal', async () => {
  cloud.reviewer.says({
    text: {
      approved: false,
      grants: [],
      durationSeconds: 900,
      risk: 'low',
      authorization: 'unclear',
      reason: 'It fits no rule.',
    },
  });
  const client = dynamodb(await open('c-3111'));
  const before = cloud.reviewer.asked;
  const told = async () =>
    client.send(rowOf('c-3111')).then(
      () => '',
      (error: Error) => error.message,
    );
  const [first, second] = [await told(), await told()];
  expect(first).toBe('Postern’s gateway does not allow this call. Its record says why.');
  expect([second, cloud.reviewer.asked - before]).toEqual([first, 1]);
  cloud.reviewer.says(proposing(BALANCES, ['dynamodb:GetItem', 'dynamodb:Query']));
});

test('a session without a reason, of a principal without a purpose, asks for nothing', async () => {
  const client = dynamodb(await open(undefined, {}, 'analyst1'));
  const before = cloud.reviewer.asked;
  const error = await client.send(rowOf('c-1042')).catch((caught: Error) => caught);
  expect(error).toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('--reason'),
  });
  expect(cloud.reviewer.asked).toBe(before);
});

test('what one session obtained serves no other, of the same agent for the same customer', async () => {
  const before = cloud.reviewer.asked;
  await dynamodb(await open('c-1042')).send(rowOf('c-1042'));
  await dynamodb(await open('c-1042')).send(rowOf('c-1042'));
  expect(cloud.reviewer.asked - before).toBe(2);
});

test('a session that was ended gets nothing more, and the answer says how to come in again', async () => {
  const keys = await open('c-1042');
  const client = dynamodb(keys);
  await client.send(rowOf('c-1042'));
  const ended = await cloud.as('approver1')('POST', `/gateway-sessions/${keys.sessionId}/end`, {});
  expect(ended.body).toMatchObject({ open: false, ended: { by: 'approver1' } });
  const error = await client.send(rowOf('c-1042')).catch((caught: Error) => caught);
  expect(error).toMatchObject({
    name: 'ExpiredTokenException',
    message: expect.stringContaining('postern gateway open'),
  });
});

describe('by a token file alone', () => {
  const RoleArn = `arn:aws:iam::${ACCOUNT_ID}:role/postern-gateway`;
  const sts = () =>
    new STSClient({
      endpoint: url,
      region: REGION,
      maxAttempts: 1,
      credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    });
  async function tokenOf(query: string): Promise<string> {
    const answer = await fetch(`${cloud.access.principals[AGENT]?.tokenUrl}${query}`);
    return ((await answer.json()) as { token: string }).token;
  }
  const assume = (WebIdentityToken: string, more: object = {}) =>
    sts().send(
      new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'agent', WebIdentityToken, ...more }),
    );

  test('an agent comes in, for the user that the token names, with its purpose as the reason', async () => {
    const { Credentials } = await assume(await tokenOf('?for=gateway&subject=c-1042'));
    const keys = {
      sessionId: '',
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    expect(keys.accessKeyId).toMatch(/^PSTN/);
    const { Item } = await dynamodb(keys).send(rowOf('c-1042'));
    expect(Item?.user_id).toEqual({ S: 'c-1042' });
    expect(await errorOf(dynamodb(keys).send(rowOf('c-2077')))).toBe('AccessDeniedException');
    const { body } = await cloud.as('auditor1')('GET', `/requests?principal=${AGENT}`);
    const [request] = body.requests as { reason: string; subject: unknown }[];
    expect(request?.reason).toMatch(/^Answers the signed-in customer in the support chat/);
    expect(request?.subject).toMatchObject({ id: 'c-1042' });
  });

  test('a token that is not for gateways, tampered with, or narrowed opens nothing', async () => {
    const good = await tokenOf('?for=gateway');
    const [head, body, signature] = good.split('.');
    expect(await errorOf(assume(await tokenOf('')))).toBe('InvalidIdentityTokenException');
    expect(await errorOf(assume([head, body, signature?.split('').reverse().join('')].join('.')))).toBe(
      'InvalidIdentityTokenException',
    );
    expect(await errorOf(assume(await cloud.subjectToken('c-1042')))).toBe('InvalidIdentityTokenException');
    // Of another issuer, with all else as it should be, and a signature that is right.
    const { privateKey } = await generateKeyPair('ES256');
    const elsewhere = new SignJWT({ ...decodeJwt(good), iss: 'https://elsewhere.example' });
    const foreign = await elsewhere.setProtectedHeader({ alg: 'ES256', kid: 'demo' }).sign(privateKey);
    expect(await errorOf(assume(foreign))).toBe('InvalidIdentityTokenException');
    const forged = new SignJWT(decodeJwt(good)).setProtectedHeader({ alg: 'ES256', kid: 'demo' });
    expect(await errorOf(assume(await forged.sign(privateKey)))).toBe('InvalidIdentityTokenException');
    expect(await errorOf(assume(good, { RoleArn: `arn:aws:iam::${ACCOUNT_ID}:role/admin` }))).toBe(
      'ValidationError',
    );
    expect(await errorOf(assume(good, { Policy: '{}' }))).toBe('ValidationError');
  });
});

describe('the command line', () => {
  let postern: PosternOfCloud;
  beforeAll(() => {
    postern = posternOf(cloud);
  });
  afterAll(() => postern?.close());

  test('opens a session with postern gateway open, and shows its calls with postern calls', async () => {
    const env = { POSTERN_GATEWAY: url, POSTERN_SUBJECT_TOKEN: await cloud.subjectToken('c-1042') };
    const opened = await postern.run(AGENT, ['gateway', 'open', '--reason', REASON, '--json'], env);
    const variables = JSON.parse(opened.out) as Record<string, string>;
    expect(variables).toMatchObject({
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^PSTN/),
    });
    const keys = {
      sessionId: variables.sessionId ?? '',
      accessKeyId: variables.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? '',
      sessionToken: variables.AWS_SESSION_TOKEN ?? '',
    };
    await dynamodb(keys).send(rowOf('c-1042'));
    await recorded(keys.sessionId, 3);
    const calls = await postern.run(AGENT, ['calls', keys.sessionId]);
    expect(calls.out).toMatch(
      /intent {3}dynamodb:GetItem {2}arn:aws:dynamodb:[^ ]+table\/bank_balances {2}by customer_support_agent-/,
    );
    expect(calls.out).toMatch(/outcome {2}dynamodb:GetItem .* HTTP 200, \d+ ms, by/);
    const verified = await postern.run(AGENT, ['calls', keys.sessionId, '--verify']);
    expect([verified.code, verified.err]).toEqual([
      0,
      '3 records: whole, in order, and signed by the gateway.\n',
    ]);
    const taken = { session: keys.sessionId, seq: (await recordsOf(keys.sessionId))[1]?.seq };
    await cloud.database.send(new DeleteCommand({ TableName: 'postern_calls', Key: taken }));
    const short = await postern.run(AGENT, ['calls', keys.sessionId, '--verify']);
    expect([short.code, short.err]).toEqual([1, expect.stringContaining('a record before it is missing')]);
    const listed = await postern.run(AGENT, ['gateway', 'list']);
    expect(listed.out).toContain(`${keys.sessionId}  open until`);
    const ended = await postern.run(AGENT, ['gateway', 'end', keys.sessionId]);
    expect(ended.out).toContain(`ended by ${AGENT}`);
    expect(await errorOf(dynamodb(keys).send(rowOf('c-1042')))).toBe('ExpiredTokenException');
    const nowhere = await postern.run(AGENT, ['gateway', 'open', '--reason', REASON], {
      POSTERN_GATEWAY: '',
    });
    expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('POSTERN_GATEWAY')]);
  });

  test('runs a command whose environment holds no key that AWS would take', async () => {
    const env = { POSTERN_GATEWAY: url, POSTERN_SUBJECT_TOKEN: await cloud.subjectToken('c-1042') };
    const child = ['gateway', 'open', '--reason', REASON, '--', '/usr/bin/env'];
    const { out } = await postern.runApart(AGENT, child, env);
    expect(out).toContain(`AWS_ENDPOINT_URL=${url}`);
    expect(out).toMatch(/^AWS_ACCESS_KEY_ID=PSTN/m);
    expect(out).not.toMatch(/\bA(?:KIA|SIA)[A-Z2-7]{16}\b/);
    expect(out).not.toContain('POSTERN_SUBJECT_TOKEN');
  });
});

test('one session’s account is not another’s: the same name there is asked for apart, and what is granted here not used', async () => {
  const here = await open('c-1042');
  const there = await open('c-1042', { reason: REASON, accountId: '111122223333' });
  const before = cloud.usedCalls().length;
  const [first, second] = await Promise.all([
    errorOf(dynamodb(here).send(rowOf('c-1042'))),
    errorOf(dynamodb(there).send(rowOf('c-1042'))),
  ]);
  expect([first, second]).toEqual(['works', 'AccessDeniedException']);
  expect(cloud.usedCalls().length - before).toBe(1);
  const [, refused] = await recordsOf(there.sessionId);
  expect(refused?.facts.needs).toEqual([
    { action: 'dynamodb:GetItem', resource: `arn:aws:dynamodb:${REGION}:111122223333:table/${BALANCES}` },
  ]);
  const sts = new STSClient(clientOptions(there));
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '111122223333' });
});

describe('a delegation', () => {
  test('is worth nothing to whoever stole it', async () => {
    const { body } = await cloud.as(AGENT)('POST', '/delegations', { reason: REASON });
    const stolen = { 'x-postern-delegation': String(body.delegation) };
    // Neither its principal nor anybody else asks by it: only the gateway's role does.
    for (const as of [AGENT, 'admin']) {
      const asked = await cloud.as(as)('POST', '/requests', { reason: 'I would like it very much.' }, stolen);
      expect([asked.status, asked.body.code]).toEqual([403, 'delegation_refused']);
    }
    const wrong = await fetch(`${url}/_postern/sessions`, {
      method: 'POST',
      body: JSON.stringify({ delegation: `${String(body.sessionId)}.${'A'.repeat(43)}` }),
    });
    expect(wrong.status).toBe(403);
  });

  test('lets nobody but the gateway claim what was granted by it', async () => {
    const { body } = await cloud.as('auditor1')('GET', `/requests?principal=${AGENT}&status=ISSUED`);
    const [request] = body.requests as { requestId: string }[];
    const claimed = await cloud.as(AGENT)(
      'POST',
      `/requests/${request?.requestId}/credentials`,
      {},
      {
        'x-subject-token': await cloud.subjectToken('c-1042'),
      },
    );
    expect([claimed.status, claimed.body.code]).toEqual([403, 'gateway_required']);
  });
});

test('a query of a table that nobody may have is refused in the service’s own words', async () => {
  const keys = await open('c-1042');
  const answer = await dynamodb(keys)
    .send(
      new QueryCommand({
        TableName: 'users_table',
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: { ':id': { S: 'admin' } },
      }),
    )
    .catch((error) => error);
  expect(answer).toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } });
});

describe('bad input', () => {
  test.each([
    ['nothing signed', {}, 'MissingAuthenticationTokenException'],
    ['SigV2', { authorization: 'AWS PSTN:abc' }, 'IncompleteSignatureException'],
    [
      'an unknown key',
      {
        authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261129/${'eu-central-1'}/dynamodb/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`,
      },
      'IncompleteSignatureException',
    ],
  ])('%s is refused in JSON to a JSON client', async (_, headers, code) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'x-amz-target': 'DynamoDB_20120810.GetItem',
        'content-type': 'application/x-amz-json-1.0',
        ...(headers as Record<string, string>),
      },
      body: '{}',
    });
    expect([answer.status, ((await answer.json()) as { __type: string }).__type]).toEqual([403, code]);
  });
});
