import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import type { AwsEndpoint } from '../aws-endpoint.ts';
import { actAsAdministrator } from '../seed/act-as-administrator.ts';

/** A table that the demo's agent may delete, where a person lets it. */
export const SCRATCH_TABLE = 'support_drafts';

const ENTRY = {
  key: SCRATCH_TABLE,
  kind: 'dynamodb-table',
  arns: [`arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/${SCRATCH_TABLE}`],
  purpose: 'Scratch table of drafts',
  sensitivity: 'internal',
  actions: { write: ['dynamodb:DeleteTable'] },
  maxDurationSeconds: 900,
};

/** What the demo's agent may ask for beside what config/ lets it: each is still left to people. */
const GUARDRAILS = `
@id("support-agents-clear-their-drafts")
permit (principal in Group::"support-agents", action in Action::"write", resource == Resource::"${SCRATCH_TABLE}");

@id("support-agents-read-profiles")
permit (principal in Group::"support-agents", action in Action::"read", resource == Resource::"bank_customer_profiles")
when { context.onBehalfOf };
`;

/** The configuration with the scratch table in it, in a folder of its own; `discard` deletes that. */
export function configWithScratchTable(from: string): { configDir: string; discard(): void } {
  const configDir = mkdtempSync(join(tmpdir(), 'postern-demo-'));
  cpSync(from, configDir, { recursive: true });
  const file = (name: string) => join(configDir, name);
  const catalog = JSON.parse(readFileSync(file('catalog.json'), 'utf8')) as { resources: unknown[] };
  catalog.resources.push(ENTRY);
  writeFileSync(file('catalog.json'), JSON.stringify(catalog));
  writeFileSync(file('guardrails.cedar'), `${readFileSync(file('guardrails.cedar'), 'utf8')}${GUARDRAILS}`);
  return { configDir, discard: () => rmSync(configDir, { recursive: true, force: true }) };
}

/** Makes the table, as somebody did who needed it yesterday. */
export const makeScratchTable = (aws: AwsEndpoint): Promise<void> =>
  actAsAdministrator(aws, async (client) => {
    await client.send(
      new CreateTableCommand({
        TableName: SCRATCH_TABLE,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  });
