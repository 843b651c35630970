import { resolve } from 'node:path';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { makeSession } from '../../demo/use-session.ts';
import type { Principal } from '../../lambdas/shared/domain/principal.ts';
import { type PosternOfCloud, posternOf } from '../support/run-postern.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';
import { bundles } from '../support/template.ts';
import { makeTokenCaller } from '../support/token-caller.ts';
import { templateWithScim } from '../support/with-scim.ts';
import { TOOLS } from './support/find-tools.ts';

const METRICS = 'The weekly report needs the operational metrics of this week.';
const EMAIL = 'kim@bank.example';

describe.skipIf(inject('tools').length === 0)('people, by a SCIM client of others', () => {
  let cloud: Cloud;
  let postern: PosternOfCloud;
  beforeAll(async () => {
    cloud = await startCloud({ template: templateWithScim(), bundles: bundles() });
    cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:GetItem', 'dynamodb:Query']));
    postern = posternOf(cloud);
    await cloud.warm();
    // As a change would write it, which other tests make.
    const template = {
      kind: 'template',
      id: 'analysts',
      group: { displayName: 'Analysts' },
      groups: ['analysts'],
      signIn: [{ issuer: `${cloud.urls.console}/issuer`, subject: 'userName' }],
      policy: 'Analysts may read operational metrics.',
    };
    await cloud.database.send(new PutCommand({ TableName: 'postern_directory', Item: template }));
  }, 300_000);
  afterAll(async () => {
    postern?.close();
    await cloud?.close();
  });

  const provider = (...args: string[]) =>
    postern.other(
      resolve(TOOLS, 'bin/python'),
      [resolve('test/clients/python/provision_people.py'), ...args],
      {
        PATH: process.env.PATH ?? '',
        SCIM_URL: cloud.urls.scim,
        SCIM_TOKEN: cloud.access.scimToken,
      },
    );
  const kim = () =>
    makeTokenCaller(cloud.urls.oidcApi, {
      tokenUrl: (cloud.access.principals.admin?.tokenUrl ?? '').replace(/[^/]+$/, 'kim'),
    });
  const principalOf = async (email: string) => {
    const { Items = [] } = await cloud.database.send(
      new ScanCommand({ TableName: 'users_table', ConsistentRead: true }),
    );
    return (Items as Principal[]).find(({ persons }) => persons.includes(email));
  };

  test('the server keeps to RFC 7643 and 7644, as scim2-tester reads them', async () => {
    const checked = await provider('check');
    expect([checked.code, checked.err]).toEqual([0, '']);
    expect(checked.out).toMatch(/^[1-9]\d+ checked, 0 failed/);
  });

  test('a joiner asks and gets; a leaver loses the live session within a minute', async () => {
    expect((await provider('join', 'kim', 'Analysts')).code).toBe(0);
    await until(
      () => principalOf(EMAIL),
      (found) => found?.status === 'active',
    );
    const asked = await kim()('POST', '/requests?wait=20', { reason: METRICS });
    const requestId = String(asked.body.requestId);
    await until(
      async () => (await kim()('GET', `/requests/${requestId}`)).body.status,
      (status) => status === 'READY',
    );
    const claimed = await kim()('POST', `/requests/${requestId}/credentials`, {});
    const session = makeSession(cloud.urls.aws, claimed.body);
    const read = () =>
      session.try((client) =>
        client.send(
          new GetItemCommand({
            TableName: 'bank_operational_metrics',
            Key: { metric: { S: 'calls_waiting' }, day: { S: '2026-11-20' } },
          }),
        ),
      );
    expect(await read()).toBe('works');
    const left = await provider('leave', 'kim');
    const started = Date.now();
    expect([left.code, left.out.trim()]).toEqual([0, 'False']);
    await until(read, (answer) => answer === 'AccessDeniedException');
    expect(Date.now() - started).toBeLessThan(60_000);
    expect((await kim()('POST', '/requests', { reason: METRICS })).status).toBe(403);
    expect(await principalOf(EMAIL)).toMatchObject({ status: 'suspended', directory: { out: 'left' } });
  });
});
