import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { openTestSession, PERMIT_ALL, startTestGateway } from '../unit/gateway/start-test-gateway.ts';
import { TOOLS } from './support/find-tools.ts';
import { type BehindMoto, startBehindMoto } from './support/start-behind-moto.ts';

const tools = inject('tools');
const PYTHON = resolve(TOOLS, 'bin/python');
const AWS = resolve(TOOLS, 'bin/aws');
const python = (name: string) => resolve('test/clients/python', name);
const withTools = test.skipIf(tools.length === 0);
const RULES = `${PERMIT_ALL}
@id("deletions-need-a-person")
forbid (principal, action == Action::"dynamodb:DeleteTable", resource)
unless { context.approvals >= 1 };
`;

let bench: BehindMoto;
beforeAll(async () => {
  if (tools.length > 0) bench = await startBehindMoto({ rulesText: RULES, times: { lookMs: 100 } });
});
afterAll(() => bench?.close());
beforeEach(async () => {
  if (tools.length === 0) return;
  await bench.moto.reset();
  bench.relay.answers(undefined);
  bench.relay.seen.length = 0;
});

const turn = () => new Promise((done) => setImmediate(done));
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

describe('boto3, killed while people are asked about its call', () => {
  const remove = (table: string, env = bench.through) =>
    bench.run(PYTHON, [python('delete_one.py'), table], env);
  const isAsked = (count: number) => until(() => bench.broker.people.requests.length === count);
  const refusals = () =>
    bench.tables.records.filter(({ facts }) => /has gone/.test(`${facts.because}`)).length;

  withTools('has nothing forwarded for it; the same call of the next process passes once', async () => {
    await bench.run(AWS, createTable('table-one'), bench.straight);
    const child = spawn(PYTHON, [python('delete_one.py'), 'table-one'], {
      env: bench.through,
      stdio: 'ignore',
    });
    await isAsked(1);
    child.kill('SIGKILL');
    await once(child, 'close');
    // The gateway has seen that nobody waits any more; only then somebody approves.
    await until(() => refusals() === 1);
    bench.broker.people.decide('ALLOWED');
    expect(bench.relay.seen).toEqual([]);
    // Another process has another token's session where it comes in anew; the same session finds its approval.
    expect((await remove('table-one')).out).toBe('calling\nworks\n');
    expect(bench.relay.seen.length).toBe(1);
    const again = remove('table-one');
    await isAsked(2);
    bench.broker.people.decide('DENIED');
    expect((await again).out).toBe('calling\nAccessDeniedException\n');
    expect(bench.relay.seen.length).toBe(1);
  });
});

const createTable = (name: string) => [
  ...['dynamodb', 'create-table', '--table-name', name, '--billing-mode', 'PAY_PER_REQUEST'],
  ...['--key-schema', 'AttributeName=id,KeyType=HASH'],
  ...['--attribute-definitions', 'AttributeName=id,AttributeType=S'],
];

/** What every run has of its own is left out: times, ids, progress. */
const comparable = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\d[T ][\d:.+Z-]*|\b\d{10}(?:\.\d+|\d{3})\b/g, '<time>')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<id>')
    .replace(/Completed [^\r\n]*\r/g, '')
    .replace(/"(?:ReceiptHandle|CiphertextBlob|VersionId|SecretString)": "[^"]+"/g, '"<of this run>"')
    .replace(/secret:one-\w{6}/g, 'secret:one-<id>')
    .replace(/127\.0\.0\.1:\d+/g, '<endpoint>');

withTools(
  'the AWS CLI gets of fourteen services what it gets without the gateway, and copies trees and large files',
  { timeout: 600_000 },
  async () => {
    const large = randomBytes(20_000_000);
    const [sent, received] = [join(bench.home, 'large'), join(bench.home, 'received')];
    writeFileSync(sent, large);
    const account = '123456789012';
    const queue = `http://sqs.eu-central-1.amazonaws.com/${account}/queue-one`;
    const topic = `arn:aws:sns:eu-central-1:${account}:topic-one`;
    const commands = [
      ['s3', 'mb', 's3://bucket-one'],
      ['s3', 'cp', sent, 's3://bucket-one/a/large', '--no-progress'],
      ['s3', 'cp', 's3://bucket-one/a/large', received, '--no-progress'],
      ['s3', 'sync', resolve('gateway/hold'), 's3://bucket-one/hold', '--no-progress'],
      ['s3', 'sync', resolve('gateway/hold'), 's3://bucket-one/hold', '--no-progress'],
      ['s3', 'ls', 's3://bucket-one', '--recursive', '--summarize'],
      ['s3', 'rm', 's3://bucket-one', '--recursive'],
      ['s3api', 'head-object', '--bucket', 'bucket-one', '--key', 'absent'],
      createTable('table-one'),
      ['dynamodb', 'put-item', '--table-name', 'table-one', '--item', '{"id":{"S":"one"}}'],
      ['dynamodb', 'scan', '--table-name', 'table-one'],
      ['dynamodb', 'get-item', '--table-name', 'absent', '--key', '{"id":{"S":"one"}}'],
      ['sqs', 'create-queue', '--queue-name', 'queue-one'],
      ['sqs', 'send-message', '--queue-url', queue, '--message-body', 'hello'],
      ['sns', 'create-topic', '--name', 'topic-one'],
      ['sns', 'publish', '--topic-arn', topic, '--message', 'hello'],
      ['ssm', 'put-parameter', '--name', '/prod/db', '--type', 'String', '--value', 'one'],
      ['ssm', 'get-parameters-by-path', '--path', '/prod'],
      ['secretsmanager', 'create-secret', '--name', 'one', '--secret-string', 'hidden'],
      ['kms', 'list-aliases'],
      ['lambda', 'list-functions'],
      ['iam', 'create-group', '--group-name', 'people', '--path', '/team/'],
      ['iam', 'list-groups'],
      ['ec2', 'describe-regions'],
      ['logs', 'create-log-group', '--log-group-name', 'one'],
      ['logs', 'describe-log-groups'],
      ['cloudwatch', 'list-metrics'],
      ['sts', 'get-access-key-info', '--access-key-id', 'PSTNAAAAAAAAAAAAAAAA'],
    ];
    async function runAll(env: Readonly<Record<string, string>>) {
      const ran: string[] = [];
      for (const command of commands) {
        // Version 1 of the CLI calls SQS at its old host, whatever the variables say.
        const endpoint = command[0] === 'sqs' ? ['--endpoint-url', String(env.AWS_ENDPOINT_URL)] : [];
        const { code, out, err } = await bench.run(AWS, [...endpoint, ...command], env);
        const name = command.slice(0, 2).join(' ');
        ran.push(
          `${name} ${code}\n${comparable(/^s3 (?:cp|sync|rm)/.test(name) ? sorted(out) : out)}${comparable(err)}`,
        );
      }
      return ran;
    }
    /** Copies of many files end in any order. */
    const sorted = (text: string) => text.split('\n').sort().join('\n');
    const straight = await runAll(bench.straight);
    await bench.moto.reset();
    rmSync(received);
    bench.relay.seen.length = 0;
    const through = await runAll(bench.through);
    expect(through).toEqual(straight);
    // What is not there is told so; nothing else fails.
    const failed = straight.filter((line) => !/^[^\n]* 0\n/.test(line)).map((line) => line.slice(0, 300));
    expect(failed).toEqual([
      expect.stringMatching(/^s3api head-object 255\n/),
      expect.stringMatching(/^dynamodb get-item 255\n/),
    ]);
    const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
    expect(existsSync(received) && digest(received)).toBe(digest(sent));
    expect(bench.relay.seen.length).toBeGreaterThan(commands.length);
  },
);

describe('where AWS is in trouble, boto3', () => {
  const once = (): Readonly<Record<string, string>> => ({ ...bench.through, AWS_MAX_ATTEMPTS: '1' });
  const row = (env: Readonly<Record<string, string>>) =>
    bench.run(PYTHON, [python('call_one.py'), 'row'], env);
  const bodies = '{"Item":{"id":{"S":"one"}}}';

  withTools('waits for what is slow, and gets all of it', async () => {
    bench.relay.answers((_, response) => {
      response.writeHead(200, {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': bodies.length,
      });
      response.write(bodies.slice(0, 5));
      setTimeout(() => response.end(bodies.slice(5)), 6000);
      return true;
    });
    expect((await row(once())).out).toBe('works\n');
    expect(bench.relay.seen.length).toBe(1);
  });

  withTools('is told of what is cut in its head as of a service that is not there', async () => {
    bench.relay.answers((_, response) => Boolean(response.destroy()));
    expect((await row(once())).out).toBe('ServiceUnavailable\n');
  });

  withTools('sees that a download was cut, which the gateway does not end as if it were whole', async () => {
    bench.relay.answers((_, response) => {
      response.writeHead(200, { 'content-length': '1000000' });
      response.write('begin', () => setImmediate(() => response.destroy()));
      return true;
    });
    const { out } = await bench.run(PYTHON, [python('call_one.py'), 'read'], once());
    expect(out).toMatch(/^reading\n\w*(?:Error|IncompleteRead)\w*\n$/);
    const last = () => bench.tables.records.at(-1);
    await until(() => last()?.event === 'outcome');
    expect(last()?.facts.because).toBeDefined();
  });

  withTools('is passed AWS’s own 500, and tries again by itself', async () => {
    let failures = 1;
    bench.relay.answers((_, response) => {
      if (failures-- > 0) response.writeHead(500).end('{"__type":"InternalServerError"}');
      else response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(bodies);
      return true;
    });
    expect((await row(bench.through)).out).toBe('works\n');
    expect(bench.relay.seen.length).toBe(2);
    failures = 1;
    expect((await row(once())).out).toBe('InternalServerError\n');
  });

  withTools('is told where nobody listens', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => nobody.once('listening', done));
    const upstream = `http://127.0.0.1:${(nobody.address() as AddressInfo).port}`;
    await new Promise((done) => nobody.close(done));
    const gateway = await startTestGateway(bench.tables, { api: bench.broker.url, upstream });
    try {
      const { accessKeyId, secretAccessKey, sessionToken } = openTestSession(bench.tables);
      const { AWS_WEB_IDENTITY_TOKEN_FILE: _, AWS_ROLE_ARN: __, ...env } = once();
      const { out } = await row({
        ...env,
        AWS_ENDPOINT_URL: gateway.url,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
      });
      expect(out).toBe('ServiceUnavailable\n');
    } finally {
      await gateway.close();
    }
  });
});
