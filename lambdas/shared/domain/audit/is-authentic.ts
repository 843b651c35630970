import { type AuditRecord, auditRecordSchema, hashOfRecord, textOfMac } from './audit-record.ts';

/** Whether a MAC is the broker's over a text: see `textOfMac`. */
export type IsGenuine = (text: string, mac: string) => Promise<boolean>;

/** Whether a record carries the broker's MAC. */
export async function isAuthentic(record: AuditRecord, isGenuine: IsGenuine): Promise<boolean> {
  const text = textOfMac(record);
  return text !== undefined && isGenuine(text, record.mac);
}

/** The record that an item of the table is: its hash its content's, and its MAC the broker's; else undefined. */
export async function authenticRecord(item: unknown, isGenuine: IsGenuine): Promise<AuditRecord | undefined> {
  const { data: record } = auditRecordSchema.safeParse(item);
  if (!record || hashOfRecord(record) !== record.hash) return undefined;
  return (await isAuthentic(record, isGenuine)) ? record : undefined;
}
