import { describe, expect, it, vi } from 'vitest';
import { AGENT, ISSUER, makeWorld, ROLE, SESSION } from './world.ts';

const EXPIRATION = SESSION.expiration;
type World = ReturnType<typeof makeWorld>;

/** A request whose session was issued, and a workflow that revokes in a second. */
async function issued(world: World, options = {}): Promise<string> {
  const id = await world.ask(options);
  const { assumedRoleArn, accessKeyId, expiration } = SESSION;
  const names = { sessionName: id, sourceIdentity: AGENT, sealed: 'ciphertext' };
  world.patch(id, {
    status: 'ISSUED',
    session: { ...ROLE, assumedRoleArn, accessKeyId, expiration, ...names },
  });
  world.ports.revocations.start = vi.fn(async (input) => {
    const revocation = { revokedAt: '2026-11-20T22:00:01.000Z', by: input.by, scope: 'session' as const };
    world.after(1_000, () => world.patch(id, { revocation }));
  });
  return id;
}
const revoke = (world: World, id: string, options = {}) => world.call(`POST /requests/${id}/revoke`, options);

describe('POST /requests/{id}/revoke', () => {
  it('ends the session of its requester, and answers once it is denied', async () => {
    const world = makeWorld();
    const id = await issued(world);
    const answer = await revoke(world, id);
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        requestId: id,
        status: 'ISSUED',
        revocation: { revokedAt: '2026-11-20T22:00:01.000Z', by: AGENT, scope: 'session' },
        expiration: EXPIRATION,
      },
    ]);
    expect(world.ports.revocations.start).toHaveBeenCalledExactlyOnceWith({
      requestId: id,
      by: AGENT,
      everySession: false,
    });
    expect((await world.call(`GET /requests/${id}`)).body.revocation.by).toBe(AGENT);
  });

  it('answers 202 where the denial takes longer than the call may', async () => {
    const world = makeWorld();
    const id = await issued(world);
    world.ports.revocations.start = vi.fn(async () => {});
    expect((await revoke(world, id)).status).toBe(202);
  });

  it.each(['approver1', 'admin1'])('is for %s too, with a reason', async (as) => {
    const world = makeWorld();
    const id = await issued(world);
    const without = await revoke(world, id, { as });
    expect([without.status, without.body.code, without.body.errors[0].field]).toEqual([
      400,
      'invalid_request',
      'reason',
    ]);
    const body = { reason: 'Used for something else.' };
    const answer = await revoke(world, id, { as, body });
    expect([answer.status, answer.body.revocation.by]).toEqual([200, as]);
    expect(answer.text).not.toContain('balance');
    expect(world.ports.revocations.start).toHaveBeenCalledWith(
      expect.objectContaining({ by: as, because: body.reason }),
    );
  });

  it.each(['employee1', 'auditor1', 'suspended1'])('does not exist for %s', async (as) => {
    const world = makeWorld();
    const id = await issued(world);
    const answer = await revoke(world, id, { as, body: { reason: 'Because I say so.' } });
    expect([answer.status, answer.body.code]).toEqual([404, 'request_not_found']);
    expect(world.ports.revocations.start).not.toHaveBeenCalled();
  });

  it('is for its subject alone where its requester asks', async () => {
    const world = makeWorld();
    const id = await issued(world, {
      body: { reason: 'Show the customer her balance', subjectToken: `${ISSUER}#user_1` },
    });
    const as = (user: string) => ({ headers: { 'X-Subject-Token': `${ISSUER}#${user}` } });
    expect((await revoke(world, id)).status).toBe(401);
    expect((await revoke(world, id, as('user_2'))).status).toBe(404);
    expect((await revoke(world, id, as('user_1'))).status).toBe(200);
  });

  it('twice says who did it first', async () => {
    const world = makeWorld();
    const id = await issued(world);
    await revoke(world, id);
    const answer = await revoke(world, id);
    expect([answer.status, answer.body.code]).toEqual([409, 'already_revoked']);
    expect(answer.body.detail).toContain(AGENT);
    expect(world.ports.revocations.start).toHaveBeenCalledTimes(1);
  });

  it('of a session that has ended says when', async () => {
    const world = makeWorld();
    const id = await issued(world);
    await world.pass(Date.parse(EXPIRATION) - world.ports.clock().getTime());
    const answer = await revoke(world, id);
    expect([answer.status, answer.body.code]).toEqual([410, 'session_ended']);
    expect(answer.body.detail).toContain(EXPIRATION);
  });

  it('of a request without a session says so', async () => {
    const world = makeWorld();
    const answer = await revoke(world, await world.ask());
    expect([answer.status, answer.body.code]).toEqual([409, 'no_session']);
  });

  it('that would end every session of the role says so before it is done', async () => {
    const world = makeWorld();
    const id = await issued(world);
    const sessions = Array.from({ length: 90 }, (_, index) => ({
      userId: `AROAEXAMPLE:employee1-01KAE000000000000000000${index}`,
      until: EXPIRATION,
    }));
    world.ports.denials.get = async (roleArn) => ({ roleArn, version: 1, sessions });
    const answer = await revoke(world, id);
    expect([answer.status, answer.body.code]).toEqual([409, 'would_end_every_session']);
    expect(world.ports.revocations.start).not.toHaveBeenCalled();
    expect((await revoke(world, id, { body: { everySession: true } })).status).toBe(200);
    expect(world.ports.revocations.start).toHaveBeenCalledWith(
      expect.objectContaining({ everySession: true }),
    );
  });

  it.each([{ reason: 'x' }, { reason: 'a'.repeat(501) }, { everySession: 'yes' }, { because: 'it is over' }])(
    'refuses %o',
    async (body) => {
      const world = makeWorld();
      const answer = await revoke(world, await issued(world), { body });
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
    },
  );
});
