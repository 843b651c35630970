import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenAudit, openAudit } from '../../clients/audit/open-audit.ts';
import { verifyAudit } from '../../clients/audit/verify-audit.ts';
import { prefixOfChain } from '../../lambdas/shared/domain/audit/archive-keys.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud, until } from '../support/start-cloud.ts';

let cloud: Cloud;
let opened: OpenAudit;
let requestId: string;
beforeAll(async () => {
  cloud = await startCloud();
  cloud.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query']));
  const { archiveUrl, region, credentials } = cloud.access.audit;
  opened = await openAudit({
    archiveUrl,
    endpoint: cloud.urls.aws,
    identity: { credentials: async () => credentials, region: async () => region },
  });
  const analyst = cloud.as('analyst1');
  const reason = 'The weekly report needs the operational metrics.';
  requestId = String((await analyst('POST', '/requests?wait=20', { reason })).body.requestId);
  expect((await analyst('POST', `/requests/${requestId}/credentials`, {})).status).toBe(200);
});
afterAll(async () => {
  opened.close();
  await cloud.close();
});

test('every record is archived, signed, and found good by the auditors’ role', async () => {
  const records = await opened.audit.ofRequest(requestId);
  expect(records.map(({ event }) => event)).toEqual([
    'requested',
    'reviewed',
    'validated',
    'decided',
    'claimed',
    'issuing',
    'issued',
  ]);
  await until(
    () => Array.fromAsync(opened.archive.versionsOf(prefixOfChain('analyst1'))),
    (archived) => archived.length === records.length,
  );
  await cloud.invoke('postern-sign-heads', { 'detail-type': 'Scheduled Event' });
  // The others are the configuration's, and the announcement of the heads.
  const expected = {
    records: records.length + 2,
    signedHeads: 1,
    findings: [],
    headsFindings: [],
    archiveFindings: [],
  };
  expect(await verifyAudit(opened)).toMatchObject(expected);
});

test('a record that somebody edits in the table is named', async () => {
  const { Items = [] } = await cloud.database.send(
    new QueryCommand({
      TableName: 'postern_audit',
      KeyConditionExpression: '#chain = :chain',
      ExpressionAttributeNames: { '#chain': 'chain' },
      ExpressionAttributeValues: { ':chain': 'analyst1' },
    }),
  );
  const [first] = Items;
  await cloud.database.send(
    new PutCommand({ TableName: 'postern_audit', Item: { ...first, facts: { note: 'nothing to see' } } }),
  );
  const { findings } = await verifyAudit(opened);
  expect(findings).toMatchObject([{ chain: 'analyst1', seq: 1, problem: 'altered' }]);
  await until(
    async () => cloud.logs.text(),
    (text) => text.includes('audit record altered'),
  );
});
