import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeLiftRevocation } from '../../../lambdas/lift-revocation/lift-revocation.ts';
import { makeRevokeSession } from '../../../lambdas/revoke-session/revoke-session.ts';
import { rewriteDenials } from '../../../lambdas/revoke-session/rewrite-denials.ts';
import { makeAuditTable } from '../../../lambdas/shared/adapters/audit/audit-table.ts';
import { makeDenialsTable } from '../../../lambdas/shared/adapters/tables/denials-table.ts';
import { makeRequestsTable } from '../../../lambdas/shared/adapters/tables/requests-table.ts';
import { DependencyUnavailable } from '../../../lambdas/shared/domain/errors.ts';
import type { RequestRow } from '../../../lambdas/shared/domain/request-row.ts';
import { denySessions } from '../../../lambdas/shared/domain/revocation/denials.ts';
import { clock, grantedState, NOW, rowOf } from '../../support/example-state.ts';
import { testMacs } from '../../support/record-macs.ts';
import { startTables } from '../../support/start-tables.ts';

const EXPIRATION = new Date(NOW.getTime() + 900_000).toISOString();

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

let ids = 0;
let world: ReturnType<typeof makeWorld>;
beforeEach(() => {
  world = makeWorld();
});

/** A role, and a principal, of each test's own. */
function makeWorld() {
  ids += 1;
  const principalId = `person${ids}`;
  const roleArn = `arn:aws:iam::123456789012:role/brokered${ids}`;
  const policies: string[] = [];
  const requests = makeRequestsTable({ client: tables.client, tableName: 'requests', clock });
  const denials = makeDenialsTable({ client: tables.client, tableName: 'denials' });
  const append = vi.fn(
    makeAuditTable({ client: tables.client, tableName: 'audit', mac: testMacs.make, clock }).append,
  );
  const stop = vi.fn(async () => {});
  const rolePolicies = { putDenials: async (_: string, document: string) => void policies.push(document) };
  const ports = { requests, denials, rolePolicies, audit: { append }, executions: { stop }, clock };
  let rows = 0;

  async function add(more: Partial<RequestRow> = {}): Promise<string> {
    rows += 1;
    const requestId = `${principalId}-01JD3Z9Q2N8K4V6B1C5D7E${String(rows).padStart(4, '0')}`;
    await requests.create(rowOf(grantedState(), { requestId, principalId, ...more }));
    return requestId;
  }
  return {
    principalId,
    roleArn,
    policies,
    ports,
    append,
    stop,
    add,
    revoke: makeRevokeSession(ports),
    row: (requestId: string) => requests.get(requestId),
    userIdOf: (requestId: string) => `AROAEXAMPLE:${requestId}`,
    /** A request whose session was issued. */
    issue: async (expiration = EXPIRATION, ofRole = roleArn) => {
      const requestId = await add();
      const session = {
        roleArn: ofRole,
        assumedRoleArn: `arn:aws:sts::123456789012:assumed-role/brokered/${requestId}`,
        assumedRoleId: `AROAEXAMPLE:${requestId}`,
        accessKeyId: 'ASIAEXAMPLE',
        expiration,
        sessionName: requestId,
        sourceIdentity: principalId,
        sealed: 'sealed',
      };
      const set = { status: 'ISSUED', session, live: 'live', liveUntil: expiration } as const;
      await requests.transition(requestId, { from: ['PENDING'], set, remove: ['open'] });
      return requestId;
    },
  };
}

const inputFor = (requestId: string, more = {}) => ({
  requestId,
  by: 'approver1',
  everySession: false,
  ...more,
});

describe('one session', () => {
  test('is denied on its role, recorded, and its request says by whom', async () => {
    const [requestId, other] = [await world.issue(), await world.issue()];
    const answer = await world.revoke(inputFor(requestId, { because: 'it is no longer needed' }));
    expect(answer).toEqual({
      revoked: true,
      roleArns: [world.roleArn],
      liftAt: new Date(Date.parse(EXPIRATION) + 10_000).toISOString(),
      sessions: 1,
    });
    expect(world.policies.at(-1)).toContain(world.userIdOf(requestId));
    expect(world.policies.at(-1)).not.toContain(world.userIdOf(other));
    expect(world.append).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        chain: world.principalId,
        event: 'revoked',
        facts: expect.objectContaining({
          by: 'approver1',
          because: 'it is no longer needed',
          scope: 'session',
        }),
      }),
    );
    const row = await world.row(requestId);
    expect(row?.revocation).toMatchObject({ by: 'approver1', scope: 'session' });
    expect(row).not.toHaveProperty('live');
    expect(await world.row(other)).not.toHaveProperty('revocation');
  });

  test('revoked twice is denied and recorded once', async () => {
    const requestId = await world.issue();
    await world.revoke(inputFor(requestId));
    const first = await world.row(requestId);
    await world.revoke(inputFor(requestId, { by: 'admin' }));
    expect(await world.row(requestId)).toEqual(first);
    const records = await Promise.all(world.append.mock.results.map(({ value }) => value));
    expect(new Set(records.map(({ hash }) => hash)).size).toBe(1);
  });

  test.each([
    ['that ended by itself', () => world.issue(NOW.toISOString())],
    ['that was never issued', () => world.add()],
    ['that nobody asked for', async () => 'person1-01JD3Z9Q2N8K4V6B1C5D7E9999'],
  ])('%s is not revoked, and nothing is written', async (_, make) => {
    expect(await world.revoke(inputFor(await make()))).toEqual({
      revoked: false,
      because: 'no_live_session',
    });
    expect(world.policies).toEqual([]);
    expect(world.append).not.toHaveBeenCalled();
  });

  test('is not marked where IAM could not be told', async () => {
    const requestId = await world.issue();
    const revoke = makeRevokeSession({
      ...world.ports,
      rolePolicies: { putDenials: () => Promise.reject(new Error('IAM is down')) },
    });
    await expect(revoke(inputFor(requestId))).rejects.toThrow('IAM is down');
    expect(await world.row(requestId)).not.toHaveProperty('revocation');
    await world.revoke(inputFor(requestId));
    expect(await world.row(requestId)).toHaveProperty('revocation');
  });
});

describe('where no more sessions fit on the role', () => {
  beforeEach(async () => {
    const sessions = Array.from({ length: 90 }, (_, index) => ({
      userId: `AROAEXAMPLE:employee1-01KAE000000000000000000${index}`,
      until: EXPIRATION,
    }));
    await world.ports.denials.write({ roleArn: world.roleArn, version: 0, sessions });
  });

  test('one is not revoked unless every session may be', async () => {
    const requestId = await world.issue();
    expect(await world.revoke(inputFor(requestId))).toEqual({
      revoked: false,
      because: 'would_end_every_session',
    });
    expect([world.policies, await world.row(requestId)]).toMatchObject([
      [],
      { status: 'ISSUED', live: 'live' },
    ]);
  });

  test('every session of the role is ended, and each of their requests says so', async () => {
    const [requestId, other] = [await world.issue(), await world.issue()];
    const elsewhere = await makeWorld().issue();
    expect(await world.revoke(inputFor(requestId, { everySession: true }))).toMatchObject({ revoked: true });
    expect(world.policies.at(-1)).toContain(`"aws:TokenIssueTime":"${NOW.toISOString()}"`);
    for (const id of [requestId, other])
      expect((await world.row(id))?.revocation).toMatchObject({ scope: 'role' });
    expect(await world.row(elsewhere)).not.toHaveProperty('revocation');
  });
});

describe('a principal', () => {
  test('loses every live session and every open request', async () => {
    const live = [await world.issue(), await world.issue()];
    const open = await world.add({ status: 'AWAITING_APPROVAL' });
    const denied = await world.add({ status: 'DENIED' });
    const input = { principalId: world.principalId, by: 'admin', because: 'the principal was suspended' };
    expect(await world.revoke(input)).toMatchObject({ revoked: true, sessions: 2 });
    for (const id of live) {
      expect(world.policies.at(-1)).toContain(world.userIdOf(id));
      expect((await world.row(id))?.revocation).toMatchObject({ by: 'admin' });
    }
    expect(await world.row(open)).toMatchObject({
      status: 'CANCELLED',
      closedBecause: 'principal_suspended',
    });
    expect(world.stop).toHaveBeenCalledWith(open, expect.any(String));
    expect((await world.row(denied))?.status).toBe('DENIED');
  });

  test('loses the sessions of one account though those of another cannot be reached, which is tried again', async () => {
    const elsewhere = `arn:aws:iam::444455556666:role/brokered-${world.principalId}`;
    const [there, here] = [await world.issue(EXPIRATION, elsewhere), await world.issue()];
    const { putDenials } = world.ports.rolePolicies;
    let isReachable = false;
    const revoke = makeRevokeSession({
      ...world.ports,
      rolePolicies: {
        putDenials: async (roleArn, document) => {
          if (roleArn === elsewhere && !isReachable) throw new DependencyUnavailable('STS: AccessDenied');
          await putDenials(roleArn, document);
        },
      },
    });
    const input = { principalId: world.principalId, by: 'approver1' };
    await expect(revoke(input)).rejects.toThrow('STS: AccessDenied');
    expect([(await world.row(here))?.revocation, (await world.row(there))?.revocation]).toEqual([
      expect.objectContaining({ by: 'approver1' }),
      undefined,
    ]);
    isReachable = true;
    expect(await revoke(input)).toMatchObject({ revoked: true });
    expect((await world.row(there))?.revocation).toMatchObject({ by: 'approver1' });
  });

  test('without live sessions has its open requests closed all the same', async () => {
    const open = await world.add();
    const input = { principalId: world.principalId, by: 'admin' };
    expect(await world.revoke(input)).toEqual({ revoked: false, because: 'no_live_session' });
    expect((await world.row(open))?.status).toBe('CANCELLED');
  });
});

test('of many revocations at once none is lost, and the last policy put holds them all', async () => {
  const ids = await Promise.all(Array.from({ length: 8 }, () => world.issue()));
  await Promise.all(ids.map((id) => makeRevokeSession(world.ports)(inputFor(id))));
  for (const id of ids) expect(world.policies.at(-1)).toContain(world.userIdOf(id));
});

test('a put that comes late is put right by whoever made it', async () => {
  const { ports, roleArn, policies } = world;
  const deny = (userId: string) => (denials: Parameters<typeof denySessions>[0]) =>
    denySessions(denials, [{ userId, until: EXPIRATION }], NOW);
  let overtake = true;
  const rolePolicies = {
    async putDenials(arn: string, document: string) {
      if (overtake) {
        overtake = false;
        await rewriteDenials(roleArn, deny('AROA:second'), ports);
      }
      await ports.rolePolicies.putDenials(arn, document);
    },
  };
  await rewriteDenials(roleArn, deny('AROA:first'), { ...ports, rolePolicies });
  for (const userId of ['AROA:first', 'AROA:second']) expect(policies.at(-1)).toContain(userId);
});

test('a denial is lifted once its session has ended, and not before', async () => {
  const requestId = await world.issue();
  const revocation = await world.revoke(inputFor(requestId));
  const lift = (time: string) =>
    makeLiftRevocation({ ...world.ports, clock: () => new Date(time) })({ revocation });
  await lift(NOW.toISOString());
  expect(world.policies.at(-1)).toContain(world.userIdOf(requestId));
  expect(await lift(EXPIRATION)).toEqual({ lifted: [world.roleArn] });
  expect(world.policies.at(-1)).not.toContain(world.userIdOf(requestId));
});
