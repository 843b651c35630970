import { createHash } from 'node:crypto';
import { makePlaceholderKeys } from '../../../gateway/come-in/placeholder-keys.ts';
import { deriveKeys } from '../../../gateway/keys/derive-keys.ts';
import { type GatewayOptions, startGateway } from '../../../gateway/serve/start-gateway.ts';
import { readConfigFiles } from '../../../lambdas/shared/adapters/config/read-config.ts';
import type { CallRecord } from '../../../lambdas/shared/domain/audit/call-record.ts';
import { type Delegation, delegationToken } from '../../../lambdas/shared/domain/identity/delegation.ts';
import { type Principal, principalSchema } from '../../../lambdas/shared/domain/principal.ts';
import { sealKey } from './fake-people.ts';

export const ROLE = 'arn:aws:iam::123456789012:role/postern-gateway';
const SEED = Buffer.alloc(32, 7);
const SECRET = 'S'.repeat(43);
export const PERMIT_ALL = '@id("all") permit (principal, action, resource);';

/** What stands behind gateways: tables that a test looks into, and may take away. */
export function makeTables() {
  const delegations = new Map<string, Delegation>();
  const records: CallRecord[] = [];
  const counts = new Map<string, number>();
  const used = new Set<string>();
  const principal: Principal = principalSchema.parse({
    ...{ id: 'agent1', type: 'agent', status: 'active', groups: [], awsPrincipals: [], persons: ['sam'] },
  });
  const tables = { delegations, records, counts, principal, isRecorderDown: false };
  const count = async (key: string) => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts.get(key) ?? 0;
  };
  return Object.assign(tables, {
    ports: {
      delegations: { get: async (id: string) => delegations.get(id) },
      principals: { get: async () => tables.principal },
      calls: {
        async append(record: CallRecord) {
          if (tables.isRecorderDown) throw new Error('the table does not answer');
          records.push(record);
          return true;
        },
      },
      memory: {
        count: (holder: string, group: string) => count(`${holder}${group}`),
        note: async () => {},
        earlier: async () => [],
      },
      approvals: {
        isUsed: async (requestId: string) => used.has(requestId),
        use: async (requestId: string) => !used.has(requestId) && Boolean(used.add(requestId)),
      },
      countAsk: (principalId: string) => count(`asks ${principalId}`),
    },
  });
}
export type Tables = ReturnType<typeof makeTables>;

let sessions = 0;

/** Opens a session of the gateway: its placeholder keys. */
export function openTestSession({ delegations }: Tables, more: Partial<Delegation> = {}) {
  sessions += 1;
  const sessionId = `gateway-01KAE00000000000000000${String(sessions).padStart(4, '0')}`;
  const delegation: Delegation = {
    sessionId,
    principalId: 'agent1',
    accountId: '123456789012',
    reason: 'The nightly report of the bank.',
    gatewayRoleArn: ROLE,
    keyThumbprint: 'any',
    secretDigest: `sha256:${createHash('sha256').update(SECRET).digest('hex')}`,
    openedAt: new Date().toISOString(),
    endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    ttl: 0,
    ...more,
  };
  delegations.set(sessionId, delegation);
  const { principalId, accountId, reason, endsAt } = delegation;
  const claims = {
    sessionId,
    delegation: delegationToken(sessionId, SECRET),
    principalId,
    accountId,
    endsAt,
  };
  const keys = makePlaceholderKeys({ ...claims, ...(reason !== undefined && { reason }) }, deriveKeys(SEED));
  return { sessionId, delegation: claims.delegation, ...keys };
}

/** A gateway before a broker and an upstream of the test's. */
export const startTestGateway = (
  tables: Tables,
  { api, upstream }: { api: string; upstream: string },
  more: Partial<GatewayOptions> = {},
) =>
  startGateway({
    port: 0,
    hostname: '127.0.0.1',
    ownHosts: ['127.0.0.1', 'localhost'],
    api,
    home: { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' },
    upstream,
    roleArn: ROLE,
    seed: SEED,
    signingKeys: async () => ({ accessKeyId: 'AKIAGATEWAY000000000', secretAccessKey: 'gateway' }),
    rulesText: PERMIT_ALL,
    catalog: readConfigFiles('config').catalog,
    ...tables.ports,
    sealKey,
    clock: () => new Date(),
    log: () => {},
    ...more,
  });
