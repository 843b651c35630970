import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { kmsClient } from '../runtime/aws-clients.ts';
import { requiredEnv } from '../runtime/environment.ts';
import { type AuditLog, makeAuditTable } from './audit-table.ts';
import { makeRecordMacs } from './record-macs.ts';

/** The audit log as a function's environment names it, for functions that append to it. */
export function openAuditLog(client: DynamoDBDocumentClient, clock: () => Date): AuditLog {
  const macs = makeRecordMacs({ client: kmsClient(), keyId: requiredEnv('AUDIT_KEY_ID') });
  return makeAuditTable({ client, tableName: requiredEnv('AUDIT_TABLE'), mac: macs.make, clock });
}
