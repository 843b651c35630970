import type { Used } from '../../shared/domain/access-reviews/access-review.ts';
import { usedIn } from '../../shared/domain/access-reviews/used-in.ts';
import type { AuditRecord } from '../../shared/domain/audit/audit-record.ts';

/** Records of one principal that are looked at; an agent that asks all day has more. */
const MOST_RECORDS = 600;

type Reader = {
  newestFirst(chain: string, between: { readonly from: string }): AsyncIterable<AuditRecord>;
};

/** The sessions that a principal had since a moment, by its chain of the audit log. */
export async function findUsed(principalId: string, since: string, audit: Reader): Promise<Used> {
  const records: AuditRecord[] = [];
  let complete = true;
  for await (const record of audit.newestFirst(principalId, { from: since })) {
    if (records.length === MOST_RECORDS) {
      complete = false;
      break;
    }
    records.push(record);
  }
  return usedIn(records, since, complete);
}
