import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { openAudit } from '../../clients/audit/open-audit.ts';
import { verifyAudit } from '../../clients/audit/verify-audit.ts';
import { isOpen } from '../../lambdas/shared/domain/access-request.ts';
import {
  type AuditEvent,
  type AuditRecord,
  auditRecordSchema,
} from '../../lambdas/shared/domain/audit/audit-record.ts';
import { outcomeOfStatus } from '../../lambdas/shared/domain/close-statuses.ts';
import { type RequestRow, requestRowSchema } from '../../lambdas/shared/domain/request-row.ts';
import type { Cloud } from '../support/start-cloud.ts';
import type { Journal } from './journal.ts';

/** An invariant that does not hold, and for which request. */
export type Broken = { readonly invariant: string; readonly requestId: string; readonly because: string };

type Found = { rows: Map<string, RequestRow>; records: Map<string, AuditRecord[]> };

async function all(cloud: Pick<Cloud, 'database'>, TableName: string): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const { Items = [] } of paginateScan({ client: cloud.database }, { TableName }))
    items.push(...Items);
  return items;
}

async function find(cloud: Pick<Cloud, 'database'>): Promise<Found> {
  const rows = (await all(cloud, 'postern_requests')).map((item) => requestRowSchema.parse(item));
  const records = (await all(cloud, 'postern_audit')).map((item) => auditRecordSchema.parse(item));
  return {
    rows: new Map(rows.map((row) => [row.requestId, row])),
    records: Map.groupBy(records, ({ requestId }) => requestId),
  };
}

/** No request is open for ever: at the end none is open at all. */
const stillOpen = ({ rows }: Found): Broken[] =>
  [...rows.values()]
    .filter(({ status }) => isOpen(status))
    .map(({ requestId, status }) => ({
      invariant: 'no request is open for ever',
      requestId,
      because: `it is ${status}`,
    }));

/** Nothing is lost: every accepted request has its row, and every row the record of its end. */
function lost({ rows, records }: Found, { accepted }: Journal): Broken[] {
  const invariant = 'nothing is lost';
  const without = [...accepted]
    .filter((requestId) => !rows.has(requestId))
    .map((requestId) => ({ invariant, requestId, because: 'it was accepted and has no row' }));
  const unrecorded = [...rows.values()].flatMap(({ requestId, status }) => {
    // The audit event of an outcome bears its name.
    const event: AuditEvent | undefined = outcomeOfStatus(status);
    if (!event || records.get(requestId)?.some((record) => record.event === event)) return [];
    return [{ invariant, requestId, because: `it is ${status} and has no record of it` }];
  });
  return [...without, ...unrecorded];
}

/** No credentials without a record: of the issue where a caller has them, of the attempt where STS was asked. */
function unrecorded({ rows, records }: Found, { delivered, minted }: Journal): Broken[] {
  const invariant = 'no credentials without an audit record';
  const has = (requestId: string, event: string) =>
    records.get(requestId)?.some((record) => record.event === event);
  return [
    ...[...delivered.keys()]
      .filter((requestId) => !has(requestId, 'issued') || rows.get(requestId)?.status !== 'ISSUED')
      .map((requestId) => ({
        invariant,
        requestId,
        because: `credentials were handed over; its row is ${rows.get(requestId)?.status}`,
      })),
    ...[...minted.keys()]
      .filter((requestId) => !has(requestId, 'issuing'))
      .map((requestId) => ({ invariant, requestId, because: 'STS made a session' })),
  ];
}

/** No double mint: STS makes one session for a request at most, and one is handed over. */
const double = ({ delivered, minted }: Journal): Broken[] => [
  ...[...minted]
    .filter(([, times]) => times > 1)
    .map(([requestId, times]) => ({
      invariant: 'no double mint',
      requestId,
      because: `STS made ${times} sessions`,
    })),
  ...[...delivered]
    .filter(([, keys]) => keys.size > 1)
    .map(([requestId, keys]) => ({
      invariant: 'no double mint',
      requestId,
      because: `${keys.size} sessions were handed over`,
    })),
];

/** The audit log as its auditors verify it: every chain whole, every record genuine. */
async function badChains({ access, urls }: Pick<Cloud, 'access' | 'urls'>): Promise<Broken[]> {
  const { archiveUrl, region, credentials } = access.audit;
  const opened = await openAudit({
    archiveUrl,
    endpoint: urls.aws,
    identity: { credentials: async () => credentials, region: async () => region },
  });
  try {
    const { findings } = await verifyAudit(opened);
    return findings.map(({ chain, seq, problem }) => ({
      invariant: 'every chain verifies',
      requestId: `${chain} at ${seq}`,
      because: problem,
    }));
  } finally {
    opened.close();
  }
}

/** Everything that does not hold once all is quiet; nothing where all does. */
export async function checkInvariants(
  cloud: Pick<Cloud, 'database' | 'access' | 'urls'>,
  journal: Journal,
): Promise<{ broken: Broken[]; statuses: Record<string, number>; records: number }> {
  const found = await find(cloud);
  const broken = [
    ...stillOpen(found),
    ...lost(found, journal),
    ...unrecorded(found, journal),
    ...double(journal),
    ...(await badChains(cloud)),
  ];
  const statuses: Record<string, number> = {};
  for (const { status } of found.rows.values()) statuses[status] = (statuses[status] ?? 0) + 1;
  const records = [...found.records.values()].reduce((sum, { length }) => sum + length, 0);
  return { broken, statuses, records };
}
