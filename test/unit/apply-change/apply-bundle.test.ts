import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { applyBundle, type BundlePorts } from '../../../lambdas/apply-change/apply-bundle.ts';
import { makeDirectoryTable } from '../../../lambdas/shared/adapters/tables/directory-table.ts';
import { makePoliciesTable } from '../../../lambdas/shared/adapters/tables/policies-table.ts';
import { makePrincipalLookups } from '../../../lambdas/shared/adapters/tables/principal-lookups-table.ts';
import { makePrincipalsTable } from '../../../lambdas/shared/adapters/tables/principals-table.ts';
import { makeVersionsTable } from '../../../lambdas/shared/adapters/tables/versions-table.ts';
import { makeWriteTogether } from '../../../lambdas/shared/adapters/tables/write-together.ts';
import type { Change, ChangePart } from '../../../lambdas/shared/domain/access-request.ts';
import type { AuditEntry, AuditRecord } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { textOfBundle } from '../../../lambdas/shared/domain/bundle/bundle.ts';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import type { RevocationInput } from '../../../lambdas/shared/domain/revocation/revocation.ts';
import { analyst, grantedState, NOW } from '../../support/example-state.ts';
import { startTables } from '../../support/start-tables.ts';
import { templateOf } from '../people/people-of-test.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

let nth = 0;
let name: string;
beforeEach(() => {
  nth += 1;
  name = `t${nth}`;
});

const arnOf = (role: string) => `arn:aws:iam::123456789012:role/${role}`;
function personOf(id: string, more: Partial<Principal> = {}): Principal {
  const { slackUserId: _, ...others } = analyst;
  return { ...others, id, awsPrincipals: [arnOf(id)], persons: [id], ...more };
}
const entry = (principal: Principal, baseVersion = 0): ChangePart => ({
  kind: 'principal',
  target: principal.id,
  proposal: JSON.stringify(principal),
  baseVersion,
});
const text = (target: string, proposal: string, baseVersion = 0): ChangePart => ({
  kind: 'policy',
  target,
  proposal,
  baseVersion,
});
function bundleOf(parts: readonly ChangePart[]): Change {
  const proposal = textOfBundle(parts);
  return { kind: 'bundle', target: 'bundle', proposal, proposalDigest: digestOf(proposal), baseVersion: 0 };
}

function step(more: Partial<BundlePorts> = {}) {
  const { client } = tables;
  const principals = makePrincipalsTable({ client, tableName: 'principals' });
  const policies = makePoliciesTable({ client, tableName: 'policies' });
  const directory = makeDirectoryTable({ client, tableName: 'directory' });
  const lookups = makePrincipalLookups({ client, tableName: 'lookups', principals });
  const versions = makeVersionsTable({ client, tableName: 'versions' });
  const recorded = new Map<string, AuditEntry>();
  const revoked: RevocationInput[] = [];
  const ports: BundlePorts = {
    principals,
    policies,
    directory,
    lookups,
    versions,
    audit: {
      async append(entryOf) {
        recorded.set([entryOf.chain, entryOf.event, entryOf.occurrence].join(' '), entryOf);
        return { at: NOW.toISOString() } as AuditRecord;
      },
    },
    revocations: { start: async (input) => void revoked.push(input) },
    tiers: () => [{ approverGroup: 'approvers' }],
    writeTogether: makeWriteTogether({
      client,
      tables: { policies: 'policies', principals: 'principals', directory: 'directory' },
    }),
    ...more,
  };
  const run = (parts: readonly ChangePart[]) => {
    const change = bundleOf(parts);
    const state = grantedState();
    return applyBundle(change, { ...state, request: { ...state.request, change } }, ports);
  };
  return { run, principals, policies, directory, lookups, versions, recorded, revoked };
}

describe('a bundle', () => {
  test('writes all its parts, keeps each version, and records each with the change that made it', async () => {
    const { run, principals, policies, directory, lookups, versions, recorded } = step();
    const template = { ...templateOf({ id: `${name}_a` }) };
    const other = { ...templateOf({ id: `${name}_b` }) };
    const applied = await run([
      entry(personOf(name)),
      text(name, 'Reads metrics.'),
      ...[template, other].map(
        (each): ChangePart => ({
          kind: 'template',
          target: each.id,
          proposal: JSON.stringify(each),
          baseVersion: 0,
        }),
      ),
    ]);
    expect(applied).toMatchObject({ kind: 'bundle', target: 'bundle', version: 1 });
    expect(applied.parts).toHaveLength(4);
    expect((await principals.get(name))?.version).toBe(1);
    expect((await policies.get(name))?.text).toBe('Reads metrics.');
    expect([await directory.template(template.id), await directory.template(other.id)]).toMatchObject([
      { version: 1 },
      { version: 1 },
    ]);
    expect((await lookups.findByAwsArn(arnOf(name)))?.id).toBe(name);
    // Two templates share a chain: neither record is taken for the other.
    expect([...recorded.keys()].sort()).toEqual(
      [
        `_templates template_changed ${template.id}`,
        `_templates template_changed ${other.id}`,
        `${name} policy_changed ${name}`,
        `${name} principal_changed ${name}`,
      ].sort(),
    );
    const [kept] = await versions.list({ kind: 'policy', target: name });
    expect(kept).toMatchObject({ version: 1, change: { requestId: grantedState().request.requestId } });
  });

  test('one part over another version than the one in force, and nothing of it is written', async () => {
    const { run, principals, policies, lookups, recorded } = step();
    await policies.write({ principalId: name, text: 'By somebody else.', version: 1 }, 0);
    await expect(run([entry(personOf(name)), text(name, 'Reads metrics.')])).rejects.toMatchObject({
      name: 'ChangeStale',
      message: expect.stringContaining(`policy ${name}`),
    });
    expect(await principals.get(name)).toBeUndefined();
    expect((await policies.get(name))?.text).toBe('By somebody else.');
    expect(await lookups.findByAwsArn(arnOf(name))).toBeUndefined();
    expect(recorded.size).toBe(0);
  });

  test('a part that somebody changes between the look and the write undoes nothing and leaves nothing', async () => {
    const plain = step();
    const { principals, policies } = plain;
    const { run, recorded } = step({
      async writeTogether(writes) {
        await policies.write({ principalId: name, text: 'By somebody else.', version: 1 }, 0);
        return makeWriteTogether({
          client: tables.client,
          tables: { policies: 'policies', principals: 'principals', directory: 'directory' },
        })(writes);
      },
    });
    await expect(run([entry(personOf(name)), text(name, 'Reads metrics.')])).rejects.toMatchObject({
      name: 'ChangeStale',
    });
    expect([await principals.get(name), (await policies.get(name))?.text]).toEqual([
      undefined,
      'By somebody else.',
    ]);
    expect(recorded.size).toBe(0);
    // What it had pointed at the new principal is free again.
    const other = personOf(`${name}_other`, { awsPrincipals: [arnOf(name)] });
    await plain.run([entry(other)]);
    expect((await plain.lookups.findByAwsArn(arnOf(name)))?.id).toBe(other.id);
  });

  test('a write that meets another is tried again by the workflow, and is no answer to its requester', async () => {
    const { run } = step({ writeTogether: async () => false });
    await expect(run([text(name, 'Reads metrics.')])).rejects.toMatchObject({
      name: 'DependencyUnavailable',
    });
  });

  test('a run that broke off after the write is gone on with: all is recorded, and written once', async () => {
    const parts = [entry(personOf(name)), text(name, 'Reads metrics.')];
    const broken = step({
      audit: { append: () => Promise.reject(new Error('the function was ended here')) },
    });
    await expect(broken.run(parts)).rejects.toThrow('ended here');
    const { run, principals, recorded } = step();
    await run(parts);
    expect((await principals.get(name))?.version).toBe(1);
    expect([...recorded.keys()]).toHaveLength(2);
  });

  test('what one calls with, and another has, applies nothing', async () => {
    const { run, principals, policies } = step();
    await run([entry(personOf(name))]);
    const second = personOf(`${name}_b`, { awsPrincipals: [arnOf(name)] });
    await expect(run([entry(second), text(second.id, 'x')])).rejects.toMatchObject({ name: 'ChangeStale' });
    expect([await principals.get(second.id), await policies.get(second.id)]).toEqual([undefined, undefined]);
  });

  test('two of a bundle whom one token fits are refused', async () => {
    const { run } = step();
    const signIn = [{ issuer: 'https://a.example', subject: name }];
    const parts = [entry(personOf(name, { signIn })), entry(personOf(`${name}_b`, { signIn }))];
    await expect(run(parts)).rejects.toMatchObject({ name: 'ChangeStale' });
  });

  test('who is suspended by it loses what they hold', async () => {
    const { run, revoked } = step();
    await run([entry(personOf(name))]);
    await run([entry(personOf(name, { status: 'suspended', version: 2 }), 1)]);
    expect(revoked).toMatchObject([{ principalId: name, by: 'analyst1' }]);
  });

  test('with which nobody could approve applies nothing', async () => {
    const approvers = [personOf(name, { groups: ['approvers'] })];
    const { run, policies } = step();
    await run(approvers.map((each) => entry(each)));
    const parts = [entry(personOf(name, { groups: [], version: 2 }), 1), text(name, 'x')];
    const alone = step({
      principals: {
        get: async (id) => approvers.find((each) => each.id === id),
        async *all() {
          yield* approvers;
        },
      },
    });
    await expect(alone.run(parts)).rejects.toMatchObject({
      name: 'ChangeStale',
      message: expect.stringContaining('nobody could approve'),
    });
    expect(await policies.get(name)).toBeUndefined();
  });

  test('a part that is another principal than its target, or of the directory, applies nothing', async () => {
    const { run, principals } = step();
    await expect(run([{ ...entry(personOf(name)), target: `${name}_b` }])).rejects.toMatchObject({
      name: 'SealRefused',
    });
    const ofDirectory = personOf(`dir_${name}`);
    await expect(run([entry(ofDirectory), entry(personOf(name))])).rejects.toMatchObject({
      name: 'ChangeStale',
    });
    expect(await principals.get(name)).toBeUndefined();
  });

  test('a hundred parts are one transaction', async () => {
    const { run, principals } = step();
    const ids = Array.from({ length: 100 }, (_, each) => `${name}_${each}`);
    await run(ids.map((id) => text(id, `Of ${id}.`)));
    const { policies } = step();
    expect((await policies.get(`${name}_99`))?.version).toBe(1);
    expect(await principals.get(`${name}_99`)).toBeUndefined();
  });
});
