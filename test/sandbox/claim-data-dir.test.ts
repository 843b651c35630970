import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import {
  accessReviewSchema,
  accessSchema,
  currentReviewSchema,
  reviewItemSchema,
  usedSchema,
} from '../../lambdas/shared/domain/access-reviews/access-review.ts';
import { auditRecordSchema } from '../../lambdas/shared/domain/audit/audit-record.ts';
import { signedHeadsSchema } from '../../lambdas/shared/domain/audit/signed-heads.ts';
import { digestOf } from '../../lambdas/shared/domain/digest.ts';
import { storedVersionSchema } from '../../lambdas/shared/domain/identity/stored-version.ts';
import { usageSchema } from '../../lambdas/shared/domain/limits/usage.ts';
import { policySchema, principalSchema } from '../../lambdas/shared/domain/principal.ts';
import { requestRowSchema } from '../../lambdas/shared/domain/request-row.ts';
import { denialsSchema } from '../../lambdas/shared/domain/revocation/denials.ts';
import { claimDataDir, DATA_FORMAT, OtherFormat } from '../../sandbox/claim-data-dir.ts';
import { resolveTemplate } from '../../sandbox/template/resolve-template.ts';
import { template } from '../support/template.ts';

let parent: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'postern-claim-'));
});
afterAll(() => rmSync(parent, { recursive: true }));

/** A folder that holds these files. */
function folderWith(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(parent, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

test('a folder that is not there, or is empty, becomes this version’s, for this user alone', () => {
  const folders = [join(parent, 'absent'), folderWith('empty', {})];
  for (const folder of folders) {
    claimDataDir(folder);
    expect(readFileSync(join(folder, 'format'), 'utf8')).toBe(`${DATA_FORMAT}\n`);
    claimDataDir(folder);
  }
  expect(statSync(join(parent, 'absent')).mode & 0o777).toBe(0o700);
});

test('what this version wrote is taken with all that is in it', () => {
  const folder = folderWith('own', { format: `${DATA_FORMAT}\n`, 'kms.json': '{}' });
  claimDataDir(folder);
  expect(readdirSync(folder).sort()).toEqual(['format', 'kms.json']);
});

test.each([
  ['without a format', { 'kms.json': '{}' }],
  ['of an older format', { format: `${DATA_FORMAT - 1}\n` }],
  ['of a newer format', { format: `${DATA_FORMAT + 1}\n` }],
  ['whose format is cut off', { format: '' }],
])('what another version wrote stays as it is: a folder %s', (name, files) => {
  const folder = folderWith(name, files);
  expect(() => claimDataDir(folder)).toThrow(new OtherFormat(folder));
  expect(readdirSync(folder)).toEqual(Object.keys(files));
});

/** The tables' keys and the rows that are read again after a restart: what the format covers. */
function kept() {
  const { tables } = resolveTemplate(template(), { accountId: ACCOUNT_ID, region: REGION });
  const keys = tables.map(({ name, properties }) => {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = properties;
    return { name, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes };
  });
  const rows = [
    principalSchema,
    policySchema,
    requestRowSchema,
    auditRecordSchema,
    storedVersionSchema,
    usageSchema,
    denialsSchema,
    currentReviewSchema,
    accessReviewSchema,
    reviewItemSchema,
    accessSchema,
    usedSchema,
    signedHeadsSchema,
  ].map((schema) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return { keys, rows };
}

// Fails with any change of what is kept. Where an older folder cannot be read after it, raise DATA_FORMAT; and in any
// case write down here what the format now covers.
test('the format is raised with what it covers', () => {
  expect({ format: DATA_FORMAT, covers: digestOf(JSON.parse(JSON.stringify(kept()))) }).toEqual({
    format: 2,
    covers: 'sha256:200eadf9bfc42a13b473b3447b66fc83cfe35cf8f857ec00486b9ef6f8b118a0',
  });
});
