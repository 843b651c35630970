import { type AuditRecord, auditRecordSchema, hashOfRecord } from './audit-record.ts';

/** Whether a MAC is the broker's over a record's hash. */
export type IsGenuine = (hash: string, mac: string) => Promise<boolean>;

/** The record that an item of the table is: its hash its content's, and its MAC the broker's; else undefined. */
export async function authenticRecord(item: unknown, isGenuine: IsGenuine): Promise<AuditRecord | undefined> {
  const { data: record } = auditRecordSchema.safeParse(item);
  if (!record || hashOfRecord(record) !== record.hash) return undefined;
  return (await isGenuine(record.hash, record.mac)) ? record : undefined;
}
