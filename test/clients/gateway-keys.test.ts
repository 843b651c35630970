import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import type { CredentialStore } from '../../sandbox/aws/credential-store.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';
import { TOOLS } from './support/find-tools.ts';

const tools = inject('tools');
const AGENT = 'customer_support_agent';
const PYTHON = resolve(TOOLS, 'bin/python');
const AWS = resolve(TOOLS, 'bin/aws');
const GET = ['dynamodb', 'get-item', '--table-name', 'bank_balances', '--key', '{"user_id":{"S":"c-1042"}}'];

type Key = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

describe.skipIf(tools.length === 0)('after a full run of an agent', () => {
  let cloud: Cloud;
  let postern: PosternOfCloud;
  let home: string;
  let env: Record<string, string>;
  /** What AWS gave out meanwhile, to whomever. */
  const issued: Key[] = [];
  const printed: string[] = [];

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'postern-agent-'));
    mkdirSync(join(home, '.aws'));
    cloud = await startCloud({
      gatewayPort: 0,
      limits: { suspension: { denials: 20, withinSeconds: 60, forSeconds: 60 } },
    });
    const credentials = cloud.aws.credentials as CredentialStore;
    const issue = credentials.issue;
    Object.assign(credentials, {
      issue: (...terms: Parameters<typeof issue>) => {
        const key = issue(...terms);
        issued.push(key);
        return key;
      },
    });
    postern = posternOf(cloud);
    cloud.reviewer.says(proposing('bank_balances', ['dynamodb:GetItem', 'dynamodb:Query']));
    const answer = await fetch(`${cloud.access.principals[AGENT]?.tokenUrl}?for=gateway&subject=c-1042`);
    writeFileSync(join(home, 'token'), ((await answer.json()) as { token: string }).token);
    env = {
      ...{ PATH: `${process.env.PATH}`, HOME: home, AWS_EC2_METADATA_DISABLED: 'true' },
      ...{ AWS_REGION: REGION, AWS_DEFAULT_REGION: REGION },
      AWS_WEB_IDENTITY_TOKEN_FILE: join(home, 'token'),
      AWS_ROLE_ARN: `arn:aws:iam::${ACCOUNT_ID}:role/postern-gateway`,
      AWS_ENDPOINT_URL: cloud.urls.gateway ?? '',
    };
    const dump = 'import boto3; print(boto3.Session().get_credentials().get_frozen_credentials())';
    for (const [file, args] of [
      [PYTHON, ['test/clients/python/use_gateway.py']],
      [PYTHON, ['-c', dump]],
      // What is answered goes to the log of the client itself, with everything that was sent.
      [AWS, [...GET, '--debug']],
      [AWS, ['configure', 'export-credentials']],
      [process.execPath, ['test/clients/support/read-row.ts']],
    ] as const) {
      const { code, out, err } = await postern.other(file, args, env);
      printed.push(`${code}\n${out}\n${err}`);
    }
  });
  afterAll(async () => {
    postern?.close();
    await cloud?.close();
    rmSync(home, { recursive: true, force: true });
  });

  /** Every file of the agent's home: caches of SDKs, and what it wrote. */
  const files = () =>
    readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'));

  test('no program failed, and sessions were obtained for what they read', () => {
    expect(printed.map((text) => text.split('\n')[0])).toEqual(['0', '0', '0', '0', '0']);
    expect(issued.length).toBeGreaterThan(1);
  });

  test('nothing of its environment, its files, or what it was answered, holds a key that AWS would take', () => {
    const seen = [...printed, ...files(), ...Object.values(env)].join('\n');
    const secrets = issued.flatMap(({ accessKeyId, secretAccessKey, sessionToken = '' }) =>
      [accessKeyId, secretAccessKey, sessionToken].flatMap((text) => [
        text,
        Buffer.from(text).toString('base64').replace(/=+$/, ''),
        encodeURIComponent(text),
      ]),
    );
    expect(secrets.filter((text) => text !== '' && seen.includes(text))).toEqual([]);
    expect(seen).not.toMatch(/\bA(?:KIA|SIA|ROA|IDA)[A-Z2-7]{16}\b/);
    // The search finds what is there: the keys that the agent has are all over it.
    expect(seen.match(/PSTN[A-Z2-7]{16}/g)?.length).toBeGreaterThan(3);
  });

  test('the keys that it has are taken by nobody but the gateway', async () => {
    const exported = printed.find((text) => text.includes('"SecretAccessKey"')) ?? '';
    const own = JSON.parse(exported.slice(exported.indexOf('{'))) as Record<string, string>;
    const credentials = {
      accessKeyId: `${own.AccessKeyId}`,
      secretAccessKey: `${own.SecretAccessKey}`,
      sessionToken: `${own.SessionToken}`,
    };
    const straight = new DynamoDBClient({
      endpoint: cloud.urls.aws,
      region: REGION,
      credentials,
      maxAttempts: 1,
    });
    await expect(straight.send(new ListTablesCommand({}))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });
});
