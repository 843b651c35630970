import * as z from 'zod';
import { type AuditRecord, auditRecordSchema } from '../../lambdas/shared/domain/audit/audit-record.ts';
import type { UsedCall } from '../../lambdas/shared/domain/audit/used-call.ts';
import { grantSchema } from '../../lambdas/shared/domain/review.ts';
import { suggestTighter } from './suggest-tighter.ts';
import type { GrantUse, UsageReport } from './usage-report.ts';

/** What an `issued` record says was granted. */
const issuedSchema = z.object({
  session: z.object({ sessionName: z.string() }),
  verdict: z.object({
    entitlement: z.object({ grants: z.array(grantSchema), durationSeconds: z.number() }),
  }),
});

type Session = {
  readonly principalId: string;
  readonly issuedAt: number;
  readonly grants: readonly z.infer<typeof grantSchema>[];
  readonly durationSeconds: number;
  /** Calls by action and resource. */
  readonly calls: Map<string, number>;
  lastCallAt?: number;
};

/** The catalog's resources that an ARN belongs to; none where it is not of the catalog. */
export type FindResources = (arn: string) => readonly string[];

/**
 * Compares what was granted, by the audit log, with what was used, by the log of AWS calls. Calls count for the
 * session that made them; a session whose name is not in the audit log is none of the broker's. What no call of
 * any session went to is taken for a service that the trail does not log: nothing is suggested of it.
 */
export async function compareUsage(
  records: AsyncIterable<unknown>,
  calls: AsyncIterable<UsedCall> | Iterable<UsedCall>,
  findResources: FindResources,
): Promise<UsageReport> {
  const sessions = new Map<string, Session>();
  for await (const item of records) {
    const record = auditRecordSchema.safeParse(item);
    if (record.data?.event === 'issued') addSession(sessions, record.data);
  }
  let deniedCalls = 0;
  const services = new Set<string>();
  for await (const call of calls) {
    const session = sessions.get(call.sessionName);
    if (!session) continue;
    services.add(serviceOf(call.action));
    if (call.allowed) addCall(session, call, findResources);
    else deniedCalls += 1;
  }
  const all = [...sessions.values()];
  const facts = {
    sessions: all.length,
    unusedSessions: all.filter(({ calls: made }) => made.size === 0).length,
    deniedCalls,
    grants: usesOf(all),
    durations: durationsOf(all),
  };
  const isLogged = ({ action }: GrantUse): boolean => services.has(serviceOf(action));
  return { ...facts, suggestions: suggestTighter({ ...facts, grants: facts.grants.filter(isLogged) }) };
}

function addSession(sessions: Map<string, Session>, { chain, at: recordedAt, facts }: AuditRecord): void {
  const { session, verdict } = issuedSchema.parse(facts);
  const { grants, durationSeconds } = verdict.entitlement;
  const issuedAt = Date.parse(recordedAt);
  const known = { principalId: chain, issuedAt, grants, durationSeconds, calls: new Map<string, number>() };
  sessions.set(session.sessionName, known);
}

/** The service of an action, as IAM names it. */
const serviceOf = (action: string): string => action.replace(/:.*/, '');

const keyOf = (action: string, resource: string) => `${action} ${resource}`;

function addCall(
  session: Session,
  { action, resources, at: calledAt }: UsedCall,
  findResources: FindResources,
): void {
  session.lastCallAt = Math.max(session.lastCallAt ?? 0, Date.parse(calledAt));
  const touched = new Set(resources.flatMap(findResources));
  for (const resource of touched) {
    const key = keyOf(action, resource);
    session.calls.set(key, (session.calls.get(key) ?? 0) + 1);
  }
}

function usesOf(sessions: readonly Session[]): GrantUse[] {
  const uses = new Map<string, GrantUse>();
  for (const { principalId, grants, calls } of sessions) {
    for (const { resource, actions } of grants) {
      for (const action of actions) {
        const key = `${principalId} ${keyOf(action, resource)}`;
        const before = uses.get(key) ?? { principalId, resource, action, granted: 0, used: 0, calls: 0 };
        const made = calls.get(keyOf(action, resource)) ?? 0;
        uses.set(key, {
          ...before,
          granted: before.granted + 1,
          used: before.used + (made > 0 ? 1 : 0),
          calls: before.calls + made,
        });
      }
    }
  }
  return [...uses].sort(([left], [right]) => left.localeCompare(right)).map(([, use]) => use);
}

function durationsOf(sessions: readonly Session[]): UsageReport['durations'] {
  const byPrincipal = new Map<string, UsageReport['durations'][number]>();
  for (const { principalId, durationSeconds, issuedAt, lastCallAt = issuedAt } of sessions) {
    const { grantedSeconds = 0, usedSeconds = 0 } = byPrincipal.get(principalId) ?? {};
    byPrincipal.set(principalId, {
      principalId,
      grantedSeconds: Math.max(grantedSeconds, durationSeconds),
      usedSeconds: Math.max(usedSeconds, Math.ceil((lastCallAt - issuedAt) / 1000)),
    });
  }
  return [...byPrincipal]
    .sort(([left], [right]) => left.localeCompare(right))
    .map(([, durations]) => durations);
}
