import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportAudit } from '../../clients/audit/export-audit.ts';
import { type OpenAudit, openAudit } from '../../clients/audit/open-audit.ts';
import { verifyAudit } from '../../clients/audit/verify-audit.ts';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { makeConfig } from '../../lambdas/shared/adapters/config/load-config.ts';
import { prefixOfChain } from '../../lambdas/shared/domain/audit/archive-keys.ts';
import { readRecordedRequests } from '../../scripts/replay-guardrails/read-recorded-requests.ts';
import { replayRequests } from '../../scripts/replay-guardrails/replay-requests.ts';
import { ofBank } from '../support/bank.ts';
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

test('what it holds is judged again by another configuration', async () => {
  const place = { partition: 'aws', region: REGION, accountId: ACCOUNT_ID };
  const folder = mkdtempSync(join(tmpdir(), 'postern-tried-'));
  try {
    cpSync('config', folder, { recursive: true });
    appendFileSync(
      join(folder, 'guardrails.cedar'),
      '\n@id("metrics-need-somebody")\nforbid (principal, action, resource == Resource::"bank_operational_metrics")\nunless { context.approvals >= 1 };\n',
    );
    const { requests } = readRecordedRequests(await Array.fromAsync(exportAudit(opened.audit, 'jsonl')));
    const rules = { inForce: makeConfig(place), tried: makeConfig(place, folder) };
    const { replayed } = replayRequests(requests, new Map([['analyst1', ofBank('analyst1')]]), rules);
    expect(replayed.map(({ recorded, inForce, tried }) => [recorded.outcome, inForce, tried])).toEqual([
      ['grant', 'granted at once, for 15 minutes', 'asks 1 of access-approvers'],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
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
