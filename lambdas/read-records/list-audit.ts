import type * as z from 'zod';
import { principalOfRequestId } from '../shared/domain/access-request.ts';
import {
  type AuditRecord,
  auditRecordSchema,
  CONFIG_CHAIN,
  RESTORED_CHAIN,
} from '../shared/domain/audit/audit-record.ts';
import { isAuditor } from '../shared/domain/identity/is-auditor.ts';
import { type Answer, type Call, operation } from '../shared/http/operation.ts';
import { cursorOf, placeOf } from './cursors.ts';
import { newerFirst, newestOf, type Position } from './newest-first.ts';
import { auditPageSchema, listAuditSpec } from './record-specs.ts';
import { refuseOthers } from './refuse-others.ts';

type Between = { readonly from?: string; readonly to?: string };

export type AuditPorts = {
  readonly audit: {
    ofRequest(requestId: string): Promise<AuditRecord[]>;
    /** The records of a chain between two moments, newest first. */
    newestFirst(chain: string, between: Between): AsyncIterable<AuditRecord>;
  };
  /** The ids of all principals, each of whom has a chain. */
  readonly allPrincipals: { ids(): AsyncIterable<string> };
};

type Query = z.output<typeof listAuditSpec.query>;

const DEFAULT_LIMIT = 50;
/** Records that are looked at for one answer: a search that finds nothing must not be endless. */
const MOST_READ = 2000;
const positionSchema = auditRecordSchema.pick({ at: true, chain: true, seq: true });

async function chainsOf({ query }: Call<Query>, { allPrincipals }: AuditPorts): Promise<string[]> {
  if (query.principal !== undefined) return [query.principal];
  const ids: string[] = [CONFIG_CHAIN, RESTORED_CHAIN];
  for await (const id of allPrincipals.ids()) ids.push(id);
  return ids;
}

async function* recordsFor(call: Call<Query>, ports: AuditPorts): AsyncGenerator<AuditRecord> {
  const { request, from, to } = call.query;
  const between = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  if (request !== undefined) yield* (await ports.audit.ofRequest(request)).sort(newerFirst);
  else yield* newestOf((await chainsOf(call, ports)).map((chain) => ports.audit.newestFirst(chain, between)));
}

const holds = (record: AuditRecord, { from, to, words, principal }: Query): boolean =>
  (principal === undefined || record.chain === principal) &&
  (from === undefined || record.at >= from) &&
  (to === undefined || record.at <= to) &&
  (words === undefined || JSON.stringify(record).toLowerCase().includes(words.toLowerCase()));

/** Bounds what is read to what is behind the last page. */
function behind(call: Call<Query>, last: Position | undefined): Call<Query> {
  if (!last || (call.query.to !== undefined && call.query.to < last.at)) return call;
  return { ...call, query: { ...call.query, to: last.at } };
}

export const listAudit = operation({
  ...listAuditSpec,
  async run(given: Call<Query>, ports: AuditPorts): Promise<Answer> {
    const { caller, query } = given;
    const about = query.principal ?? (query.request && principalOfRequestId(query.request)) ?? caller.id;
    refuseOthers(caller, about);
    const call = isAuditor(caller) ? given : { ...given, query: { ...query, principal: caller.id } };
    const last = query.cursor === undefined ? undefined : placeOf(query.cursor, positionSchema);
    const limit = query.limit ?? DEFAULT_LIMIT;
    const records: AuditRecord[] = [];
    let read = 0;
    let reached: Position | undefined;
    let more = false;
    for await (const record of recordsFor(behind(call, last), ports)) {
      if (last && newerFirst(last, record) >= 0) continue;
      more = records.length >= limit || read >= MOST_READ;
      if (more) break;
      read += 1;
      reached = record;
      if (holds(record, call.query)) records.push(record);
    }
    const nextCursor = more && reached ? cursorOf(positionSchema.parse(reached)) : undefined;
    return { status: 200, body: auditPageSchema.parse({ records, ...(nextCursor && { nextCursor }) }) };
  },
});
