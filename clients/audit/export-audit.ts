import type { AuditReader } from '../../lambdas/shared/adapters/audit/audit-reader.ts';
import { type AuditRecord, auditRecordSchema } from '../../lambdas/shared/domain/audit/audit-record.ts';
import { canonicalJson } from '../../lambdas/shared/domain/digest.ts';
import { CSV_HEADER, csvLineOf } from './csv-line.ts';
import { ocsfEventOf } from './ocsf-event.ts';

export const EXPORT_FORMATS = ['jsonl', 'csv', 'ocsf'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const lineOf: Readonly<Record<ExportFormat, (record: AuditRecord) => string>> = {
  jsonl: canonicalJson,
  csv: csvLineOf,
  ocsf: (record) => JSON.stringify(ocsfEventOf(record)),
};

/** A format's first line, where it has one, and the line of a record. */
export const exportLines = (
  format: ExportFormat,
): { readonly head: string | undefined; readonly line: (record: AuditRecord) => string } => ({
  head: format === 'csv' ? CSV_HEADER : undefined,
  line: lineOf[format],
});

/**
 * The whole log, line by line, chain by chain in order: nothing but one page of it is held, so a million records
 * need no more room than ten. It exports what stands there; whether that is genuine, `verify` tells. Throws for
 * what is no record at all.
 */
export async function* exportAudit(
  audit: Pick<AuditReader, 'chains' | 'itemsOf'>,
  format: ExportFormat,
): AsyncGenerator<string> {
  if (format === 'csv') yield CSV_HEADER;
  for await (const item of itemsOf(audit)) yield lineOf[format](auditRecordSchema.parse(item));
}

/** Everything in the log, chain by chain, in order. */
export async function* itemsOf(audit: Pick<AuditReader, 'chains' | 'itemsOf'>): AsyncGenerator<unknown> {
  for (const chain of await audit.chains()) yield* audit.itemsOf(chain);
}
