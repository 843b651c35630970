import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeConsoleSignIn } from '../../../lambdas/shared/adapters/sessions/console-sign-in.ts';
import { canSealTo, makeRecipientKeyPair } from '../../../lambdas/shared/adapters/sessions/recipient-keys.ts';
import {
  openCredentials,
  sealerFor,
  thumbprintOf,
} from '../../../lambdas/shared/adapters/sessions/sealed-credentials.ts';
import { makeIdempotencyTable } from '../../../lambdas/shared/adapters/tables/idempotency-table.ts';
import { makeStateMachine } from '../../../lambdas/shared/adapters/workflows/state-machine.ts';
import { startTables } from '../../support/start-tables.ts';
import { SESSION } from './world.ts';

describe('a sealed session', () => {
  const seal = async (requestId = 'r1') => {
    const pair = await makeRecipientKeyPair();
    return { ...pair, jwe: await (await sealerFor(pair.publicKey)).seal(SESSION, requestId) };
  };

  it('opens with its key, and for its request', async () => {
    const { privateKey, jwe } = await seal();
    expect(await openCredentials(privateKey, jwe, 'r1')).toEqual(SESSION);
    await expect(openCredentials(privateKey, jwe, 'r2')).rejects.toThrow('another request');
  });

  it('opens with no other key, and not once it is altered', async () => {
    const { privateKey, jwe } = await seal();
    const other = await makeRecipientKeyPair();
    await expect(openCredentials(other.privateKey, jwe, 'r1')).rejects.toThrow();
    const parts = jwe.split('.');
    const [header = ''] = parts;
    const altered = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), requestId: 'r2' };
    const forged = [Buffer.from(JSON.stringify(altered)).toString('base64url'), ...parts.slice(1)].join('.');
    await expect(openCredentials(privateKey, forged, 'r2')).rejects.toThrow();
  });

  it('names its key by RFC 7638, and shows nothing else', async () => {
    const { publicKey, jwe } = await seal();
    const header = JSON.parse(Buffer.from(jwe.split('.')[0] ?? '', 'base64url').toString());
    expect(header).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', requestId: 'r1' });
    expect(header.kid).toBe(await thumbprintOf(publicKey));
    expect(jwe).not.toContain(Buffer.from(SESSION.secretAccessKey).toString('base64url').slice(0, 20));
  });

  it('can be made for P-256 too', async () => {
    const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
      'deriveBits',
    ]);
    const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', publicKey);
    expect(await canSealTo({ kty: 'EC', crv: 'P-256', x, y })).toBe(true);
  });
});

describe('the state machine', () => {
  const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:access-request';
  const answering = (answer: unknown) => {
    const sent: { input: unknown }[] = [];
    const client = {
      async send(command: { input: unknown }) {
        sent.push(command);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    } as unknown as SFNClient;
    return { sent, machine: makeStateMachine({ client, stateMachineArn: MACHINE }) };
  };
  const named = (name: string) => Object.assign(new Error('secret detail'), { name });
  const request = {
    requestId: 'analyst1-01KAE000000000000000000000',
    principalId: 'analyst1',
    reason: 'Read the weekly metrics',
    dryRun: false,
    createdAt: '2026-11-20T22:00:00.000Z',
  };

  it('is started under the request’s name, with the request as input', async () => {
    const { sent, machine } = answering({});
    await machine.start(request);
    expect(sent[0]?.input).toEqual({
      stateMachineArn: MACHINE,
      name: request.requestId,
      input: JSON.stringify({ request }),
    });
  });

  it('is started once: what exists already is left as it is', async () => {
    await expect(answering(named('ExecutionAlreadyExists')).machine.start(request)).resolves.toBeUndefined();
  });

  it('is unavailable where Step Functions fails, without its message', async () => {
    const failed = answering(named('ThrottlingException')).machine.start(request);
    await expect(failed).rejects.toMatchObject({
      name: 'DependencyUnavailable',
      message: 'Step Functions: ThrottlingException',
    });
  });

  it('is stopped by the execution’s ARN, also where it never started', async () => {
    const { sent, machine } = answering(named('ExecutionDoesNotExist'));
    await machine.stop(request.requestId, 'cancelled');
    expect(sent[0]?.input).toEqual({
      executionArn: `arn:aws:states:eu-central-1:123456789012:execution:access-request:${request.requestId}`,
      cause: 'cancelled',
    });
  });

  it.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])(
    '%s means that a wait is gone',
    async (name) => {
      expect(await answering(named(name)).machine.completeTask('t', {})).toBe('gone');
      expect(await answering({}).machine.completeTask('t', {})).toBe('completed');
    },
  );
});

describe('the idempotency table', () => {
  let tables: Awaited<ReturnType<typeof startTables>>;
  beforeAll(async () => {
    tables = await startTables();
    await tables.client.send(
      new CreateTableCommand({
        TableName: 'idempotency',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      }),
    );
  });
  afterAll(() => tables.close());

  it('keeps the first of many, for a day', async () => {
    let now = new Date('2026-11-20T22:00:00.000Z');
    const table = makeIdempotencyTable({ client: tables.client, tableName: 'idempotency', clock: () => now });
    const entries = Array.from({ length: 5 }, (_, n) => ({ requestId: `r${n}`, bodyDigest: `d${n}` }));
    const kept = await Promise.all(entries.map((entry) => table.remember('k', entry)));
    expect(new Set(kept.map(({ requestId }) => requestId)).size).toBe(1);
    expect(await table.remember('other', { requestId: 'r9', bodyDigest: 'd' })).toMatchObject({
      requestId: 'r9',
    });
    now = new Date(now.getTime() + 25 * 60 * 60 * 1000);
    expect(await table.remember('k', { requestId: 'next', bodyDigest: 'd' })).toMatchObject({
      requestId: 'next',
    });
  });
});

describe('console sign-in', () => {
  let server: Server;
  let endpoint: string;
  let answer: { status: number; body: string };
  let asked: URLSearchParams;
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked = new URL(request.url ?? '', 'http://x').searchParams;
      response.writeHead(answer.status, { location: 'http://127.0.0.1:1/' });
      response.end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/federation`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('trades the session for a sign-in token, and puts only that into the URL', async () => {
    answer = { status: 200, body: '{"SigninToken":"token-1"}' };
    const url = await makeConsoleSignIn({ endpoint }).urlFor(SESSION);
    expect(asked.get('Action')).toBe('getSigninToken');
    expect(asked.has('SessionDuration')).toBe(false);
    expect(JSON.parse(asked.get('Session') ?? '')).toEqual({
      sessionId: SESSION.accessKeyId,
      sessionKey: SESSION.secretAccessKey,
      sessionToken: SESSION.sessionToken,
    });
    expect(Object.fromEntries(new URL(url ?? '').searchParams)).toMatchObject({
      Action: 'login',
      SigninToken: 'token-1',
    });
    expect(url).not.toContain(SESSION.secretAccessKey);
  });

  it.each([
    { status: 500, body: '' },
    { status: 200, body: 'not json' },
    { status: 200, body: '{}' },
    { status: 302, body: '' },
  ])('is left out where the endpoint answers %j', async (bad) => {
    answer = bad;
    expect(await makeConsoleSignIn({ endpoint }).urlFor(SESSION)).toBeUndefined();
  });

  it('is left out where nobody answers', async () => {
    expect(await makeConsoleSignIn({ endpoint: 'http://127.0.0.1:1/' }).urlFor(SESSION)).toBeUndefined();
  });
});
