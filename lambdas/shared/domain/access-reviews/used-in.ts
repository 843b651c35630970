import * as z from 'zod';
import type { AuditRecord } from '../audit/audit-record.ts';
import type { Used } from './access-review.ts';

const issuedSchema = z.object({
  verdict: z
    .object({ entitlement: z.object({ grants: z.array(z.object({ resource: z.string() })) }) })
    .optional()
    .catch(undefined),
});

const MOST_RESOURCES = 500;

/** What records of a principal's chain, newest first, say of the sessions that it had since a moment. */
export function usedIn(records: readonly AuditRecord[], since: string, complete: boolean): Used {
  const issued = records.filter(({ event, at: recordedAt }) => event === 'issued' && recordedAt >= since);
  const times = new Map<string, number>();
  for (const record of issued) {
    const { verdict } = issuedSchema.parse(record.facts);
    for (const resource of new Set(verdict?.entitlement.grants.map((grant) => grant.resource)))
      times.set(resource, (times.get(resource) ?? 0) + 1);
  }
  const [last] = issued;
  return {
    since,
    sessions: issued.length,
    ...(last && { lastAt: last.at }),
    resources: [...times]
      .map(([resource, sessions]) => ({ resource, sessions }))
      .sort((left, right) => right.sessions - left.sessions)
      .slice(0, MOST_RESOURCES),
    complete,
  };
}
