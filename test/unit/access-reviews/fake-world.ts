import { makeAccessReviews } from '../../../lambdas/access-reviews/access-reviews.ts';
import {
  makeRunAccessReviews,
  type RunningPorts,
} from '../../../lambdas/events/run-access-reviews/run-access-reviews.ts';
import { makeConfig } from '../../../lambdas/shared/adapters/config/load-config.ts';
import type { AccessReviewsTable } from '../../../lambdas/shared/adapters/tables/access-reviews-table.ts';
import { makeAccessReviewsTable } from '../../../lambdas/shared/adapters/tables/access-reviews-table.ts';
import type { AccessRequest } from '../../../lambdas/shared/domain/access-request.ts';
import type { ReviewTerms } from '../../../lambdas/shared/domain/access-reviews/review-terms.ts';
import { usedIn } from '../../../lambdas/shared/domain/access-reviews/used-in.ts';
import type { AuditEntry, AuditRecord } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { ApprovalChannelUnavailable } from '../../../lambdas/shared/domain/errors.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import { NOW } from '../../support/example-state.ts';
import type { startTables } from '../../support/start-tables.ts';

const config = makeConfig({ partition: 'aws', region: 'eu-central-1', accountId: '123456789012' });
const DAY_MS = 86_400_000;
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const human = (id: string, groups: string[], more: Partial<Principal> = {}): Principal => ({
  ...{ id, type: 'human', status: 'active', groups, persons: [id], version: 1 },
  ...{ awsPrincipals: [`arn:aws:iam::123456789012:user/${id}`], subjectIssuers: [], subjectRequired: false },
  ...more,
});

/** Both functions over one table, and everybody of a small bank; what is beside them is in memory. */
export function makeWorld(tables: Awaited<ReturnType<typeof startTables>>, tableName: string) {
  const reviews: AccessReviewsTable = makeAccessReviewsTable({ client: tables.client, tableName });
  const job = {
    purpose: 'The nightly report needs the metrics.',
    grants: [{ resource: 'bank_operational_metrics', actions: ['dynamodb:Query'] }],
    ...{ durationSeconds: 900, onBehalfOf: 'nobody' as const },
  };
  const people = new Map<string, Principal>(
    [
      human('admin', ['admins', 'approvers'], { persons: ['ada'] }),
      human('approver1', ['approvers'], { persons: ['abe'] }),
      human('analyst1', ['analysts'], { persons: ['ana'], jobs: { 'nightly-report': job } }),
      human('auditor1', ['auditors']),
      human('gone1', ['employees'], { status: 'suspended' }),
      human('bot', ['support-agents'], { type: 'agent', persons: ['ABE'] }),
    ].map((each) => [each.id, each]),
  );
  const world = {
    reviews,
    people,
    policies: new Map([['analyst1', 'Reads metrics.']]),
    now: NOW,
    terms: {
      ...{ everyDays: undefined, openDays: 14, remindDays: 3, groups: undefined },
      ...{ reviewerGroups: ['approvers'], channel: '#reviews' },
    } as ReviewTerms,
    recorded: [] as AuditEntry[],
    posted: [] as string[],
    slack: 'up' as 'up' | 'down',
    alarms: [] as number[],
    rows: new Map<string, RequestRow>(),
    started: [] as AccessRequest[],
    used: [] as AuditRecord[],
    digests: { catalog: 'c', guardrails: 'g', approvals: 'a' } as Record<string, string>,
    later(days: number) {
      world.now = new Date(world.now.getTime() + days * DAY_MS);
    },
    run: async () => {},
    call: async (
      _caller: string,
      _method: string,
      _path: string,
      _body?: unknown,
    ): Promise<{ status: number; body: Record<string, unknown> }> => ({ status: 0, body: {} }),
    stop: undefined as undefined | (() => void),
  };
  let ulids = 0;
  const newUlid = () => {
    ulids += 1;
    return `01JD3Z9Q2N8K4V6B1C5D7E9${CROCKFORD[(ulids >> 5) % 32]}${CROCKFORD[ulids % 32]}0`;
  };
  const rules = () => ({ ...config, tiers: config.approvals.tiers, digests: world.digests });
  const policies = {
    get: async (principalId: string) => {
      const text = world.policies.get(principalId);
      return text === undefined ? undefined : { principalId, text, version: 1 };
    },
  };
  const requests = {
    get: async (requestId: string) => world.rows.get(requestId),
    create: async (row: RequestRow) => {
      if (world.rows.has(row.requestId)) return false;
      world.rows.set(row.requestId, row);
      return true;
    },
  };
  const common = { reviews, policies, rules, requests, newUlid };
  const running: RunningPorts = {
    ...common,
    principals: {
      async *all() {
        yield* people.values();
      },
    },
    used: async (_, since) => usedIn(world.used, since, true),
    terms: () => world.terms,
    audit: {
      async append(entry) {
        const key = (each: AuditEntry) => `${each.requestId}#${each.event}#${each.occurrence ?? 1}`;
        if (!world.recorded.some((each) => key(each) === key(entry))) world.recorded.push(entry);
        return {} as AuditRecord;
      },
    },
    async post(channel, text) {
      if (world.slack === 'down') throw new ApprovalChannelUnavailable('Slack: down');
      world.posted.push(`${channel} ${text}`);
    },
    alarm: (items) => world.alarms.push(items),
    warn: () => {},
    clock: () => world.now,
  };
  world.run = makeRunAccessReviews(running);
  const remembered = new Map<string, { requestId: string; bodyDigest: string }>();
  const app = makeAccessReviews({
    ...common,
    entries: { get: async (id) => people.get(id) },
    principals: {
      findByAwsArn: async (arn: string) =>
        [...people.values()].find((each) => each.awsPrincipals.includes(arn)),
    } as never,
    admit: async () => {},
    idempotency: {
      async remember(key, entry) {
        if (!remembered.has(key)) remembered.set(key, entry);
        return remembered.get(key) ?? entry;
      },
    },
    stateMachine: {
      async start(request) {
        world.stop?.();
        world.started.push(request);
      },
    },
    terms: () => world.terms,
    clock: () => world.now,
    log: () => {},
  });
  world.call = async (caller, method, path, body) => {
    const userArn = `arn:aws:iam::123456789012:user/${caller}`;
    const response = await app.request(
      path,
      {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        headers: { 'content-type': 'application/json' },
      },
      {
        requestContext: { identity: { userArn, accountId: '123456789012', caller: 'AIDA', user: 'AIDA' } },
      } as never,
    );
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return world;
}
export type World = ReturnType<typeof makeWorld>;
